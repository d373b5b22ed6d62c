"""From an object moved in memory to rows: what changed, the event that tells it, and the UPDATE that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from common.digest import canonical_digest
from common.identifiers import new_id
from workflow import journal
from workflow.declaration import Transition, flow_of
from workflow.enums import EventKind
from workflow.fields import DOOR
from workflow.models import Event, WorkflowModel
from workflow.moves import Move

BEFORE, PARENTS = "_workflow_before", "_workflow_parents"


def remember(subject: WorkflowModel, parents: Sequence[str] = ()) -> None:
    """Keep the object's present values, and those of its locked parents, to tell later what was changed."""
    subject.__dict__[BEFORE] = _values(subject)
    subject.__dict__[PARENTS] = tuple(parents)
    for parent in _locked_parents(subject):
        parent.__dict__.setdefault(BEFORE, _values(parent))


@contextmanager
def door_of(subject: WorkflowModel) -> Iterator[None]:
    """Let transitions of this one object run while the block lasts."""
    subject.__dict__[DOOR] = True
    try:
        yield
    finally:
        subject.__dict__[DOOR] = False


def event_of(
    subject: WorkflowModel, move: Move, *, kind: EventKind, request_id: str, spec: Transition | None = None
) -> Event:
    """Return the unsaved event of a move or an act that has just been run on ``subject`` in memory."""
    subject.sequence += 1
    return Event(
        id=new_id(),
        stream_id=subject.stream_id,
        flow=subject.flow,
        subject_id=subject.pk,
        sequence=subject.sequence,
        kind=kind.value,
        name=spec.name if spec else move.name,
        from_state=str(subject.__dict__[BEFORE]["state"]),
        to_state=str(subject.state),
        at=move.at,
        actor_id=move.actor.user_id,
        actor_name=move.actor.name,
        actor_role=str(move.actor.role),
        organization_id=move.actor.organization_id,
        organization_name=move.actor.organization_name,
        on_behalf_of="",
        comment=move.comment,
        changes=_changes(subject),
        documents=dict(move.documents),
        payload=_plain(dict(move.payload)),
        request_id=request_id,
        declaration=declaration_digest(type(subject)),
    )


def append(events: Sequence[Event], command: journal.Command) -> None:
    """Append the events of one transaction to their streams."""
    if len(events) == 1:
        journal.append(events[0], command)
    else:
        journal.append_many(events)


def write_rows(subjects: Sequence[WorkflowModel], at: datetime) -> None:
    """Write every changed field of the objects, with a new version, and of their locked parents, which keep counts."""
    for subject in subjects:
        subject.version += 1
        subject.updated_at = at
    _update(subjects)
    parents = {id(parent): parent for subject in subjects for parent in _locked_parents(subject)}
    _update([parent for parent in parents.values() if _changed(parent)])
    for subject in subjects:
        remember(subject, subject.__dict__.get(PARENTS, ()))


@cache
def declaration_digest(model: type[WorkflowModel]) -> str:
    """Return the SHA-256 of a flow's declaration: names, sources, targets, roles, comments, guards."""
    rows = [
        [spec.name, sorted(spec.sources), spec.target, str(spec.role), str(spec.comment), list(spec.guard_names)]
        for spec in flow_of(model)
    ]
    return canonical_digest([model.flow, rows])


def _update(rows: Sequence[models.Model]) -> None:
    """Send one UPDATE per row, alike ones through one prepared statement in one pipeline."""
    groups: dict[tuple[Any, ...], list[list[Any]]] = {}
    for row in rows:
        fields = tuple(_changed(row))
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        groups.setdefault((type(row), *fields), []).append([*values, row.pk])
        row.__dict__[BEFORE] = _values(row)
    with connection.cursor() as cursor:
        for (model, *fields), parameters in groups.items():
            columns = ", ".join(f'"{field.column}" = %s' for field in fields)
            statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE id = %s'  # noqa: S608  # names from _meta
            cursor.executemany(statement, parameters)


def _values(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: row.__dict__[field.attname] for field in _concrete(type(row)) if field.attname in row.__dict__
    }


def _changed(row: models.Model) -> list[models.Field[Any, Any]]:
    before = row.__dict__[BEFORE]
    now = row.__dict__
    return [
        field
        for field in _concrete(type(row))
        if field.attname in now and before.get(field.attname) != now[field.attname]
    ]


def _changes(subject: WorkflowModel) -> dict[str, Any]:
    before = subject.__dict__[BEFORE]
    return {
        field.attname: {"old": _plain(before.get(field.attname)), "new": _plain(getattr(subject, field.attname))}
        for field in _changed(subject)
        if field.attname not in subject.untold
    }


@cache
def _concrete(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def _locked_parents(subject: models.Model) -> list[models.Model]:
    return [getattr(subject, name) for name in subject.__dict__.get(PARENTS, ()) if getattr(subject, name) is not None]


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON keeps it: the digest is taken of what a later reader will find in the column."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal | float) else value
