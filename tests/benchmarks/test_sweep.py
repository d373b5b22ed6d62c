"""A sweep with one deadline in a hundred due, beside one set-based SQL statement; and a sweep with nothing due.

Due are drafts whose time is over. Ours lapses each through the engine: lock, guard, event chained by hash, outbox,
notices. SET writes state, event, outbox and deadline for all of them in one statement, without chain, guard or notice.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from nominations.models import Nomination
from tests.benchmarks.ratios import line
from tests.benchmarks.seed import fill
from tests.nominations import factories, stages
from workflow.models import Deadline
from workflow.sweeping import sweep

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
ROUNDS, IDLE_ROUNDS = 3, 200
AFTER = factories.APPLICATION_CLOSES + timedelta(minutes=1)
LATER = AFTER + timedelta(days=30)

_DEADLINES = """
INSERT INTO workflow_deadline (id, kind, flow, subject_id, due_at, next_try_at, outcome, attempts, last_error)
SELECT gen_random_uuid(), 'application_closes', 'nomination', id, %(due)s, %(due)s, '', 0, ''
FROM nominations_nomination WHERE state = 'draft'
ON CONFLICT DO NOTHING
"""
_OTHERS = """
INSERT INTO workflow_deadline (id, kind, flow, subject_id, due_at, next_try_at, outcome, attempts, last_error)
SELECT gen_random_uuid(), 'evaluation_closes', 'nomination', gen_random_uuid(), due, due, '', 0, ''
FROM (SELECT %(later)s::timestamptz + g * interval '1 second' AS due FROM generate_series(1, %(count)s) g) AS series
"""
_SET = """
WITH due AS (
    UPDATE workflow_deadline SET settled_at = %(at)s, outcome = 'lapsed'
    WHERE settled_at IS NULL AND next_try_at <= %(at)s RETURNING subject_id
), moved AS (
    UPDATE nominations_nomination n SET state = 'lapsed', version = version + 1, sequence = sequence + 1,
        updated_at = %(at)s
    FROM due WHERE n.id = due.subject_id AND n.state = 'draft' RETURNING n.id, n.stream_id, n.sequence
), told AS (
    INSERT INTO workflow_event (id, stream_id, position, flow, subject_id, sequence, kind, name, from_state, to_state,
        at, actor_name, actor_role, organization_name, comment, changes, documents, payload, request_id, declaration,
        digest, hash)
    SELECT gen_random_uuid(), stream_id, 1000000 + row_number() OVER (), 'nomination', id, sequence, 'move', 'lapse',
        'draft', 'lapsed', %(at)s, 'system', 'system', '', '', '{}', '{}', '{}', '', '', '', '' FROM moved
    RETURNING id
), queued AS (
    INSERT INTO workflow_outboxentry (event_id, created_at, attempts, last_error) SELECT id, %(at)s, 0, '' FROM told
)
SELECT count(*) FROM moved
"""


@pytest.fixture
def due(db: None, many: int) -> int:
    """Seed the deadlines and return how many of them are due."""
    wanted = many // 100
    stages.drafted(stages.programme())
    fill(wanted - 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("UPDATE nominations_nomination SET state = 'draft'")
        cursor.execute(_DEADLINES, {"due": factories.APPLICATION_CLOSES})
        cursor.execute("UPDATE workflow_deadline SET settled_at = due_at WHERE kind <> 'application_closes'")
        cursor.execute(_OTHERS, {"later": LATER, "count": many - wanted})
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE workflow_deadline, nominations_nomination")
    return wanted


def test_sweep_beside_one_statement(due: int, many: int, capsys: pytest.CaptureFixture[str]) -> None:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(undone(lambda: sweep(at=AFTER), due))
        bare.append(undone(lambda: in_one_statement(AFTER), due))
    idle = sorted(_milliseconds(lambda: sweep(at=factories.OPENS)) for _ in range(IDLE_ROUNDS))

    with capsys.disabled():
        print()
        print(line(f"sweep of {due:,} due of {many:,} / SET:", ours, bare, "<= 1.5"))
        high = idle[int(0.95 * IDLE_ROUNDS)]
        print(
            f"sweep with nothing due of {many:,}: {statistics.median(idle):.2f} ms (95 % within {high:.2f}; goal <= 1)"
        )


def undone(act: Callable[[], int], due: int) -> float:
    """Return the milliseconds of an act that lapses every due draft, and take it back."""
    with transaction.atomic():
        found = _milliseconds(act)
        assert Nomination.objects.filter(state="lapsed").count() == due
        assert Deadline.objects.filter(settled_at=AFTER, outcome="lapsed").count() == due
        transaction.set_rollback(True)
    return found


def in_one_statement(at: datetime) -> int:
    """Do the same to the rows in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_SET, {"at": at})
        count = int(cursor.fetchone()[0])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return count


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)
