"""What districts publish about a campaign, and the good practice that they collect in it (row S-18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, DateFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.records import RecordShape, RecordsView, RecordView, in_scope, record_row, taken, wish_of
from api.v1.refs import (
    CampaignRef,
    NominationRef,
    OrganizationRef,
    campaign_ref,
    nomination_ref,
    organization_ref,
)
from nominations.models import GoodPractice, PublicityEntry
from nominations.operations import publicity
from nominations.rules.records import MOST_TAGS


class PublicityEntryShape(RecordShape):
    """One publication of a district."""

    campaign = CampaignRef()
    district = OrganizationRef()
    channel = serializers.CharField()
    title = serializers.CharField()
    link = serializers.CharField(allow_blank=True)
    published_on = serializers.DateField()


class PublicityChange(StrictSerializer):
    """What may be said of a publication; the channel is one of the campaign's."""

    channel = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=200)
    link = serializers.CharField(required=False, allow_blank=True, max_length=500)
    published_on = serializers.DateField()


class NewPublicity(PublicityChange):
    """A publication for a campaign."""

    campaign = serializers.UUIDField()


class PublicityFilter(Filters):
    """What the list may be narrowed by."""

    campaign = UUIDFilter()
    district = UUIDFilter()
    channel = CharFilter()
    published_from = DateFilter(field_name="published_on", lookup_expr="gte")
    published_until = DateFilter(field_name="published_on", lookup_expr="lte")


class GoodPracticeShape(RecordShape):
    """Good practice of a district, or of one of its communities."""

    campaign = CampaignRef()
    district = OrganizationRef()
    nomination = NominationRef(allow_null=True)
    title = serializers.CharField()
    summary = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())


class GoodPracticeChange(StrictSerializer):
    """What may be said of good practice; the tags are among the campaign's."""

    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=5000)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_TAGS)
    nomination = serializers.UUIDField(required=False, allow_null=True)


class NewGoodPractice(GoodPracticeChange):
    """Good practice in a campaign."""

    campaign = serializers.UUIDField()


class GoodPracticeFilter(Filters):
    """What the list may be narrowed by."""

    campaign = UUIDFilter()
    district = UUIDFilter()
    nomination = UUIDFilter()
    tag = CharFilter(method="tagged")

    def tagged(self, rows: QuerySet[GoodPractice], name: str, tag: str) -> QuerySet[GoodPractice]:
        """Keep what bears the tag."""
        return rows.filter(tags__contains=[tag])


class PublicityView(RecordsView):
    """The publicity log."""

    model = PublicityEntry
    queryset = PublicityEntry.objects.none()
    orderings = {"published_on": ("published_on",), "recorded_at": ("recorded_at",)}
    usual_ordering = "-published_on"
    filterset_class = PublicityFilter

    @extend_schema(responses=PublicityEntryShape(many=True))
    def get(self, request: Request) -> Response:
        """List the publications in scope, the latest first."""
        return self.page(self.records(), publicity_row)

    @extend_schema(request=NewPublicity, responses={201: PublicityEntryShape})
    def post(self, request: Request) -> Response:
        """Enter a publication of the district; the address is judged by its form and never fetched."""
        entry = wish_of(NewPublicity, request)
        made = publicity.log_publicity(campaign_id=taken(entry, "campaign"), entry=entry, actor=self.actor, at=self.at)
        return Response(publicity_row(in_scope(PublicityEntry, self.actor).get(pk=made.pk)), status=201)


class PublicityEntryView(RecordView):
    """One publication."""

    model = PublicityEntry

    @extend_schema(responses=PublicityEntryShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one publication."""
        return Response(publicity_row(self.find(pk)))

    @extend_schema(request=PublicityChange, responses=PublicityEntryShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct a publication; what is not sent stays."""
        self.require_role(pk)
        changes = wish_of(PublicityChange, request, partial=True)
        publicity.correct_publicity(entry_id=pk, changes=changes, actor=self.actor, at=self.at)
        return Response(publicity_row(self.find(pk)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Set a publication aside that was entered by mistake; it stays on record."""
        self.require_role(pk)
        publicity.remove_publicity(entry_id=pk, actor=self.actor, at=self.at)
        return Response(status=204)


class GoodPracticesView(RecordsView):
    """Good practice."""

    model = GoodPractice
    queryset = GoodPractice.objects.none()
    orderings = {"recorded_at": ("recorded_at",)}
    filterset_class = GoodPracticeFilter

    @extend_schema(responses=GoodPracticeShape(many=True))
    def get(self, request: Request) -> Response:
        """List the good practice in scope, the latest first."""
        return self.page(self.records(), practice_row)

    @extend_schema(request=NewGoodPractice, responses={201: GoodPracticeShape})
    def post(self, request: Request) -> Response:
        """Enter good practice of the district, or of one of its communities."""
        practice = wish_of(NewGoodPractice, request)
        made = publicity.collect_practice(
            campaign_id=taken(practice, "campaign"), practice=practice, actor=self.actor, at=self.at
        )
        return Response(practice_row(in_scope(GoodPractice, self.actor).get(pk=made.pk)), status=201)


class GoodPracticeView(RecordView):
    """One good practice."""

    model = GoodPractice

    @extend_schema(responses=GoodPracticeShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one good practice."""
        return Response(practice_row(self.find(pk)))

    @extend_schema(request=GoodPracticeChange, responses=GoodPracticeShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct good practice; what is not sent stays."""
        self.require_role(pk)
        changes = wish_of(GoodPracticeChange, request, partial=True)
        publicity.correct_practice(practice_id=pk, changes=changes, actor=self.actor, at=self.at)
        return Response(practice_row(self.find(pk)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Set good practice aside; it stays on record."""
        self.require_role(pk)
        publicity.remove_practice(practice_id=pk, actor=self.actor, at=self.at)
        return Response(status=204)


def publicity_row(entry: PublicityEntry) -> Mapping[str, Any]:
    """Return a publication as it is shown."""
    offices = {"campaign": campaign_ref(entry.campaign), "district": organization_ref(entry.district)}
    return record_row(entry, "channel", "title", "link", "published_on", **offices)


def practice_row(practice: GoodPractice) -> Mapping[str, Any]:
    """Return good practice as it is shown."""
    about = {
        "campaign": campaign_ref(practice.campaign),
        "district": organization_ref(practice.district),
        "nomination": nomination_ref(practice.nomination) if practice.nomination else None,
    }
    return record_row(practice, "title", "summary", "tags", **about)
