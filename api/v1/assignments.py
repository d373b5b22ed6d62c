"""Who scores which community: asked, accepted, declined, stepped back, released."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.refs import CommunityRef, PersonRef, community_ref, picked
from api.v1.sheets import SheetShape, sheet_row
from api.views import ListView, ObjectView
from evaluation.enums import SheetState
from nominations.enums import AssignmentEnd, AssignmentStage, Capacity, ConflictKind, DeclineReason
from nominations.models import Assignment, Nomination
from nominations.operations import assignment, conflict
from nominations.queries.panel import assignments_visible_to


class AssignmentShape(serializers.Serializer[None]):
    """Who scores which nomination and how far they are; never what they gave. Why somebody stepped back is told to the
    city and to that person in words, to others as a kind."""

    id = serializers.UUIDField()
    nomination = serializers.UUIDField()
    number = serializers.CharField()
    community = CommunityRef()
    evaluator = PersonRef()
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    stage = serializers.ChoiceField(choices=AssignmentStage.choices)
    assigned_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_because = serializers.ChoiceField(choices=AssignmentEnd.choices, allow_blank=True)
    decline_reason = serializers.ChoiceField(choices=DeclineReason.choices, allow_blank=True)
    conflict_kind = serializers.ChoiceField(choices=ConflictKind.choices, allow_blank=True)
    conflict_reason = serializers.CharField(allow_blank=True)
    replaces = serializers.UUIDField(allow_null=True)
    sheet = serializers.UUIDField(allow_null=True)
    sheet_state = serializers.ChoiceField(choices=SheetState.choices, allow_null=True)


class AssignmentWish(StrictSerializer):
    """Who is to score; the capacity is the one of the pool."""

    evaluator = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    capacity = serializers.ChoiceField(choices=Capacity.choices, required=False, allow_null=True, default=None)


class ConflictWish(StrictSerializer):
    """Why the evaluator steps back: how and to whom the evaluator stands close."""

    reason = serializers.CharField(max_length=500)
    kind = serializers.ChoiceField(choices=ConflictKind.choices, required=False, default=ConflictKind.OTHER)
    about = serializers.ChoiceField(choices=conflict.ABOUT, required=False, default="community")


class DeclineWish(StrictSerializer):
    """Why the evaluator declines; a conflict of interest is declared instead."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class ReleaseWish(StrictSerializer):
    """Why the city takes an evaluator off a panel."""

    reason = serializers.CharField(max_length=500)


