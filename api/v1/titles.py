"""The register of titles, and its public side: anybody may verify a title by the number of its case (row S-16)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import ChoiceFilter, NumberFilter, UUIDFilter
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.v1.refs import (
    CampaignRef,
    CommunityRef,
    OrganizationRef,
    campaign_ref,
    community_ref,
    organization_ref,
    picked,
)
from api.views import ApiView, ListView
from common.instants import local_date
from nominations.enums import TitleStanding
from nominations.models import Nomination
from nominations.queries.title import LONGEST_NUMBER, PublicTitle, in_standing, public_title, titles_for


class TitleShape(serializers.Serializer[None]):
    """A title: who holds it, since when, until when, by which documents, and how it stands today."""

    nomination = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    award = serializers.CharField()
    campaign = CampaignRef()
    community = CommunityRef()
    district = OrganizationRef()
    company = OrganizationRef()
    document = serializers.CharField(allow_blank=True)
    title_from = serializers.DateField()
    title_until = serializers.DateField(allow_null=True)
    revoked_on = serializers.DateField(allow_null=True)
    revocation_document = serializers.CharField(allow_blank=True)
    standing = serializers.ChoiceField(choices=TitleStanding.choices)
    standing_label = serializers.CharField()


class PublicTitleShape(serializers.Serializer[None]):
    """What anybody may know of a title; it names no person."""

    number = serializers.CharField()
    award = serializers.CharField()
    year = serializers.IntegerField()
    community = serializers.CharField()
    district = serializers.CharField()
    company = serializers.CharField()
    document = serializers.CharField(allow_blank=True)
    title_from = serializers.DateField()
    title_until = serializers.DateField(allow_null=True)
    revoked_on = serializers.DateField(allow_null=True)
    revocation_document = serializers.CharField(allow_blank=True)
    standing = serializers.ChoiceField(choices=TitleStanding.choices)
    standing_label = serializers.CharField()


class VerificationShape(serializers.Serializer[None]):
    """The titles of a case's number: one at most in each campaign, none for a number that is unknown."""

    titles = PublicTitleShape(many=True)


class TitleFilter(Filters):
    """What the list may be narrowed by."""

    campaign = UUIDFilter()
    district = UUIDFilter()
    company = UUIDFilter()
    year = NumberFilter(field_name="campaign__year", min_value=0, max_value=32767)
    standing = ChoiceFilter(choices=TitleStanding.choices, method="standing_so")

    def standing_so(self, rows: QuerySet[Nomination], name: str, standing: str) -> QuerySet[Nomination]:
        """Keep the titles that stand so on the day of the request."""
        today = local_date(self.request.parser_context["view"].at)
        return in_standing(rows, TitleStanding(standing), today)


class TitlesView(ListView):
    """The register of titles."""

    queryset = Nomination.objects.none()
    orderings = {"title_from": ("title_from",)}
    usual_ordering = "-title_from"
    search_paths = ("community__",)
    filterset_class = TitleFilter

    @extend_schema(responses=TitleShape(many=True))
    def get(self, request: Request) -> Response:
        """List the titles in scope, the latest first; an expired one is told by its date."""
        today = local_date(self.at)
        return self.page(titles_for(self.actor), lambda title: title_row(title, today))


class TitleVerificationView(ApiView):
    """Whether a title is what it seems."""

    authentication_classes = []

    @extend_schema(
        responses=VerificationShape,
        parameters=[OpenApiParameter("number", {"type": "string", "maxLength": LONGEST_NUMBER})],
    )
    def get(self, request: Request) -> Response:
        """Say what is on record about the title with this number; it needs no sign-in and names no person."""
        number = request.query_params.get("number", "").strip()
        found = public_title(number, today=local_date(self.at))
        return Response({"titles": [public_row(title) for title in found]})


def title_row(title: Any, today: date) -> dict[str, Any]:
    """Return a title as the register shows it."""
    standing = title.title_standing(today)
    plain = picked(title, "number", "title_from", "title_until", "revoked_on", "revocation_document")
    return plain | {
        "nomination": title.pk,
        "award": title.campaign.award,
        "campaign": campaign_ref(title.campaign),
        "community": community_ref(title.community),
        "district": organization_ref(title.district),
        "company": organization_ref(title.company),
        "document": title.result_document,
        "standing": standing.value,
        "standing_label": standing.label,
    }


def public_row(title: PublicTitle) -> dict[str, Any]:
    """Return what anybody may know of a title."""
    return asdict(title) | {"standing": title.standing.value, "standing_label": title.standing.label}
