"""Residential communities, entered by the company that manages them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.refs import OrganizationRef, organization_ref, picked
from api.views import ListView, ObjectView
from nominations.models import Community, Inspection
from nominations.operations.community import correct_community, enter_community
from nominations.operations.inspection import record_inspections


class CommunityShape(serializers.Serializer[None]):
    """A community (小区) in a neighborhood (社区) of a subdistrict (街道)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    pinyin = serializers.CharField()
    district_code = serializers.CharField()
    subdistrict = serializers.CharField()
    neighborhood = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    authority = OrganizationRef()
    company = OrganizationRef()


class CommunityFacts(StrictSerializer):
    """What is said of a community."""

    name = serializers.CharField(max_length=120)
    subdistrict = serializers.CharField(max_length=60)
    neighborhood = serializers.CharField(max_length=60)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewCommunity(CommunityFacts):
    """A community and the district bureau that it lies in."""

    authority = serializers.UUIDField()


class InspectionShape(serializers.Serializer[None]):
    """A routine inspection of the community."""

    id = serializers.UUIDField()
    inspected_on = serializers.DateField()
    findings = serializers.CharField()
    resolved_on = serializers.DateField(allow_null=True)


class InspectionsShape(serializers.Serializer[None]):
    """All inspections that are known of a community, the latest first."""

    results = InspectionShape(many=True)


class InspectionWish(StrictSerializer):
    """Inspections as they are entered."""

    inspections = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=100)


class CommunityFilter(Filters):
    """What the list may be narrowed by."""

    authority = UUIDFilter()
    company = UUIDFilter()
    subdistrict = CharFilter()
    neighborhood = CharFilter()


class CommunitiesView(ListView):
    """Communities."""

    queryset = Community.objects.none()
    orderings = {"name": ("pinyin",)}
    usual_ordering = "name"
    search_paths = ("",)
    filterset_class = CommunityFilter

    @extend_schema(responses=CommunityShape(many=True))
    def get(self, request: Request) -> Response:
        """List the communities in scope, in the order of their pinyin."""
        return self.page(in_scope(self.actor), community_row)

    @extend_schema(request=NewCommunity, responses={201: CommunityShape})
    def post(self, request: Request) -> Response:
        """Enter a community that the company manages."""
        wish = NewCommunity(data=self.body)
        wish.is_valid(raise_exception=True)
        facts = dict(wish.validated_data)
        authority = facts.pop("authority")
        made = enter_community(authority_id=authority, facts=facts, actor=self.actor, at=self.at)
        return Response(community_row(in_scope(self.actor).get(pk=made.pk)), status=201)


class CommunityPart(ObjectView):
    """What every address about one community begins with."""

    def rows(self) -> QuerySet[Community]:
        """Return the communities in scope."""
        return in_scope(self.actor)


class CommunityView(CommunityPart):
    """One community."""

    @extend_schema(responses=CommunityShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one community."""
        return Response(community_row(self.find(pk)))

    @extend_schema(request=CommunityFacts, responses=CommunityShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct what is said of a community; drafts that name it must be confirmed and sealed again."""
        self.require_role(pk)
        wish = CommunityFacts(data=self.body, partial=True)
        wish.is_valid(raise_exception=True)
        correct_community(community_id=pk, facts=wish.validated_data, actor=self.actor, at=self.at)
        return Response(community_row(self.find(pk)))


class InspectionsView(CommunityPart, ListView):
    """The district's routine inspections of a community."""

    queryset = Inspection.objects.none()
    orderings = {"inspected_on": ("inspected_on",)}
    usual_ordering = "-inspected_on"
    filter_backends = []

    @extend_schema(responses=InspectionShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the inspections, the latest first."""
        self.find(pk)
        return self.page(Inspection.objects.filter(community=pk), inspection_row)

    @extend_schema(request=InspectionWish, responses={201: InspectionsShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Enter inspections, or when one of them was resolved; what was found is never written over."""
        self.require_role(pk)
        wish = InspectionWish(data=self.body)
        wish.is_valid(raise_exception=True)
        rows = wish.validated_data["inspections"]
        known = record_inspections(community_id=pk, rows=rows, actor=self.actor, at=self.at)
        return Response({"results": [inspection_row(one) for one in known]}, status=201)


def in_scope(actor: Actor) -> QuerySet[Community]:
    """Return the communities that an actor may know of, with the offices that they are shown with."""
    return Community.objects.visible_to(actor).select_related("district", "authority", "company")


def inspection_row(inspection: Inspection) -> dict[str, Any]:
    """Return an inspection as it is listed."""
    return picked(inspection, "id", "inspected_on", "findings", "resolved_on")


def community_row(community: Community) -> dict[str, Any]:
    """Return a community as it is shown."""
    offices = {
        "district_code": community.district.code,
        "authority": organization_ref(community.authority),
        "company": organization_ref(community.company),
    }
    return picked(community, "id", "name", "pinyin", "subdistrict", "neighborhood", "address") | offices
