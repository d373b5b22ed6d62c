"""Moves as the faces ask for them: what must be worked out beforehand is worked out here, then the engine decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from nominations.models import DistrictReview, Nomination
from nominations.operations.conflict import recheck
from workflow import calendar, engine
from workflow.declaration import flow_of
from workflow.models import Event, WorkflowModel

OVERRIDE = "override_reason"


def make_move(
    model: type[WorkflowModel],
    subject_id: UUID,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    version: int | None = None,
    key: str = "",
    request_id: str = "",
) -> Event:
    """Make one move; everything that ``workflow.engine.perform`` raises is raised here."""
    with _one_unit(model, name):
        _look_again(model, [subject_id], name, actor, at)
        event = engine.perform(
            model,
            subject_id,
            name,
            actor=actor,
            at=at,
            comment=comment,
            payload=payload,
            known=known_for(model, name),
            version=version,
            key=key,
            request_id=request_id,
        )
        _keep_override([event], at)
    return event


def make_moves(
    model: type[WorkflowModel],
    items: Sequence[engine.Item],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    all_or_nothing: bool = True,
    dry_run: bool = False,
    key: str = "",
    request_id: str = "",
) -> list[engine.Outcome]:
    """Make one move on many objects in one transaction, with a verdict per row (flow rule 10)."""
    with _one_unit(model, name):
        if not dry_run:
            _look_again(model, [item.id for item in items], name, actor, at)
        outcomes = engine.perform_many(
            model,
            items,
            name,
            actor=actor,
            at=at,
            comment=comment,
            payload=payload,
            known=known_for(model, name),
            all_or_nothing=all_or_nothing,
            dry_run=dry_run,
            key=key,
            request_id=request_id,
        )
        _keep_override([outcome.event for outcome in outcomes if outcome.event], at)
    return outcomes


def known_for(model: type[WorkflowModel], name: str) -> dict[str, Any]:
    """Return what the body of the move needs from the calendar."""
    if model is Nomination and name == "return_for_correction":
        return {"calendar": calendar.load()}
    return {}


def _one_unit(model: type[WorkflowModel], name: str) -> AbstractContextManager[None]:
    """Return a transaction round a move that leaves something besides its event, else nothing: each costs two trips."""
    return transaction.atomic() if model is Nomination and name == "recommend" else nullcontext()


def _look_again(model: type[WorkflowModel], ids: Sequence[UUID], name: str, actor: Actor, at: datetime) -> None:
    """Look for conflicts of interest before the sheets of a panel are counted; what is found is kept and told (S-09).

    A transaction of its own: the move may be refused for want of a sheet, and the conflict was found all the same.
    Nothing is looked for at the wish of somebody who may not make the move.
    """
    if model is Nomination and name == "complete_evaluation" and actor.role == flow_of(model).transitions[name].role:
        known = Nomination.objects.visible_to(actor).filter(pk__in=ids)
        recheck(at=at, nomination_ids=list(known.values_list("pk", flat=True)))


def _keep_override(events: Iterable[Event], at: datetime) -> None:
    """Keep with the review why it was overridden, where the city reads it (row S-10); a retry says nothing new."""
    for event in events:
        reason = event.payload.get(OVERRIDE)
        if event.name == "recommend" and reason and event.at == at:
            DistrictReview.objects.filter(pk=event.subject_id).update(override_reason=str(reason).strip())
