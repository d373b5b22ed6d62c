"""From objects changed in memory to rows: the events that tell it, the UPDATEs that keep it, deadlines, notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings

from common import hints
from common.digest import canonical_digest
from common.identifiers import new_id
from workflow import changes, deadlines, hooks, journal, rows
from workflow.declaration import flow_of
from workflow.enums import EventKind
from workflow.idempotency import NO_COMMAND, Command
from workflow.models import Event, WorkflowModel
from workflow.moves import Move
from workflow.plain import plain
from workflow.statement import Part, execute


@dataclass(frozen=True, slots=True)
class Step:
    """One object with what is to happen to it, changed in memory and not yet written.

    ``asked_by`` names the objects of the command for whose sake it happens.
    """

    subject: WorkflowModel
    move: Move
    kind: EventKind
    asked_by: frozenset[UUID] = frozenset()
    request_id: str = ""


def write(steps: Sequence[Step], command: Command = NO_COMMAND, *, streams: Collection[UUID] = ()) -> list[Event]:
    """Write the steps and return their events: one statement for chains, rows, parents and deadlines.

    ``streams`` are further chains to which the same transaction will append: all are locked here, in one order.
    """
    if not steps:
        return []
    events = [event_of(step) for step in steps]
    appended = _appended(events, command, streams)
    parts = [*appended, *_updated(steps), *deadlines.parts_for([(step.subject, step.move) for step in steps])]
    (place,) = execute(parts, "SELECT position, hash FROM event LIMIT 1")
    if len(events) == 1:
        events[0].position, events[0].hash = place
    hooks.event_writer()(events, [step.subject for step in steps])
    if settings.WORKFLOW_RELAY:
        hints.soon(settings.WORKFLOW_RELAY)
    return events


def write_quietly(subject: WorkflowModel, at: datetime) -> None:
    """Write what was changed on a taken object, with a new version but without an event."""
    _touch(subject, at)
    execute(rows.parts_for([subject], told=False))


def event_of(step: Step) -> Event:
    """Return the unsaved event of a step and count it on its object."""
    subject, move = step.subject, step.move
    subject.sequence += 1
    return Event(
        id=new_id(),
        stream_id=subject.stream_id,
        flow=subject.flow,
        subject_id=subject.pk,
        sequence=subject.sequence,
        kind=step.kind.value,
        name=move.name,
        from_state=str(changes.before(subject, "state")),
        to_state=str(subject.state),
        at=move.at,
        actor_id=move.actor.user_id,
        actor_name=move.actor.name,
        actor_role=str(move.actor.role),
        organization_id=move.actor.organization_id,
        organization_name=move.actor.organization_name,
        comment=move.comment,
        changes=changes.told(subject, subject.untold),
        documents=dict(move.documents),
        payload=plain(dict(move.payload)),
        request_id=step.request_id,
        declaration=declaration_digest(type(subject)),
    )


@cache
def declaration_digest(model: type[WorkflowModel]) -> str:
    """Return the SHA-256 of a flow's declaration: names, sources, targets, roles, comments, guards."""
    rows = [
        [spec.name, sorted(spec.sources), spec.target, str(spec.role), str(spec.comment), list(spec.guard_names)]
        for spec in flow_of(model)
    ]
    return canonical_digest([model.flow, rows])


def _appended(events: Sequence[Event], command: Command, streams: Collection[UUID]) -> list[Part]:
    """Return the parts that append the events; a single one locks its own head in the statement that appends it."""
    if len(events) == 1 and not streams:
        return journal.parts_for(events[0], command)
    heads = journal.lock_heads({*streams, *(event.stream_id for event in events)})
    return journal.parts_for_many(events, heads, command)


def _updated(steps: Sequence[Step]) -> list[Part]:
    """Return the parts that write the objects, each after its event, and their locked parents, which keep counts."""
    for step in steps:
        _touch(step.subject, step.move.at)
    parents = {id(parent): parent for step in steps for parent in changes.locked_parents(step.subject)}
    subjects = rows.parts_for([step.subject for step in steps], told=True)
    return [*subjects, *rows.parts_for(parents.values(), told=False)]


def _touch(subject: WorkflowModel, at: datetime) -> None:
    subject.version += 1
    subject.updated_at = at
