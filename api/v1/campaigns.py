"""Campaigns: their calendar, standard and requirements, verbatim; who may read them sees one city's or its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, NumberFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.refs import OrganizationRef, organization_ref, picked
from api.views import ListView, ObjectView
from evaluation.enums import Counting
from evaluation.models import Standard
from evaluation.queries import outline_of
from evaluation.scoring import GroupOutline, ItemOutline
from nominations.models import Campaign, CampaignDistrict, Requirement
from nominations.operations.standard import refine_standard
from nominations.queries.progress import DistrictProgress, progress_of
from workflow.errors import NotFound

PLAIN = (
    "id", "code", "title", "award", "year", "legal_basis", "goal", "issued_on", "application_opens_at",
    "application_closes_at", "district_closes_at", "evaluation_closes_at", "work_report_closes_at", "report_closes_at",
    "places", "places_taken", "district_share", "counting", "four_eyes", "corrections_allowed",
    "correction_working_days",
    "reserves", "concentration_share", "concentration_binding", "title_years", "practice_tags", "publicity_channels",
)  # fmt: skip


class CampaignShape(serializers.Serializer[None]):
    """One run of an award programme; every closing instant is exclusive."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    award = serializers.CharField()
    year = serializers.IntegerField()
    city = OrganizationRef()
    legal_basis = serializers.CharField()
    goal = serializers.CharField()
    issued_on = serializers.DateField()
    application_opens_at = serializers.DateTimeField()
    application_closes_at = serializers.DateTimeField()
    district_closes_at = serializers.DateTimeField()
    evaluation_closes_at = serializers.DateTimeField()
    work_report_closes_at = serializers.DateTimeField()
    report_closes_at = serializers.DateTimeField()
    places = serializers.IntegerField()
    places_taken = serializers.IntegerField()
    district_share = serializers.DecimalField(max_digits=4, decimal_places=3)
    counting = serializers.ChoiceField(choices=Counting.choices)
    four_eyes = serializers.BooleanField()
    corrections_allowed = serializers.IntegerField()
    correction_working_days = serializers.IntegerField()
    reserves = serializers.IntegerField(allow_null=True)
    concentration_share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    concentration_binding = serializers.BooleanField()
    title_years = serializers.IntegerField(allow_null=True)
    practice_tags = serializers.ListField(child=serializers.CharField())
    publicity_channels = serializers.ListField(child=serializers.CharField())


class ItemShape(serializers.Serializer[None]):
    """One item of the standard, or a part of an item that was refined."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    max_points = serializers.DecimalField(max_digits=3, decimal_places=1)
    evidence_required = serializers.BooleanField()
    parts = serializers.ListField(child=serializers.DictField())


class GroupShape(serializers.Serializer[None]):
    """A group of items that share one weight."""

    number = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.DecimalField(max_digits=5, decimal_places=2)
    items = ItemShape(many=True)


class StandardShape(serializers.Serializer[None]):
    """The standard that a campaign scores by."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    digest = serializers.CharField(allow_blank=True)
    groups = GroupShape(many=True)


class RefinementWish(StrictSerializer):
    """By the code of an item (三-2), the texts of the parts that are scored in its place."""

    parts = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=1000), max_length=20), allow_empty=True
    )


class RequirementShape(serializers.Serializer[None]):
    """One principle requirement, verbatim, with its machine check as data."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    prompt = serializers.CharField(allow_blank=True)
    check_kind = serializers.CharField()
    parameters = serializers.DictField()


class DistrictProgressShape(serializers.Serializer[None]):
    """One district in numbers, with the states of its two papers."""

    district = OrganizationRef()
    quota = serializers.IntegerField(allow_null=True)
    states = serializers.DictField(child=serializers.IntegerField())
    summary = serializers.CharField(allow_blank=True)
    work_report = serializers.CharField(allow_blank=True)


class ProgressShape(serializers.Serializer[None]):
    """A campaign in numbers, as far as the reader may see."""

    places = serializers.IntegerField()
    places_taken = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField())
    districts = DistrictProgressShape(many=True)


class CampaignFilter(Filters):
    """What the list may be narrowed by."""

    year = NumberFilter()
    code = CharFilter()


class CampaignsView(ListView):
    """Campaigns."""

    queryset = Campaign.objects.none()
    orderings = {"year": ("year", "code"), "code": ("code",)}
    usual_ordering = "-year"
    filterset_class = CampaignFilter

    @extend_schema(responses=CampaignShape(many=True))
    def get(self, request: Request) -> Response:
        """List the campaigns in sight, the latest first."""
        return self.page(Campaign.objects.visible_to(self.actor).select_related("city"), campaign_row)


class CampaignView(ObjectView):
    """One campaign."""

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor).select_related("city", "standard")

    @extend_schema(responses=CampaignShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one campaign."""
        return Response(campaign_row(self.find(pk)))


