"""What may be done with each of five hundred rows, and why not: nothing is asked of the database beyond the list."""

from __future__ import annotations

import statistics
import time
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from nominations.models import Nomination
from tests.benchmarks.seed import fill
from tests.nominations import stages
from tests.nominations.stages import AT, Programme
from workflow import engine
from workflow.judging import Verdict

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
ROWS, ROUNDS = 500, 25


@pytest.fixture
def programme(db: None) -> Programme:
    programme = stages.programme()
    stages.submitted(programme)
    fill(ROWS - 1, 1)
    return programme


def test_available_actions_of_five_hundred_rows(programme: Programme, capsys: pytest.CaptureFixture[str]) -> None:
    found = {who: judged(actor) for who, actor in readers(programme).items()}

    with capsys.disabled():
        print()
        for who, (spent, verdicts, queries) in found.items():
            print(sentence(who, spent, verdicts, queries))
    assert [queries for _spent, _verdicts, queries in found.values()] == [0, 0]
    assert all(len(verdicts) == ROWS for _spent, verdicts, _queries in found.values())


def readers(programme: Programme) -> dict[str, Actor]:
    """Return whose actions are asked for: of one the guards read a review, of the other the whole form."""
    return {"district approver": programme.bureau.approver, "company": programme.company.admin}


def judged(actor: Actor) -> tuple[list[float], list[list[Verdict]], int]:
    """Return the microseconds a row of every round, the verdicts, and how many queries a round makes."""
    rows = list(Nomination.objects.visible_to(actor).with_facts()[:ROWS])
    with CaptureQueriesContext(connection) as captured:
        verdicts = engine.available(rows, actor=actor, at=AT)
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        engine.available(rows, actor=actor, at=AT)
        spent.append(1e6 * (time.perf_counter() - began) / ROWS)
    return spent, verdicts, len(captured)


def sentence(who: str, spent: list[float], verdicts: list[list[Verdict]], queries: int) -> str:
    """Return the line of one reader."""
    offered = Counter(verdict.allowed for row in verdicts for verdict in row)
    low, middle, high = min(spent), statistics.median(spent), max(spent)
    return (
        f"available actions, {who}: {queries} queries beyond the list, {middle:.1f} us a row (from {low:.1f} to "
        f"{high:.1f}; goal 0 and <= 10; {offered[True]} allowed, {offered[False]} refused with reasons)"
    )
