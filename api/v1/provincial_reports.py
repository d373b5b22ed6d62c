"""The city's report to the province."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.v1.papers import PaperRowShape, PaperShape, PapersView, PaperView, paper_row, paper_sheet
from api.v1.refs import picked
from api.views import versioned
from nominations.models import ProvincialReport
from nominations.operations.reporting import prepare_report


class ProvincialReportShape(PaperShape):
    """The report with its letter, and what stands in the dossier."""

    document_number = serializers.CharField(allow_blank=True)
    letter = serializers.CharField(allow_blank=True)
    content_digest = serializers.CharField(allow_blank=True)
    sealed = serializers.BooleanField()
    sealed_copy = serializers.UUIDField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)


class ProvincialReportChange(StrictSerializer):
    """The letter and its number."""

    letter = serializers.CharField(max_length=20_000)
    document_number = serializers.CharField(max_length=80)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class ProvincialReportsView(PapersView[ProvincialReport]):
    """Reports to the province."""

    model = ProvincialReport
    queryset = ProvincialReport.objects.none()

    @extend_schema(responses=PaperRowShape(many=True))
    def get(self, request: Request) -> Response:
        """List the reports in scope, the latest first; each campaign has one from the beginning."""
        return self.page(self.papers(), paper_row)


class ProvincialReportView(PaperView[ProvincialReport]):
    """One report to the province."""

    model = ProvincialReport

    @extend_schema(responses=ProvincialReportShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the report, and every move open to the reader."""
        report = self.find(pk)
        return versioned(report_sheet(report, self.actor, self.at), report.version)

    @extend_schema(request=ProvincialReportChange, responses=ProvincialReportShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Write the letter and its number; the list is that of the communities shortlisted at this moment."""
        self.require_role(pk)
        change = ProvincialReportChange(data=request.data)
        change.is_valid(raise_exception=True)
        with precondition(request):
            prepare_report(
                report_id=pk,
                letter=change.validated_data["letter"],
                document_number=change.validated_data["document_number"],
                actor=self.actor,
                at=self.at,
                version=version_wanted(request, change.validated_data.get("version")),
            )
        report = self.find(pk)
        return versioned(report_sheet(report, self.actor, self.at), report.version)


def report_sheet(report: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a report with its letter; load it with its facts."""
    digest = report.content_digest
    sealed = {"sealed": bool(digest) and report.sealed_digest == digest, "sealed_copy": report.sealed_copy_id}
    plain = picked(report, "document_number", "letter", "content_digest", "sent_at")
    return paper_sheet(report, actor, at) | plain | sealed
