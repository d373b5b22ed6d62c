"""Durable deadlines: set and settled by moves, in the transaction of the move and under the lock of its object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.digest import canonical_json_of_plain
from common.identifiers import new_id
from workflow.models import WorkflowModel
from workflow.moves import Move
from workflow.statement import Part, execute

_SET = """
INSERT INTO workflow_deadline (id, kind, flow, subject_id, due_at, next_try_at, outcome, attempts, last_error)
SELECT id, kind, flow, subject_id, due_at, due_at, '', 0, ''
FROM json_populate_recordset(NULL::workflow_deadline, %(due)s)
ON CONFLICT (subject_id, kind) DO UPDATE
SET due_at = excluded.due_at, next_try_at = excluded.due_at, settled_at = NULL, outcome = '', attempts = 0,
    last_error = ''
"""
_SETTLE = """
UPDATE workflow_deadline
SET settled_at = done.settled_at, outcome = done.outcome
FROM json_populate_recordset(NULL::workflow_deadline, %(settled)s) AS done
WHERE workflow_deadline.subject_id = done.subject_id AND workflow_deadline.kind = done.kind
    AND workflow_deadline.settled_at IS NULL
"""


def parts_for(done: Sequence[tuple[WorkflowModel, Move]]) -> list[Part]:
    """Return the parts that write the deadlines which the bodies of moves have set or settled."""
    wanted = [(subject, kind, due_at, move.at) for subject, move in done for kind, due_at in move.due.items()]
    return [
        *_part("due", _SET, [row(kind, s.flow, s.pk, due_at) for s, kind, due_at, _at in wanted if due_at]),
        *_part("settled", _SETTLE, [settled(s.pk, kind, at) for s, kind, due_at, at in wanted if due_at is None]),
    ]


def schedule(*, kind: str, flow: str, subject_id: UUID, due_at: datetime) -> None:
    """Set one deadline; setting it again moves it and opens it anew. Call it under the lock of the object."""
    schedule_many([row(kind, flow, subject_id, due_at)])


def schedule_many(rows: Sequence[Mapping[str, Any]]) -> None:
    """Set deadlines made by ``row``: one per object and kind, the latest call counts."""
    execute(_part("due", _SET, rows))


def settle(subject_id: UUID, kind: str, *, at: datetime, outcome: str = "done") -> None:
    """Close a deadline whose work was done; closing twice changes nothing. Call it under the lock of the object."""
    settle_many([settled(subject_id, kind, at, outcome)])


def settle_many(rows: Sequence[Mapping[str, Any]]) -> None:
    """Close deadlines made by ``settled``."""
    execute(_part("settled", _SETTLE, rows))


def row(kind: str, flow: str, subject_id: UUID, due_at: datetime) -> dict[str, Any]:
    """Return a deadline of one object; ``due_at`` is exclusive: at this instant it is too late."""
    return {"id": new_id(), "kind": str(kind), "flow": flow, "subject_id": subject_id, "due_at": due_at}


def settled(subject_id: UUID, kind: str, at: datetime, outcome: str = "done") -> dict[str, Any]:
    """Return the closing of a deadline, with what became of it in a word."""
    return {"subject_id": subject_id, "kind": str(kind), "settled_at": at, "outcome": outcome}


def _part(name: str, sql: str, rows: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [Part(name, sql, {name: canonical_json_of_plain(rows)})] if rows else []
