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
from api.v1.refs import NominationRef, OrganizationRef, nomination_ref, organization_ref, picked
from api.views import versioned
from nominations.models import ProvincialReport
from nominations.operations.reporting import prepare_report
from nominations.queries.dossier import TITLES, DistrictStanding, Dossier, completeness_of


class ListedShape(serializers.Serializer[None]):
    """One line of the list that goes with the letter."""

    nomination = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    rank = serializers.IntegerField(allow_null=True)
    total = serializers.CharField(allow_null=True)
    community = serializers.CharField()
    district = serializers.CharField()
    subdistrict = serializers.CharField()
    neighborhood = serializers.CharField()
    company = serializers.CharField()
    form = serializers.CharField(allow_blank=True)


class PieceShape(serializers.Serializer[None]):
    """One piece of a dossier: whether it is there, and the address at which it is mended."""

    name = serializers.ChoiceField(choices=list(TITLES))
    title = serializers.CharField()
    there = serializers.BooleanField()
    fix = serializers.CharField()


class DossierShape(serializers.Serializer[None]):
    """The dossier of one community."""

    nomination = NominationRef()
    district = OrganizationRef()
    company = OrganizationRef()
    complete = serializers.BooleanField()
    pieces = PieceShape(many=True)


class DistrictStandingShape(serializers.Serializer[None]):
    """One district's two papers, how many of its communities are to be reported, and whether it holds them up."""

    district = OrganizationRef()
    summary = serializers.CharField(allow_blank=True)
    work_report = serializers.CharField()
    work_report_id = serializers.UUIDField()
    communities = serializers.IntegerField()
    holds_up = serializers.BooleanField()


class CompletenessShape(serializers.Serializer[None]):
    """What the report consists of, and what it lacks."""

    complete = serializers.BooleanField()
    dossiers = DossierShape(many=True)
    districts = DistrictStandingShape(many=True)


class ProvincialReportShape(PaperShape):
    """The report with its letter, and what stands in the dossier."""

    document_number = serializers.CharField(allow_blank=True)
    letter = serializers.CharField(allow_blank=True)
    listed = ListedShape(many=True)
    content_digest = serializers.CharField(allow_blank=True)
    sealed = serializers.BooleanField()
    sealed_copy = serializers.UUIDField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)


class ProvincialReportChange(StrictSerializer):
    """The letter and its number."""

    letter = serializers.CharField(allow_blank=True, max_length=20_000)
    document_number = serializers.CharField(allow_blank=True, max_length=80)
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
        """Write the letter and its number, and generate the list of the communities shortlisted at this moment."""
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


class CompletenessView(PaperView[ProvincialReport]):
    """What a report consists of, and what it lacks."""

    model = ProvincialReport

    @extend_schema(responses=CompletenessShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show a row per community with every piece of its dossier, and how each district's papers stand."""
        self.find(pk)
        found = completeness_of(pk, actor=self.actor)
        dossiers = [_dossier_row(one) for one in found.dossiers]
        districts = [_standing_row(one) for one in found.districts]
        return Response({"complete": found.is_complete, "dossiers": dossiers, "districts": districts})


def _dossier_row(dossier: Dossier) -> dict[str, Any]:
    nomination = dossier.nomination
    return {
        "nomination": nomination_ref(nomination),
        "district": organization_ref(nomination.district),
        "company": organization_ref(nomination.company),
        "complete": dossier.is_complete,
        "pieces": [
            {"name": piece.name, "title": str(piece.title), "there": piece.is_there, "fix": piece.fix}
            for piece in dossier.pieces
        ],
    }


def _standing_row(standing: DistrictStanding) -> dict[str, Any]:
    plain = picked(standing, "summary", "work_report", "work_report_id", "communities", "holds_up")
    return plain | {"district": organization_ref(standing.district)}


def report_sheet(report: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a report with its letter; load it with its facts."""
    digest = report.content_digest
    sealed = {"sealed": bool(digest) and report.sealed_digest == digest, "sealed_copy": report.sealed_copy_id}
    plain = picked(report, "document_number", "letter", "listed", "content_digest", "sent_at")
    return paper_sheet(report, actor, at) | plain | sealed
