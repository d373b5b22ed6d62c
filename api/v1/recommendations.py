"""The districts' recommendation summaries (form 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
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
from nominations.models import RecommendationSummary, SummaryRow

TEXTS = ("company_text", "party_text", "committee_text", "complaints_text", "fees_text")


class SummaryRowShape(serializers.Serializer[None]):
    """One recommended community in the table."""

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


class SummaryShape(DistrictPaperShape):
    """The one table that a district sends to the city."""

    quota = serializers.IntegerField(allow_null=True)
    recommended_count = serializers.IntegerField()
    content_digest = serializers.CharField(allow_blank=True)
    sealed = serializers.BooleanField()
    sealed_copy = serializers.UUIDField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    rows = SummaryRowShape(many=True)


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
        summary = self.find(pk)
        return versioned(summary_sheet(summary, self.actor, self.at), summary.version)


def summary_sheet(summary: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a summary with its rows; load it with its facts."""
    digest = summary.content_digest
    rows = summary.rows.select_related("nomination__community")
    plain = picked(summary, "quota", "recommended_count", "content_digest", "submitted_at", "received_at")
    return (
        paper_sheet(summary, actor, at)
        | plain
        | {
            "sealed": bool(digest) and summary.sealed_digest == digest,
            "sealed_copy": summary.sealed_copy_id,
            "rows": [_summary_row(row) for row in rows],
        }
    )


def _summary_row(row: SummaryRow) -> dict[str, Any]:
    return picked(row, "id", "rank", "score", *TEXTS) | {
        "nomination": row.nomination_id,
        "number": row.nomination.number,
        "community": community_ref(row.nomination.community),
    }