class StandardView(CampaignView):
    """The standard of a campaign."""

    @extend_schema(responses=StandardShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the groups and items of the standard, in order and verbatim."""
        return Response(_standard_row(self.find(pk).standard))


class RefinementView(CampaignView):
    """A district's own refinement of the standard."""

    @extend_schema(operation_id="campaigns_standard_refinement_retrieve", responses=StandardShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show by which standard the reader's district scores: its own refinement, or the campaign's."""
        return Response(_standard_row(self._own(pk).standard or self.find(pk).standard))

    @extend_schema(request=RefinementWish, responses=StandardShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Refine items into parts that are scored in their place, from the next sheet on; an empty object undoes it."""
        self.require_role(pk)
        wish = RefinementWish(data=self.body)
        wish.is_valid(raise_exception=True)
        refine_standard(campaign_id=pk, parts=wish.validated_data["parts"], actor=self.actor, at=self.at)
        return Response(_standard_row(self._own(pk).standard or self.find(pk).standard))

    def _own(self, pk: UUID) -> CampaignDistrict:
        self.find(pk)
        own = CampaignDistrict.objects.filter(campaign=pk, district=self.actor.organization_id)
        found = own.select_related("standard").first()
        if found is None:
            raise NotFound
        return found


class RequirementsView(CampaignView):
    """The principle requirements of a campaign."""

    @extend_schema(responses=RequirementShape(many=True), filters=False)
    def get(self, request: Request, pk: UUID) -> Response:
        """List the requirements in the order of the notice."""
        return Response([_requirement_row(one) for one in self.find(pk).requirements.order_by("number")])


class ProgressView(CampaignView):
    """How far a campaign has come."""

    @extend_schema(responses=ProgressShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Count what is in the reader's scope by state and by district."""
        campaign = self.find(pk)
        progress = progress_of(campaign, actor=self.actor)
        districts = [_district_row(one) for one in progress.districts]
        places = picked(campaign, "places", "places_taken")
        return Response(places | {"states": progress.states, "districts": districts})


def campaign_row(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as it is shown."""
    return picked(campaign, *PLAIN) | {"city": organization_ref(campaign.city)}


def _district_row(progress: DistrictProgress) -> dict[str, Any]:
    return picked(progress, "quota", "states", "summary", "work_report") | {
        "district": organization_ref(progress.district)
    }


def _standard_row(standard: Standard) -> dict[str, Any]:
    groups = [_group_row(group) for group in outline_of(standard.pk).groups]
    return picked(standard, "id", "code", "version", "title", "digest") | {"groups": groups}


def _group_row(group: GroupOutline) -> dict[str, Any]:
    items = [_item_row(f"{group.number}-{place}", item) for place, item in enumerate(group.items, start=1)]
    return {"number": group.number, "title": group.title, "weight": group.weight, "items": items}


def _item_row(code: str, item: ItemOutline) -> dict[str, Any]:
    return {
        "id": item.id,
        "code": code,
        "text": item.text,
        "max_points": item.max_points,
        "evidence_required": item.evidence_required,
        "parts": [_item_row(f"{code}-{place}", part) for place, part in enumerate(item.parts, start=1)],
    }


def _requirement_row(requirement: Requirement) -> dict[str, Any]:
    return picked(requirement, "number", "text", "prompt", "check_kind", "parameters")
