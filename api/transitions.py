"""Moves, bulk moves and history of any object that the engine moves; the engine decides, this asks and shows."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.commands import read_bulk, read_move
from api.events import event_row
from api.preconditions import key_of, precondition, version_wanted
from api.problems import refusal_row
from api.schema import MATCH_PARAMETER
from api.shapes import BulkShape, EventShape, MoveShape, OutcomesShape, VerdictShape
from api.views import ApiView, FlowView, ListView, ObjectView
from common.errors import DomainError
from nominations.operations.moves import make_move, make_moves
from workflow import engine
from workflow.declaration import flow_of
from workflow.engine import Outcome
from workflow.judging import Verdict
from workflow.models import Event, WorkflowModel


class TransitionsView(FlowView):
    """What may be done with one object, and doing it."""

    keeps_answers = False  # the engine keeps the key with the event
    model: ClassVar[Any] = WorkflowModel  # the address names a concrete one

    @extend_schema(responses=VerdictShape(many=True), filters=False)
    def get(self, request: Request, pk: UUID) -> Response:
        """List the moves that the reader's role may make now, with every reason against each."""
        subject = self.find(pk)
        return Response([verdict_row(one) for one in engine.available([subject], actor=self.actor, at=self.at)[0]])

    @extend_schema(request=MoveShape, responses=EventShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Make one move and return its event; the same key and body again return the same event again."""
        command = read_move(self.body)
        with precondition(request):
            event = make_move(
                self.model,
                pk,
                command.name,
                actor=self.actor,
                at=self.at,
                comment=command.comment,
                payload=command.data,
                version=version_wanted(request, command.version),
                key=key_of(request),
                request_id=self.request_id,
            )
        return Response(event_row(event, self.actor, flow_of(self.model)))


class BulkTransitionsView(ApiView):
    """One move on many objects, in one transaction."""

    keeps_answers = False  # the engine keeps the key with the events
    model: type[WorkflowModel] = WorkflowModel  # type: ignore[type-abstract]  # the address names a concrete one

    @extend_schema(request=BulkShape, responses=OutcomesShape)
    def post(self, request: Request) -> Response:
        """Make one move on many objects and return a verdict per row; ``dry_run`` writes nothing."""
        command = read_bulk(self.body)
        outcomes = make_moves(
            self.model,
            command.items,
            command.name,
            actor=self.actor,
            at=self.at,
            comment=command.comment,
            payload=command.data,
            all_or_nothing=command.all_or_nothing,
            dry_run=command.dry_run,
            key=key_of(request),
            request_id=self.request_id,
        )
        moved = sum(outcome.event is not None for outcome in outcomes)
        return Response({"moved": moved, "results": [self._row(outcome) for outcome in outcomes]})

    def _row(self, outcome: Outcome) -> dict[str, Any]:
        error: DomainError | None = outcome.error
        event = outcome.event and event_row(outcome.event, self.actor, flow_of(self.model))
        return {
            "id": str(outcome.id),
            "allowed": error is None,
            "code": error.code if error else "",
            "detail": error.sentence() if error else "",
            "refusals": [refusal_row(one) for one in error.refusals] if error else [],
            "event": event,
        }


class HistoryView(ListView, ObjectView):
    """The events of one object, oldest first."""

    model: type[WorkflowModel] = WorkflowModel  # type: ignore[type-abstract]  # the address names a concrete one
    queryset = Event.objects.none()
    orderings = {"sequence": ("sequence",)}
    usual_ordering = "sequence"
    filter_backends = []

    def rows(self) -> QuerySet[Any]:
        """Return the objects in scope."""
        return self.model.objects.visible_to(self.actor)

    @extend_schema(responses=EventShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List what happened to the object: by which office, when, in which words, and how it is chained."""
        self.find(pk)
        events = Event.objects.filter(flow=self.model.flow, subject_id=pk)
        return self.page(events, lambda event: event_row(event, self.actor, flow_of(self.model)))


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON shows it."""
    spec = verdict.transition
    return {
        "name": spec.name,
        "label": str(spec.label),
        "allowed": verdict.allowed,
        "refusals": [refusal_row(one) for one in verdict.refusals],
        "comment": spec.comment,
        "fields": list(spec.inputs),
    }
