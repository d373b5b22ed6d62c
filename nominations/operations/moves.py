"""Moves as the faces ask for them: what must be worked out beforehand is worked out here, then the engine decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from nominations.models import Nomination
from workflow import calendar, engine
from workflow.models import Event, WorkflowModel


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
    return engine.perform(
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
    request_id: str = "",
) -> list[engine.Outcome]:
    """Make one move on many objects in one transaction, with a verdict per row (flow rule 10)."""
    return engine.perform_many(
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
        request_id=request_id,
    )


def known_for(model: type[WorkflowModel], name: str) -> dict[str, Any]:
    """Return what the body of the move needs from the calendar."""
    if model is Nomination and name == "return_for_correction":
        return {"calendar": calendar.load()}
    return {}
