"""Durable deadlines: set and settled by moves, swept by any number of sweepers, safe to repeat, late or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F

from common.identifiers import new_id
from workflow.models import Deadline, Heartbeat, WorkflowModel
from workflow.moves import Move

logger = structlog.get_logger(__name__)
SWEEPER = "deadlines"
BATCH = 500
MOST_ATTEMPTS = 10

# A handler gets the due rows of its kind and the instant, makes the moves or notices, and returns an outcome per row.
Handler = Callable[[Sequence[Deadline], datetime], dict[UUID, str]]
_handlers: dict[str, Handler] = {}

_UPSERT = """
INSERT INTO workflow_deadline (id, kind, flow, subject_id, due_at, settled_at, outcome, attempts, last_error)
VALUES (%s, %s, %s, %s, %s, NULL, '', 0, '')
ON CONFLICT (subject_id, kind) DO UPDATE
SET due_at = excluded.due_at, settled_at = NULL, outcome = '', attempts = 0, last_error = ''
"""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as what happens when a deadline of this kind is due."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def apply(done: Sequence[tuple[WorkflowModel, Move]]) -> None:
    """Write the deadlines that the bodies of moves have set or settled, two statements at most."""
    settled: list[tuple[UUID, str, datetime]] = []
    for subject, move in done:
        for kind, due_at in move.due.items():
            if due_at is None:
                settled.append((subject.pk, kind, move.at))
    rows = [
        (new_id(), kind, subject.flow, subject.pk, due_at)
        for subject, move in done
        for kind, due_at in move.due.items()
        if due_at is not None
    ]
    schedule_many(rows)
    for subject_id, kind, at in settled:
        settle(subject_id, kind, at=at)


def schedule_many(rows: Sequence[tuple[UUID, str, str, UUID, datetime]]) -> None:
    """Set deadlines, rows of (id, kind, flow, subject, due): one per subject and kind, the latest call counts."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, rows)


def schedule(*, kind: str, flow: str, subject_id: UUID, due_at: datetime) -> None:
    """Set one deadline; setting it again moves it and opens it anew."""
    schedule_many([(new_id(), kind, flow, subject_id, due_at)])


def settle(subject_id: UUID, kind: str, *, at: datetime, outcome: str = "done") -> None:
    """Close a deadline whose work was done; closing twice changes nothing."""
    Deadline.objects.filter(subject_id=subject_id, kind=kind, settled_at__isnull=True).update(
        settled_at=at, outcome=outcome
    )


def sweep(*, at: datetime, batch: int = BATCH) -> int:
    """See to every deadline due at ``at`` and return how many were settled; leave a sign of life for ``/readyz``."""
    total = 0
    while True:
        found, settled = _sweep_batch(at, batch)
        total += settled
        if found < batch or settled == 0:
            break
    Heartbeat.objects.update_or_create(name=SWEEPER, defaults={"at": at})
    return total


def _sweep_batch(at: datetime, batch: int) -> tuple[int, int]:
    """Take up to ``batch`` due rows that no other sweeper holds; return how many there were and were settled."""
    with transaction.atomic():
        due = list(
            Deadline.objects.select_for_update(skip_locked=True)
            .filter(settled_at__isnull=True, due_at__lte=at, attempts__lt=MOST_ATTEMPTS)
            .order_by("due_at")[:batch]
        )
        return len(due), sum(_handle(kind, rows, at) for kind, rows in _by_kind(due).items())


def _by_kind(due: Iterable[Deadline]) -> dict[str, list[Deadline]]:
    groups: dict[str, list[Deadline]] = {}
    for deadline in due:
        groups.setdefault(deadline.kind, []).append(deadline)
    return groups


def _handle(kind: str, rows: Sequence[Deadline], at: datetime) -> int:
    """Run the kind's handler; when it fails, its rows wait for the next sweep and the others go on."""
    try:
        with transaction.atomic():
            outcomes = _handlers[kind](rows, at)
    except Exception as error:  # one poisoned kind must not stop the clock for the rest
        logger.exception("deadline_failed", kind=kind)
        ids = [row.pk for row in rows]
        Deadline.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, last_error=repr(error)[:500])
        return 0
    for row in rows:
        row.settled_at, row.outcome = at, outcomes.get(row.pk, "done")
    Deadline.objects.bulk_update(rows, ["settled_at", "outcome"])
    return len(rows)
