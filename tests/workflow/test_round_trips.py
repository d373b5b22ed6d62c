"""How often a move waits for the database, counted on the wire: the server says ReadyForQuery once per trip."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nominations.models import Nomination, WorkReport
from tests.workflow.races import elsewhere
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World
from workflow import engine
from workflow.engine import Item
from workflow.models import Event

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="libpq writes its trace on Linux only")


def trips(trace: Path, act: Callable[[], Any]) -> int:
    """Return how many round trips the act takes on a connection that has been used before."""
    act()
    with trace.open("wb") as file:
        connection.connection.pgconn.trace(file.fileno())
        act()
        connection.connection.pgconn.untrace()
    return trace.read_text(errors="replace").count("ReadyForQuery")


def statements(act: Callable[[], Any]) -> list[str]:
    """Return the statements of the act, BEGIN and COMMIT included."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured]


def withdraw(world: World, subjects: list[Nomination], key: str = "") -> Event:
    subject = subjects.pop()
    return engine.perform(
        Nomination, subject.pk, "withdraw", actor=world.company, at=AT, comment=REASON, key=key and f"{key}{subject.pk}"
    )


def test_move_with_locked_parent_key_and_deadlines_takes_four_trips(committed_world: World, tmp_path: Path) -> None:
    """BEGIN, which the driver sends by itself; locks and load together; everything written together; COMMIT."""
    drafts = elsewhere(lambda: committed_world.drafts(2))

    found = elsewhere(lambda: trips(tmp_path / "trace", lambda: withdraw(committed_world, drafts, key="k")))

    assert found == 4


def test_move_with_locked_parent_key_and_deadlines_needs_six_statements(committed_world: World) -> None:
    """BEGIN, the parent's lock, the row's, the facts, one for everything that is written, COMMIT."""
    drafts = elsewhere(lambda: committed_world.drafts(1))

    found = elsewhere(lambda: statements(lambda: withdraw(committed_world, drafts, key="k")))

    assert (found[0], found[-1], len(found)) == ("BEGIN", "COMMIT", 6)


def test_move_without_a_parent_needs_five_statements(committed_world: World) -> None:
    report = elsewhere(lambda: place(committed_world.programme.bureau.work_report, "submitted"))
    actor = committed_world.programme.city_reviewer

    found = elsewhere(lambda: statements(lambda: engine.perform(WorkReport, report.pk, "accept", actor=actor, at=AT)))

    assert len(found) == 5


@pytest.mark.parametrize("count", [2, 40])
def test_bulk_move_takes_as_many_trips_for_many_rows_as_for_few(
    committed_world: World, tmp_path: Path, count: int
) -> None:
    drafts = elsewhere(lambda: committed_world.drafts(2 * count))

    def withdraw_some() -> None:
        items = [Item(drafts.pop().pk) for _number in range(count)]
        engine.perform_many(Nomination, items, "withdraw", actor=committed_world.company, at=AT, comment=REASON)

    found = elsewhere(lambda: trips(tmp_path / "trace", withdraw_some))

    assert found <= 14
