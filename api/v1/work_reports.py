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
from api.serializers import StrictSerializer
from api.uploads import AttachmentShape, ContentView, UploadView, attachment_row, one_of
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
from api.views import ListView, versioned
from attachments import queries
from attachments.models import Attachment
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


class WorkReportFileWish(StrictSerializer):
    """A file that goes with a report, and what it shows."""

    file = serializers.FileField(allow_empty_file=True)
    purpose = serializers.ChoiceField(choices=PURPOSES)
    label = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)  # type: ignore[assignment]  # the contract's word


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
    """What every address about a report's files begins with."""

    model = WorkReport
    subject_kind = WorkReport.flow


class WorkReportAttachmentsView(WorkReportFiles, ListView, UploadView):
    """The files of a work report."""

    queryset = Attachment.objects.none()
    orderings = {"uploaded_at": ("uploaded_at",)}
    usual_ordering = "uploaded_at"
    filter_backends = []

    @extend_schema(responses=AttachmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the files, the oldest first, with how far their inspection has come."""
        self.find(pk)
        return self.page(queries.of(WorkReport.flow, pk), attachment_row)

    @extend_schema(request={"multipart/form-data": WorkReportFileWish}, responses={201: AttachmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Receive a file for a report that is a draft or was returned; all are inspected before it can be sent."""
        self.require_role(pk)
        wish = WorkReportFileWish(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        received = attach(
            report_id=pk,
            purpose=asked["purpose"],
            label=asked["label"],
            upload=asked["file"],
            actor=self.actor,
            at=self.at,
        )
        return Response(attachment_row(received), status=201)


class WorkReportAttachmentView(WorkReportFiles):
    """One file of a work report."""

    @extend_schema(responses=AttachmentShape)
    def get(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Show one file and how far its inspection has come."""
        self.find(pk)
        return Response(attachment_row(one_of(WorkReport.flow, pk, attachment)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Set a file of a draft or returned report aside."""
        self.require_role(pk)
        detach(report_id=pk, attachment_id=attachment, actor=self.actor, at=self.at)
        return Response(status=204)


class WorkReportAttachmentContentView(WorkReportFiles, ContentView):
    """The bytes of one file of a work report."""


def work_report_sheet(report: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a work report with its sections; load it with its facts."""
    texts = picked(report, "practice_and_results", "problems", "suggestions", "remarks")
    plain = texts | picked(report, "content_digest", "submitted_at")
    return paper_sheet(report, actor, at) | plain
