"""The evaluation on site in its plain form: who scores, what the visit found, blind sheets, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
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
from evaluation import operations as evaluation
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from evaluation.scoring import Mark
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


class ScoreWish(StrictSerializer):
    """One mark, and the version of it that the device last saw."""

    item = serializers.UUIDField()
    points = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True, default=None)
    not_applicable = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)


class ScoresWish(StrictSerializer):
    """Marks of one sheet; what is not sent stays."""

    scores = serializers.ListField(child=ScoreWish(), min_length=1, max_length=200)


class SavedShape(serializers.Serializer[None]):
    """What became of the marks: those that another device had changed were left alone."""

    conflicts = serializers.ListField(child=serializers.UUIDField())
    sheet = SheetShape()


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


class SheetPart(ObjectView):
    """What every address below a score sheet begins with."""

    def rows(self) -> QuerySet[ScoreSheet]:
        """Return the evaluator's own sheets of assignments without a conflict; blind to everybody else's."""
        own = Assignment.objects.filter(evaluator=self.actor.person_id, conflict_reason="", sheet__isnull=False)
        sheets = ScoreSheet.objects.filter(pk__in=own.values("sheet"))
        return sheets if self.actor.role == Role.EVALUATOR else sheets.none()


class SheetView(SheetPart):
    """One score sheet."""

    @extend_schema(responses=SheetShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the evaluator's own sheet in the wording that it is scored on."""
        return Response(sheet_row(self.find(pk).pk))


class ScoresView(SheetPart):
    """The marks of one sheet."""

    @extend_schema(request=ScoresWish, responses=SavedShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Save marks; sending the same ones again changes nothing, and nothing newer is written over."""
        self.require_role(pk)
        wish = ScoresWish(data=self.body)
        wish.is_valid(raise_exception=True)
        self.find(pk)
        entries = [_entry(row) for row in wish.validated_data["scores"]]
        saved = evaluation.save_scores(sheet_id=pk, scorer_id=self.actor.person_id, entries=entries, at=self.at)
        conflicts = [conflict.entry.item_id for conflict in saved.conflicts]
        return Response({"conflicts": conflicts, "sheet": sheet_row(pk)})


class HandInView(SheetPart):
    """Handing a sheet in."""

    @extend_schema(request=None, responses=SheetShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Hand the sheet in; from now on it does not change."""
        self.require_role(pk)
        self.find(pk)
        evaluation.hand_in(sheet_id=pk, scorer_id=self.actor.person_id, at=self.at)
        return Response(sheet_row(pk))


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


def _entry(row: Mapping[str, Any]) -> evaluation.Entry:
    points: Decimal | None = row["points"]
    mark = Mark(points, row["not_applicable"], row["reason"], row["remark"], row["photo"])
    return evaluation.Entry(row["item"], mark, row["version"])


def _visit_row(visit: Visit, photos: Any) -> dict[str, Any]:
    shown = picked(visit, "id", "visited_on", "members", "findings", "recorded_at")
    return shown | {"photos": [attachment_row(photo) for photo in photos]}
