"""From objects changed in memory to rows: the events that tell it, the UPDATEs that keep it, deadlines, notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from common.digest import canonical_digest, canonical_json
from common.identifiers import new_id
from workflow import changes, deadlines, hooks, journal
from workflow.declaration import flow_of
from workflow.enums import EventKind
from workflow.idempotency import NO_COMMAND, Command
from workflow.models import Event, WorkflowModel
from workflow.moves import Move
from workflow.plain import plain
from workflow.poke import relay_soon
from workflow.transactions import one_round_trip


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
    """Write the steps and return their events: one append to the chains, one UPDATE per kind of row, the deadlines.

    ``streams`` are further chains to which the same transaction will append: all are locked here, in one order.
    """
    if not steps:
        return []
    events = [event_of(step) for step in steps]
    heads = _heads(events, streams)
    with one_round_trip():
        answer = journal.send(events[0], command) if heads is None else None
        if heads is not None:
            journal.append_many(events, heads, command)
        _update_all(steps)
        deadlines.apply([(step.subject, step.move) for step in steps])
    if answer is not None:
        journal.receive(events[0], answer)
    hooks.event_writer()(events, [step.subject for step in steps])
    relay_soon()
    return events


def write_quietly(subject: WorkflowModel, at: datetime) -> None:
    """Write what was changed on a taken object, with a new version but without an event."""
    _touch(subject, at)
    _update([subject])


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


def _heads(events: Sequence[Event], streams: Collection[UUID]) -> journal.Heads | None:
    """Lock the chains of many events; a single one locks its own head in the statement that appends it."""
    if len(events) == 1 and not streams:
        return None
    return journal.lock_heads({*streams, *(event.stream_id for event in events)})


def _update_all(steps: Sequence[Step]) -> None:
    for step in steps:
        _touch(step.subject, step.move.at)
    _update([step.subject for step in steps])
    parents = {id(parent): parent for step in steps for parent in changes.locked_parents(step.subject)}
    _update([parent for parent in parents.values() if changes.changed(parent)])


def _touch(subject: WorkflowModel, at: datetime) -> None:
    subject.version += 1
    subject.updated_at = at


def _update(rows: Sequence[models.Model]) -> None:
    """Send one UPDATE for all rows in which the same fields were changed."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        fields = changes.changed(row)
        columns: tuple[Any, ...] = (row._meta.pk, *fields)
        values = {field.column: plain(field.get_prep_value(getattr(row, field.attname))) for field in columns}
        groups.setdefault((type(row), *columns), []).append(values)
        changes.accept(row, fields)
    with connection.cursor() as cursor:
        for (model, key, *names), latest in groups.items():
            only = len(latest) == 1
            statement = _update_statement(model, key.column, tuple(names), only=only)
            cursor.execute(statement, [canonical_json(latest[0] if only else latest)])


@cache
def _update_statement(
    model: type[models.Model], key: str, fields: tuple[models.Field[Any, Any], ...], *, only: bool
) -> str:
    """Return the UPDATE that takes the new values from JSON: one row, for which the planner uses the key, or many."""
    table, populate = f'"{model._meta.db_table}"', "json_populate_record" if only else "json_populate_recordset"
    columns = ", ".join(f'"{field.column}" = latest."{field.column}"' for field in fields)
    latest = f"{populate}(NULL::{table}, %s) AS latest"
    return f'UPDATE {table} SET {columns} FROM {latest} WHERE {table}."{key}" = latest."{key}"'  # noqa: S608