class PanelOfNominationView(ObjectView, ListView):
    """Who scores a nomination."""

    queryset = Assignment.objects.none()
    orderings = {"assigned_at": ("assigned_at",)}
    usual_ordering = "assigned_at"
    filter_backends = []

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)

    @extend_schema(responses=AssignmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the evaluators of a nomination and how far each is."""
        self.find(pk)
        own = assignments_visible_to(self.actor).filter(nomination=pk)
        return self.page(own, lambda row: assignment_row(row, self.actor))

    @extend_schema(request=AssignmentWish, responses={201: AssignmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Put somebody of the pool on the panel; nobody with a conflict of interest."""
        self.require_role(pk)
        wish = AssignmentWish(data=self.body)
        wish.is_valid(raise_exception=True)
        capacity = wish.validated_data["capacity"]
        made = assignment.assign_evaluator(
            nomination_id=pk,
            evaluator_id=wish.validated_data["evaluator"],
            capacity=Capacity(capacity) if capacity else None,
            actor=self.actor,
            at=self.at,
        )
        return Response(assignment_row(assignments_visible_to(self.actor).get(pk=made.pk), self.actor), status=201)


class AssignmentFilter(Filters):
    """Which assignments are wanted."""

    class Meta:
        model = Assignment
        fields = {"nomination": ["exact"], "nomination__campaign": ["exact"], "evaluator": ["exact"]}


class AssignmentsView(ListView):
    """Assignments: the evaluator's own, or the city's."""

    queryset = Assignment.objects.none()
    orderings = {"assigned_at": ("assigned_at",)}
    usual_ordering = "-assigned_at"
    filterset_class = AssignmentFilter

    @extend_schema(responses=AssignmentShape(many=True))
    def get(self, request: Request) -> Response:
        """List who was asked to score what, the latest first."""
        return self.page(assignments_visible_to(self.actor), lambda row: assignment_row(row, self.actor))


class AssignmentPart(ObjectView):
    """What every address below an assignment begins with."""

    def rows(self) -> QuerySet[Assignment]:
        """Return the assignments in sight; an evaluator's own while they count."""
        rows = assignments_visible_to(self.actor)
        return rows.active() if self.actor.role == Role.EVALUATOR else rows

    def traces(self) -> QuerySet[Assignment]:
        """Return the assignments in sight, ended ones too: declining ends one."""
        return assignments_visible_to(self.actor)

    def shown(self, pk: UUID) -> Response:
        """Return the assignment as it now stands, also one that has just ended."""
        return Response(assignment_row(assignments_visible_to(self.actor).get(pk=pk), self.actor))


class AssignmentView(AssignmentPart):
    """One assignment."""

    @extend_schema(responses=AssignmentShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show who scores what, and how far they are."""
        return Response(assignment_row(self.find(pk), self.actor))


class AcceptView(AssignmentPart):
    """Accepting."""

    @extend_schema(request=None, responses=AssignmentShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept, which is to declare that there is no conflict of interest with the community."""
        self.require_role(pk)
        assignment.accept_assignment(assignment_id=pk, actor=self.actor, at=self.at)
        return self.shown(pk)


class DeclineView(AssignmentPart):
    """Declining."""

    @extend_schema(request=DeclineWish, responses=AssignmentShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Decline for a coded reason; a deputy takes over if there is one."""
        self.require_role(pk)
        wish = DeclineWish(data=self.body)
        wish.is_valid(raise_exception=True)
        reason = DeclineReason(wish.validated_data["reason"])
        note = wish.validated_data["note"]
        assignment.decline_assignment(assignment_id=pk, reason=reason, note=note, actor=self.actor, at=self.at)
        return self.shown(pk)


class ReleaseView(AssignmentPart):
    """Taking somebody off a panel."""

    @extend_schema(request=ReleaseWish, responses=AssignmentShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take an evaluator off a panel whose sheet has not been handed in."""
        self.require_role(pk)
        wish = ReleaseWish(data=self.body)
        wish.is_valid(raise_exception=True)
        reason = wish.validated_data["reason"]
        assignment.release_evaluator(assignment_id=pk, reason=reason, actor=self.actor, at=self.at)
        return self.shown(pk)


class ConflictView(AssignmentPart):
    """A conflict of interest."""

    @extend_schema(request=ConflictWish, responses=AssignmentShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Step back from an assignment; the sheet no longer counts."""
        self.require_role(pk)
        wish = ConflictWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        conflict.declare_conflict(
            assignment_id=pk,
            reason=asked["reason"],
            kind=ConflictKind(asked["kind"]),
            about=asked["about"],
            actor=self.actor,
            at=self.at,
        )
        return self.shown(pk)


class PanelSheetView(AssignmentPart):
    """The evaluator's sheet for an assignment."""

    @extend_schema(request=None, responses=SheetShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Open the evaluator's own sheet on the campaign's standard; opening it again shows the same one."""
        self.require_role(pk)
        sheet = assignment.open_panel_sheet(assignment_id=pk, actor=self.actor, at=self.at)
        return Response(sheet_row(sheet.pk))


def assignment_row(row: Assignment, actor: Actor) -> dict[str, Any]:
    """Return who scores what and how far they are, as far as ``actor`` may know."""
    is_city = actor.organization_kind == OrganizationKind.CITY
    plain = picked(
        row, "id", "capacity", "stage", "assigned_at", "accepted_at", "ended_at", "ended_because", "decline_reason"
    )
    return plain | {
        "nomination": row.nomination_id,
        "number": row.nomination.number,
        "community": community_ref(row.nomination.community),
        "evaluator": picked(row.evaluator, "id", "name"),
        "conflict_kind": row.conflict_kind,
        "conflict_reason": row.conflict_reason if is_city or row.evaluator_id == actor.user_id else "",
        "replaces": row.replaces_id,
        "sheet": row.sheet_id,
        "sheet_state": row.sheet.state if row.sheet else None,
    }
