"""The evaluation on site in its plain form: who scores, what the visit found, what was decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Role
from api.acts import Versioned
from api.serializers import StrictSerializer
from api.uploads import AttachmentShape, UploadView, attachment_row
from api.v1.refs import CommunityRef, PersonRef, community_ref, picked
from api.v1.sheets import SheetShape, sheet_row
from api.views import ListView, ObjectView
from attachments.queries import by_subject
from evaluation.enums import SheetState
from nominations.enums import Capacity
from nominations.models import Assignment, Nomination, Visit
from nominations.operations import assessment

PHOTOS = 10


class AssignmentShape(serializers.Serializer[None]):
    """Who scores which nomination, and how far they are; points stay hidden until the sheet is handed in."""

    id = serializers.UUIDField()
    nomination = serializers.UUIDField()
    number = serializers.CharField()
    community = CommunityRef()
    evaluator = PersonRef()
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    conflict_reason = serializers.CharField(allow_blank=True)
    sheet = serializers.UUIDField(allow_null=True)
    sheet_state = serializers.ChoiceField(choices=SheetState.choices, allow_null=True)
    assigned_at = serializers.DateTimeField()


class AssignmentWish(StrictSerializer):
    """Who is to score, and in which capacity."""

    evaluator = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    capacity = serializers.ChoiceField(choices=Capacity.choices)


class ConflictWish(StrictSerializer):
    """Why the evaluator steps back."""

    reason = serializers.CharField(max_length=500)


class VisitShape(serializers.Serializer[None]):
    """A visit on site with its photos."""

    id = serializers.UUIDField()
    visited_on = serializers.DateField()
    members = serializers.ListField(child=serializers.CharField())
    findings = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()
    photos = AttachmentShape(many=True)


class VisitWish(StrictSerializer):
    """A visit: its day, its members, what was found, and its photos."""

    visited_on = serializers.DateField()
    members = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=40)
    findings = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    photos = serializers.ListField(child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=PHOTOS)


class DiscrepancyWish(Versioned):
    """How two sheets far apart were dealt with."""

    decision = serializers.CharField(max_length=2000)


class VetoWish(Versioned):
    """An event that excludes the community: what, who found it, by which document."""

    kind = serializers.CharField(max_length=200)
    authority = serializers.CharField(max_length=200)
    document = serializers.CharField(max_length=200)


class NominationPart(ObjectView):
    """What every address below a nomination begins with."""

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)


class PanelView(NominationPart, ListView):
    """Who scores a nomination."""

    queryset = Assignment.objects.none()
    orderings = {"assigned_at": ("assigned_at",)}
    usual_ordering = "assigned_at"
    filter_backends = []

    @extend_schema(responses=AssignmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the evaluators of a nomination and how far each is."""
        self.find(pk)
        return self.page(_assignments().filter(nomination=pk), assignment_row)

    @extend_schema(request=AssignmentWish, responses={201: AssignmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Put an evaluator on the panel; nobody from the company or the district bureau concerned."""
        self.require_role(pk)
        wish = AssignmentWish(data=self.body)
        wish.is_valid(raise_exception=True)
        made = assessment.assign_evaluator(
            nomination_id=pk,
            evaluator_id=wish.validated_data["evaluator"],
            capacity=Capacity(wish.validated_data["capacity"]),
            actor=self.actor,
            at=self.at,
        )
        return Response(assignment_row(_assignments().get(pk=made.pk)), status=201)


class AssignmentsView(ListView):
    """The evaluator's own work."""

    queryset = Assignment.objects.none()
    orderings = {"assigned_at": ("assigned_at",)}
    usual_ordering = "-assigned_at"
    filter_backends = []

    @extend_schema(responses=AssignmentShape(many=True))
    def get(self, request: Request) -> Response:
        """List what the evaluator was asked to score, the latest first."""
        return self.page(_own(self.actor.person_id), assignment_row)


class AssignmentPart(ObjectView):
    """What every address below an evaluator's own assignment begins with."""

    def rows(self) -> QuerySet[Assignment]:
        """Return the evaluator's own assignments without a conflict."""
        own = _own(self.actor.person_id).filter(conflict_reason="")
        return own if self.actor.role == Role.EVALUATOR else own.none()


class ConflictView(AssignmentPart):
    """A conflict of interest."""

    @extend_schema(request=ConflictWish, responses=AssignmentShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Step back from an assignment; the sheet no longer counts."""
        self.require_role(pk)
        wish = ConflictWish(data=self.body)
        wish.is_valid(raise_exception=True)
        reason = wish.validated_data["reason"]
        assessment.declare_conflict(assignment_id=pk, reason=reason, actor=self.actor, at=self.at)
        return Response(assignment_row(_assignments().get(pk=pk)))


class PanelSheetView(AssignmentPart):
    """The evaluator's sheet for an assignment."""

    @extend_schema(request=None, responses=SheetShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Open the evaluator's own sheet on the campaign's standard; opening it again shows the same one."""
        self.require_role(pk)
        sheet = assessment.open_panel_sheet(assignment_id=pk, actor=self.actor, at=self.at)
        return Response(sheet_row(sheet.pk))


class VisitsView(NominationPart, ListView, UploadView):
    """Visits on site."""

    queryset = Visit.objects.none()
    orderings = {"visited_on": ("visited_on",)}
    usual_ordering = "visited_on"
    filter_backends = []
    most_files = PHOTOS

    @extend_schema(responses=VisitShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the visits with their photos."""
        self.find(pk)
        visits = self.found(Visit.objects.filter(nomination=pk))
        photos = by_subject("visit", [visit.pk for visit in visits])
        return self.get_paginated_response([_visit_row(visit, photos.get(visit.pk, [])) for visit in visits])

    @extend_schema(request={"multipart/form-data": VisitWish}, responses={201: VisitShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Record a visit with at least one photo."""
        self.require_role(pk)
        wish = VisitWish(data=request.data)
        wish.is_valid(raise_exception=True)
        visit = assessment.record_visit(nomination_id=pk, actor=self.actor, at=self.at, **wish.validated_data)
        return Response(_visit_row(visit, by_subject("visit", [visit.pk])[visit.pk]), status=201)


def _own(person_id: int) -> QuerySet[Assignment]:
    return _assignments().filter(evaluator=person_id)


def _assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("nomination__community", "evaluator", "sheet")


def assignment_row(assignment: Assignment) -> dict[str, Any]:
    """Return who scores what, and how far they are."""
    return picked(assignment, "id", "capacity", "conflict_reason", "assigned_at") | {
        "nomination": assignment.nomination_id,
        "number": assignment.nomination.number,
        "community": community_ref(assignment.nomination.community),
        "evaluator": picked(assignment.evaluator, "id", "name"),
        "sheet": assignment.sheet_id,
        "sheet_state": assignment.sheet.state if assignment.sheet else None,
    }


def _visit_row(visit: Visit, photos: Any) -> dict[str, Any]:
    shown = picked(visit, "id", "visited_on", "members", "findings", "recorded_at")
    return shown | {"photos": [attachment_row(photo) for photo in photos]}
