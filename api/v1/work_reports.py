"""The districts' work reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.acts import Versioned
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.uploads import ContentView, FilesView, FileView, FileWish
from api.v1.papers import (
    DistrictPaperFilter,
    DistrictPaperRowShape,
    DistrictPaperShape,
    PapersView,
    PaperView,
    paper_row,
    paper_sheet,
)
from api.v1.refs import picked
from api.views import versioned
from nominations.models import WorkReport
from nominations.operations.work_report import PURPOSES, attach, detach, save_sections


class WorkReportShape(DistrictPaperShape):
    """A district's report in its three sections."""

    practice_and_results = serializers.CharField(allow_blank=True)
    problems = serializers.CharField(allow_blank=True)
    suggestions = serializers.CharField(allow_blank=True)
    remarks = serializers.DictField(child=serializers.CharField())
    content_digest = serializers.CharField(allow_blank=True)
    submitted_at = serializers.DateTimeField(allow_null=True)


class WorkReportFileWish(FileWish):
    """A file that goes with a report, what it is and what it shows."""

    purpose = serializers.ChoiceField(choices=PURPOSES)


class WorkReportChange(Versioned):
    """Sections of the report."""

    practice_and_results = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    problems = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    suggestions = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class WorkReportsView(PapersView[WorkReport]):
    """Work reports."""

    model = WorkReport
    queryset = WorkReport.objects.none()
    filterset_class = DistrictPaperFilter

    @extend_schema(responses=DistrictPaperRowShape(many=True))
    def get(self, request: Request) -> Response:
        """List the work reports in scope; each district of a campaign has one from the beginning."""
        return self.page(self.papers(), paper_row)


class WorkReportView(PaperView[WorkReport]):
    """One work report."""

    model = WorkReport

    @extend_schema(responses=WorkReportShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the report, and every move open to the reader."""
        report = self.find(pk)
        return versioned(work_report_sheet(report, self.actor, self.at), report.version)

    @extend_schema(request=WorkReportChange, responses=WorkReportShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Save sections of a report that is a draft or was returned; what is not sent stays."""
        self.require_role(pk)
        change = WorkReportChange(data=self.body)
        change.is_valid(raise_exception=True)
        sections = dict(change.validated_data)
        with precondition(request):
            version = version_wanted(request, sections.pop("version", None))
            save_sections(report_id=pk, sections=sections, actor=self.actor, at=self.at, version=version)
        report = self.find(pk)
        return versioned(work_report_sheet(report, self.actor, self.at), report.version)


class WorkReportFiles(PaperView[WorkReport]):
    """What every address about a report's files begins with; all are inspected before the report can be sent."""

    model = WorkReport
    subject_kind = WorkReport.flow
    subject = "report_id"
    serializer_class: Any = WorkReportFileWish
    attach = staticmethod(attach)
    detach = staticmethod(detach)


class WorkReportAttachmentsView(WorkReportFiles, FilesView):
    """The files of a work report."""


class WorkReportAttachmentView(WorkReportFiles, FileView):
    """One file of a work report."""


class WorkReportAttachmentContentView(WorkReportFiles, ContentView):
    """The bytes of one file of a work report."""


def work_report_sheet(report: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a work report with its sections; load it with its facts."""
    texts = picked(report, "practice_and_results", "problems", "suggestions", "remarks")
    plain = texts | picked(report, "content_digest", "submitted_at")
    return paper_sheet(report, actor, at) | plain
