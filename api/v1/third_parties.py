"""What third parties found in communities (row S-13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django_filters.rest_framework import UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.serializers import StrictSerializer
from api.uploads import ContentView, FilesView, FileView
from api.v1.records import RecordShape, RecordsView, RecordView, in_scope, record_row, taken, wish_of
from api.v1.refs import CampaignRef, NominationRef, OrganizationRef, campaign_ref, nomination_ref, organization_ref
from nominations.models import ThirdPartyAssessment
from nominations.operations import third_party


class ThirdPartyAssessmentShape(RecordShape):
    """One assessment of one community."""

    campaign = CampaignRef()
    district = OrganizationRef()
    nomination = NominationRef()
    organization = serializers.CharField()
    began_on = serializers.DateField()
    ended_on = serializers.DateField()
    method = serializers.CharField()
    sample = serializers.CharField()
    result = serializers.CharField()


class ThirdPartyChange(StrictSerializer):
    """What may be said of an assessment."""

    organization = serializers.CharField(max_length=120)
    began_on = serializers.DateField()
    ended_on = serializers.DateField()
    method = serializers.CharField(max_length=500)
    sample = serializers.CharField(max_length=500)
    result = serializers.CharField(max_length=5000)


class NewThirdParty(ThirdPartyChange):
    """An assessment of a nominated community."""

    nomination = serializers.UUIDField()


class ThirdPartyFilter(Filters):
    """What the list may be narrowed by."""

    campaign = UUIDFilter(field_name="nomination__campaign")
    district = UUIDFilter(field_name="nomination__district")
    nomination = UUIDFilter()


class ThirdPartiesView(RecordsView):
    """Third parties' assessments."""

    model = ThirdPartyAssessment
    queryset = ThirdPartyAssessment.objects.none()
    orderings = {"ended_on": ("ended_on",), "recorded_at": ("recorded_at",)}
    usual_ordering = "-ended_on"
    filterset_class = ThirdPartyFilter

    @extend_schema(responses=ThirdPartyAssessmentShape(many=True))
    def get(self, request: Request) -> Response:
        """List the assessments in scope, the latest first."""
        return self.page(self.records(), third_party_row)

    @extend_schema(request=NewThirdParty, responses={201: ThirdPartyAssessmentShape})
    def post(self, request: Request) -> Response:
        """Enter an assessment; the nomination's history tells of it, and its report is attached afterwards."""
        wish = wish_of(NewThirdParty, request)
        made = third_party.record_third_party(
            nomination_id=taken(wish, "nomination"), assessment=wish, actor=self.actor, at=self.at
        )
        return Response(third_party_row(in_scope(ThirdPartyAssessment, self.actor).get(pk=made.pk)), status=201)


class ThirdPartyView(RecordView):
    """One assessment."""

    model = ThirdPartyAssessment

    @extend_schema(responses=ThirdPartyAssessmentShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one assessment."""
        return Response(third_party_row(self.find(pk)))

    @extend_schema(request=ThirdPartyChange, responses=ThirdPartyAssessmentShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Correct an assessment; what is not sent stays."""
        self.require_role(pk)
        changes = wish_of(ThirdPartyChange, request, partial=True)
        third_party.correct_third_party(assessment_id=pk, changes=changes, actor=self.actor, at=self.at)
        return Response(third_party_row(self.find(pk)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Set an assessment aside that was entered by mistake; it stays on record."""
        self.require_role(pk)
        third_party.remove_third_party(assessment_id=pk, actor=self.actor, at=self.at)
        return Response(status=204)


class ThirdPartyFiles(RecordView):
    """What every address about an assessment's files begins with."""

    model = ThirdPartyAssessment
    subject_kind = third_party.KIND
    subject = "assessment_id"
    attach = staticmethod(third_party.attach_third_party_report)
    detach = staticmethod(third_party.detach_third_party_report)


class ThirdPartyAttachmentsView(ThirdPartyFiles, FilesView):
    """The reports of an assessment."""


class ThirdPartyAttachmentView(ThirdPartyFiles, FileView):
    """One report of an assessment."""


class ThirdPartyAttachmentContentView(ThirdPartyFiles, ContentView):
    """The bytes of one report."""


def third_party_row(found: ThirdPartyAssessment) -> Mapping[str, Any]:
    """Return an assessment as it is shown."""
    about = {
        "campaign": campaign_ref(found.nomination.campaign),
        "district": organization_ref(found.nomination.district),
        "nomination": nomination_ref(found.nomination),
    }
    return record_row(found, "organization", "began_on", "ended_on", "method", "sample", "result", **about)
