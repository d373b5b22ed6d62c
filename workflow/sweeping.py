"""Seeing to what is due, by any number of sweepers at once, each due job exactly once.

The objects are locked before their deadlines, as a move does it: a sweeper and the last submission of the evening
cannot meet in a deadlock. An object that somebody holds is left for the next round. What fails is tried again, later
and later, and keeps no other waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import Q

from common.digest import canonical_json_of_plain
from workflow.declaration import flow_named
from workflow.enums import SYSTEM_ROLE
from workflow.models import Deadline
from workflow.taking import lock_free
from workflow.transactions import one_transaction

logger = structlog.get_logger(__name__)
SWEEPER = "deadlines"
BATCH = 500
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)

# A handler gets due rows of one kind, whose objects are locked, and the instant; it makes the moves or notices and
# returns an outcome in a word for each row that has one other than "done".
Handler = Callable[[Sequence[Deadline], datetime], dict[UUID, str]]

_ALIVE = """
INSERT INTO workflow_heartbeat (name, at) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET at = greatest(workflow_heartbeat.at, excluded.at)
"""
# What the handler itself has settled, or set to a later instant, stays as it left it.
_SETTLE = """
UPDATE workflow_deadline SET settled_at = %(at)s, outcome = done.outcome
FROM json_populate_recordset(NULL::workflow_deadline, %(done)s) AS done
WHERE workflow_deadline.id = done.id AND workflow_deadline.settled_at IS NULL
    AND workflow_deadline.next_try_at <= %(at)s
"""


_duties: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as what happens when a deadline of this kind is due."""

    def register(handler: Handler) -> Handler:
        _duties[kind] = handler
        return handler

    return register


def sweep(*, at: datetime, batch: int = BATCH) -> int:
    """See to every deadline due at ``at`` and return how many were settled; leave a sign of life for ``/readyz``."""
    total, last = 0, None
    while due := _due(at, batch, last):
        total += sum(_see_to(rows, at) for rows in _by_kind(due))
        last = due[-1]
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [SWEEPER, at])
    return total


def _due(at: datetime, batch: int, last: Deadline | None) -> list[Deadline]:
    """Return the next rows that are due, in the order of their instants; nothing is locked yet."""
    waiting = Deadline.objects.filter(settled_at__isnull=True, next_try_at__lte=at)
    if last is not None:
        later = Q(next_try_at__gt=last.next_try_at) | Q(next_try_at=last.next_try_at, pk__gt=last.pk)
        waiting = waiting.filter(later, next_try_at__gte=last.next_try_at)
    return list(waiting.order_by("next_try_at", "id")[:batch])


def _by_kind(due: Iterable[Deadline]) -> list[list[Deadline]]:
    groups: dict[tuple[str, str], list[Deadline]] = {}
    for deadline in due:
        groups.setdefault((deadline.flow, deadline.kind), []).append(deadline)
    return list(groups.values())


def _see_to(rows: Sequence[Deadline], at: datetime) -> int:
    """See to rows of one kind together; when that fails, one by one, so that only the poisonous one has to wait."""
    try:
        return _settle_together(rows, at)
    except Exception as error:  # noqa: BLE001  # whatever a handler raises, the clock goes on
        if len(rows) == 1:
            _put_off(rows[0], at, error)
            return 0
    return sum(_see_to([row], at) for row in rows)


def _settle_together(rows: Sequence[Deadline], at: datetime) -> int:
    handler, flow = _duties[rows[0].kind], flow_named(rows[0].flow)
    with one_transaction():
        held = lock_free(flow.model, [row.subject_id for row in rows], locks=flow.locks_of(SYSTEM_ROLE))
        # Read again under the lock: another sweeper, or a move, may have settled or moved it meanwhile.
        due = list(
            Deadline.objects.filter(
                pk__in=[row.pk for row in rows if row.subject_id in held], settled_at__isnull=True, next_try_at__lte=at
            ).order_by("next_try_at", "id")
        )
        if due:
            outcomes = handler(due, at)
            done = [{"id": row.pk, "outcome": outcomes.get(row.pk, "done")} for row in due]
            with connection.cursor() as cursor:
                cursor.execute(_SETTLE, {"at": at, "done": canonical_json_of_plain(done)})
    return len(due)


def _put_off(row: Deadline, at: datetime, error: Exception) -> None:
    """Let a row that failed wait for twice as long as before, an hour at most; it is never given up."""
    logger.error("deadline_failed", kind=row.kind, subject=str(row.subject_id), attempts=row.attempts, exc_info=error)
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
    Deadline.objects.filter(pk=row.pk, settled_at__isnull=True).update(
        attempts=row.attempts + 1, next_try_at=at + pause, last_error=repr(error)[:500]
    )
