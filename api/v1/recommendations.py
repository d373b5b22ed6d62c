"""The districts' recommendation summaries (form 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.acts import Versioned
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.uploads import AttachmentShape, UploadView, attachment_row, one_of
from api.v1.papers import (
    DistrictPaperFilter,
    DistrictPaperRowShape,
    DistrictPaperShape,
    PapersView,
    PaperView,
    paper_row,
    paper_sheet,
)
from api.v1.refs import CommunityRef, community_ref, picked
from api.views import versioned
from attachments.downloads import respond
from nominations.models import RecommendationSummary
from nominations.operations.recommendation import (
    LONGEST_TEXT,
    attach_description,
    decide_order,
    edit_row,
    remove_description,
)
from nominations.queries.recommendation import ROW, Listed, table_of
from workflow.errors import NotFound

TEXTS = ("company_text", "party_text", "committee_text", "complaints_text", "fees_text")
MOST_ROWS = 1000


class SummaryRowShape(serializers.Serializer[None]):
    """One recommended community in the table; ``why`` tells what puts it before the next."""

    id = serializers.UUIDField()
    nomination = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    community = CommunityRef()
    rank = serializers.IntegerField(allow_null=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    company_text = serializers.CharField(allow_blank=True)
    party_text = serializers.CharField(allow_blank=True)
    committee_text = serializers.CharField(allow_blank=True)
    complaints_text = serializers.CharField(allow_blank=True)
    fees_text = serializers.CharField(allow_blank=True)
    decided_place = serializers.IntegerField(allow_null=True)
    decided_reason = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    descriptions = AttachmentShape(many=True)


class SummaryShape(DistrictPaperShape):
    """The one table that a district sends to the city; ``ties`` lists the rows that no figure tells apart."""

    quota = serializers.IntegerField(allow_null=True)
    recommended_count = serializers.IntegerField()
    content_digest = serializers.CharField(allow_blank=True)
    sealed = serializers.BooleanField()
    sealed_copy = serializers.UUIDField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    rows = SummaryRowShape(many=True)
    ties = serializers.ListField(child=serializers.ListField(child=serializers.UUIDField()))


class SummaryChange(Versioned):
    """Narrative columns of one row."""

    row = serializers.UUIDField()
    texts = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_empty=False)


class OrderWish(Versioned):
    """All rows of one tie, the first first, and why people put them so."""

    rows = serializers.ListField(child=serializers.UUIDField(), min_length=2, max_length=MOST_ROWS)
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class DescriptionWish(StrictSerializer):
    """A description: basic facts, results, good practice."""

    file = serializers.FileField(allow_empty_file=True)


class SummariesView(PapersView[RecommendationSummary]):
    """Recommendation summaries."""

    model = RecommendationSummary
    queryset = RecommendationSummary.objects.none()
    filterset_class = DistrictPaperFilter

    @extend_schema(responses=DistrictPaperRowShape(many=True))
    def get(self, request: Request) -> Response:
        """List the summaries in scope; each district of a campaign has one from the beginning."""
        return self.page(self.papers(), paper_row)


class SummaryView(PaperView[RecommendationSummary]):
    """One recommendation summary."""

    model = RecommendationSummary

    @extend_schema(responses=SummaryShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the table, and every move open to the reader."""
        return self.shown(pk)

    @extend_schema(request=SummaryChange, responses=SummaryShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change narrative columns of one row; whatever the table then says must be prepared and sealed again."""
        self.require_role(pk)
        change = SummaryChange(data=self.body)
        change.is_valid(raise_exception=True)
        asked = change.validated_data
        with precondition(request):
            version = version_wanted(request, asked.get("version"))
            edit_row(
                summary_id=pk,
                row_id=asked["row"],
                texts=asked["texts"],
                actor=self.actor,
                at=self.at,
                version=version,
            )
        return self.shown(pk)

    def shown(self, pk: UUID) -> Response:
        """Answer with the table as it stands."""
        summary = self.find(pk)
        return versioned(summary_sheet(summary, self.actor, self.at), summary.version)


class SummaryActView(SummaryView):
    """Ranking the table, or putting it before the approver."""

    operation: ClassVar[Any] = None
    http_method_names = ["post"]

    @extend_schema(request=Versioned, responses=SummaryShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Carry out the act and show the table."""
        self.require_role(pk)
        wish = Versioned(data=self.body)
        wish.is_valid(raise_exception=True)
        with precondition(request):
            version = version_wanted(request, wish.validated_data.get("version"))
            self.operation(summary_id=pk, actor=self.actor, at=self.at, version=version)
        return self.shown(pk)


class SummaryOrderView(SummaryView):
    """The order of communities that are equal in every criterion."""

    http_method_names = ["post"]

    @extend_schema(request=OrderWish, responses=SummaryShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Put the rows of one whole tie in order and show the table; the reason goes on record."""
        self.require_role(pk)
        wish = OrderWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        with precondition(request):
            decide_order(
                summary_id=pk,
                row_ids=asked["rows"],
                reason=asked["reason"],
                actor=self.actor,
                at=self.at,
                version=version_wanted(request, asked.get("version")),
            )
        return self.shown(pk)


class DescriptionsView(UploadView, PaperView[RecommendationSummary]):
    """The description that goes with a row of the table."""

    model = RecommendationSummary

    @extend_schema(request={"multipart/form-data": DescriptionWish}, responses={201: AttachmentShape})
    def post(self, request: Request, pk: UUID, row: UUID) -> Response:
        """Receive the description of one recommended community."""
        self.require_role(pk)
        wish = DescriptionWish(data=request.data)
        wish.is_valid(raise_exception=True)
        upload = wish.validated_data["file"]
        received = attach_description(summary_id=pk, row_id=row, upload=upload, actor=self.actor, at=self.at)
        return Response(attachment_row(received), status=201)


class DescriptionView(PaperView[RecommendationSummary]):
    """One description of a row."""

    model = RecommendationSummary
    http_method_names = ["delete"]

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID, row: UUID, attachment: UUID) -> Response:
        """Set a description aside; the table must be prepared and sealed again."""
        self.require_role(pk)
        remove_description(summary_id=pk, row_id=row, attachment_id=attachment, actor=self.actor, at=self.at)
        return Response(status=204)


class DescriptionContentView(PaperView[RecommendationSummary]):
    """The bytes of one description."""

    model = RecommendationSummary

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID, row: UUID, attachment: UUID) -> FileResponse:
        """Hand out a clean description, to be saved and never to be shown as a page."""
        if not self.find(pk).rows.filter(pk=row).exists():
            raise NotFound
        return respond(one_of(ROW, row, attachment))


def summary_sheet(summary: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a summary with its rows; load it with its facts."""
    digest, table = summary.content_digest, table_of(summary)
    plain = picked(summary, "quota", "recommended_count", "content_digest", "submitted_at", "received_at")
    return (
        paper_sheet(summary, actor, at)
        | plain
        | {
            "sealed": bool(digest) and summary.sealed_digest == digest,
            "sealed_copy": summary.sealed_copy_id,
            "rows": [_summary_row(listed) for listed in table.rows],
            "ties": [[listed.row.pk for listed in tie] for tie in table.ties],
        }
    )


def _summary_row(listed: Listed) -> dict[str, Any]:
    row = listed.row
    return picked(row, "id", "rank", "score", "decided_place", "decided_reason", *TEXTS) | {
        "nomination": row.nomination_id,
        "number": row.nomination.number,
        "community": community_ref(row.nomination.community),
        "why": listed.why,
        "descriptions": [attachment_row(one) for one in listed.descriptions],
    }
