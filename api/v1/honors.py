"""Related honors of communities (row S-17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django_filters.rest_framework import CharFilter, ChoiceFilter, NumberFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.records import RecordShape, RecordsView, RecordView, in_scope, record_row, taken, wish_of
from api.v1.refs import CommunityRef, community_ref
from nominations.enums import HonorStatus
from nominations.models import RelatedHonor
from nominations.operations import honor


class HonorShape(RecordShape):
    """One honor of one community."""

    community = CommunityRef()
    programme = serializers.CharField()
    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=HonorStatus.choices)
    status_label = serializers.CharField()
    document = serializers.CharField(allow_blank=True)


class HonorChange(StrictSerializer):
    """What may be said of an honor."""

    programme = serializers.CharField(max_length=120)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    status = serializers.ChoiceField(choices=HonorStatus.choices)
    document = serializers.CharField(required=False, allow_blank=True, max_length=120)


class NewHonor(HonorChange):
    """An honor of a community."""

    community = serializers.UUIDField()


class HonorFilter(Filters):
    """What the list may be narrowed by."""

    community = UUIDFilter()
    programme = CharFilter()
    year = NumberFilter(min_value=0, max_value=32767)
    status = ChoiceFilter(choices=HonorStatus.choices)


class HonorsView(RecordsView):
    """Related honors."""

    model = RelatedHonor
    queryset = RelatedHonor.objects.none()
    orderings = {"year": ("year",), "recorded_at": ("recorded_at",)}
    usual_ordering = "-year"
    filterset_class = HonorFilter
    search_paths = ("community__",)

    @extend_schema(responses=HonorShape(many=True))
    def get(self, request: Request) -> Response:
        """List the honors in scope, the latest year first."""
        return self.page(self.records(), honor_row)

    @extend_schema(request=NewHonor, responses={201: HonorShape})
    def post(self, request: Request) -> Response:
        """Enter an honor: a company while the form of the community is in its hands, district and city always."""
        wish = wish_of(NewHonor, request)
        made = honor.enter_honor(community_id=taken(wish, "community"), honor=wish, actor=self.actor, at=self.at)
        return Response(honor_row(in_scope(RelatedHonor, self.actor).get(pk=made.pk)), status=201)


class HonorView(RecordView):
    """One honor."""

    model = RelatedHonor

    @extend_schema(responses=HonorShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one honor."""
        return Response(honor_row(self.find(pk)))

    @extend_schema(request=HonorChange, responses=HonorShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct an honor, for instance once it has been granted; what is not sent stays."""
        self.require_role(pk)
        changes = wish_of(HonorChange, request, partial=True)
        honor.correct_honor(honor_id=pk, changes=changes, actor=self.actor, at=self.at)
        return Response(honor_row(self.find(pk)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Set an honor aside that was entered by mistake; it stays on record."""
        self.require_role(pk)
        honor.remove_honor(honor_id=pk, actor=self.actor, at=self.at)
        return Response(status=204)


def honor_row(found: RelatedHonor) -> Mapping[str, Any]:
    """Return an honor as it is shown."""
    more = {"community": community_ref(found.community), "status_label": found.get_status_display()}
    return record_row(found, "programme", "year", "status", "document", **more)
