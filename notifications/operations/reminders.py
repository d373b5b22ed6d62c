"""Reminding whoever holds the work of a deadline: seven, three and one day before, on the last day, once overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from common.digest import canonical_json_of_plain
from nominations.enums import DeadlineKind
from nominations.operations.deadlines import ESCALATED
from notifications import rules
from notifications.audiences import ABOVE, HOLDERS
from notifications.enums import Bundle, Category, Step
from notifications.operations.notices import rows_of
from notifications.queries import is_open
from notifications.sql import INSERT_REMINDERS, QUEUE_REMINDERS
from notifications.subjects import Scope, scope_of
from workflow.declaration import flow_named
from workflow.models import Deadline

BATCH = 500
# A deadline that has been overdue for longer was told of when it was; whoever was away then finds it on the desk.
LATEST = timedelta(days=7)


def remind(*, at: datetime, batch: int = BATCH) -> int:
    """Write the reminders that are due at ``at`` and queue their mails; return how many were new (``flow.md``).

    Safe to repeat, late or twice at once: one reminder per deadline as it stands, step and person. The reminders of one
    person and one run travel in one mail. Who was told the very date within two days is spared the early steps.
    """
    total, last = 0, None
    while deadlines := _near(at, last, batch):
        rows = _rows(deadlines, at)
        total += _write(rows, at) if rows else 0
        last = deadlines[-1].pk
    return total


def _near(at: datetime, last: Any, batch: int) -> list[Deadline]:
    """Return deadlines that may stand on a rung, in the order of their keys."""
    horizon = at + timedelta(days=8)
    to_come = Q(settled_at__isnull=True, due_at__gt=at, due_at__lte=horizon)
    passed = Q(due_at__lte=at, due_at__gt=at - LATEST) & (Q(settled_at__isnull=True) | Q(outcome=ESCALATED))
    known = Q()
    for flow, kind in HOLDERS:
        known |= Q(flow=flow, kind=kind.value)
    later = Q(pk__gt=last) if last else Q()
    return list(Deadline.objects.filter(to_come | passed, known, later).order_by("pk")[:batch])


def _rows(deadlines: Sequence[Deadline], at: datetime) -> list[dict[str, Any]]:
    scopes = _scopes(deadlines)
    return [
        row
        for deadline in deadlines
        if deadline.subject_id in scopes and is_open(deadline)
        for row in _rows_of(deadline, *scopes[deadline.subject_id], at)
    ]


def _scopes(deadlines: Iterable[Deadline]) -> dict[Any, tuple[Scope, str]]:
    """Return scope and state of each deadline's object, one query per flow."""
    subjects: dict[str, set[Any]] = defaultdict(set)
    for deadline in deadlines:
        subjects[deadline.flow].add(deadline.subject_id)
    return {
        subject.pk: (scope_of(subject), str(subject.state))
        for flow, ids in subjects.items()
        for subject in flow_named(flow).model.objects.with_facts().filter(pk__in=ids)
    }


def _rows_of(deadline: Deadline, scope: Scope, state: str, at: datetime) -> list[dict[str, Any]]:
    step = rules.step_at(deadline.due_at, at)
    holder = HOLDERS[deadline.flow, DeadlineKind(deadline.kind)].get(scope.stage)
    if step is None or holder is None:
        return []
    is_late = step == Step.OVERDUE
    told = [holder, *([ABOVE[holder]] if is_late and holder in ABOVE else [])]
    params = scope.params() | {"due": deadline.due_at, "state": state, "days": rules.days_left(deadline.due_at, at)}
    common = {
        "source": deadline.pk,
        "subject": deadline.subject_id,
        "at": at,
        "due": deadline.due_at,
        "step": step.value,
        "topic": f"reminder.{deadline.flow}.{deadline.kind}.{step.value}",
        "category": Category.LEGAL.value if is_late else Category.REMINDER.value,
        "mail": True,
        "city": scope.city_id,
    }
    return [
        common | row | {"audience": audience.value, "rank": rank, "params": params | _above(rank)}
        for rank, audience in enumerate(told)
        for row in rows_of(scope, audience)
    ]


def _above(rank: int) -> dict[str, bool]:
    return {"above": True} if rank else {}


@transaction.atomic
def _write(rows: Sequence[dict[str, Any]], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(INSERT_REMINDERS, [canonical_json_of_plain(rows)])
        notices = [row[0] for row in cursor.fetchall()]
        if notices:
            cursor.execute(
                QUEUE_REMINDERS,
                {
                    "at": at,
                    "digest_at": rules.next_digest(at),
                    "domain": settings.MESSAGE_ID_DOMAIN,
                    "bundle": Bundle.REMINDERS.value,
                    "notices": notices,
                },
            )
    return len(notices)
