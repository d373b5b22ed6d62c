"""A move through the REST API beside LEAN and PEER, on the same server, with the same client, round by round.

Ours: sign-in by token, role, scope, guards, comment, chained event, outbox, deadline, in-app notice, quota kept on a
locked parent. LEAN: row, audit, outbox in one statement. PEER: row and log.
"""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.benchmarks import client, stage

pytestmark = pytest.mark.benchmark
ROUNDS, CONNECTIONS, MOVES, CASES = 9, 4, 100, 4000
COMMENT = "材料齐全，同意推荐。"


@dataclass
class Season:
    """The servers, and what can be moved on them."""

    ours: stage.Server
    reference: stage.Server
    districts: list[dict[str, Any]]

    def plans(self, variant: str, turn: int) -> tuple[stage.Server, list[list[client.Call]]]:
        """Return the server of a variant and what each connection sends in this round."""
        if variant == "ours":
            return self.ours, [self._our_plan(number, turn) for number in range(CONNECTIONS)]
        return self.reference, [_reference_plan(variant, number) for number in range(CONNECTIONS)]

    def _our_plan(self, connection: int, turn: int) -> list[client.Call]:
        """Recommend and rescind in turns; the districts are dealt out among the connections."""
        name = "recommend" if turn % 2 == 0 else "rescind_recommendation"
        mine = self.districts[connection::CONNECTIONS]
        cases = [(row["tokens"]["district_approver"], pk) for row in mine for pk in row["nominations"]]
        return [
            client.Call.post(f"/api/v1/nominations/{pk}/transitions/", {"name": name, "comment": COMMENT}, token)
            for token, pk in cases[:MOVES]
        ]


def _reference_plan(variant: str, connection: int) -> list[client.Call]:
    first = 1 + connection * (CASES // CONNECTIONS)
    return [client.Call.post(f"/{variant}/{pk}", {"comment": COMMENT}, "0" * 40) for pk in range(first, first + MOVES)]


@pytest.fixture(scope="module")
def season() -> Iterator[Season]:
    with ExitStack() as held:
        product = held.enter_context(stage.database("bench_product"))
        other = held.enter_context(stage.database("bench_reference"))
        districts = stage.seeded(product, live=8)
        reference = {**os.environ, "REFERENCE_URL": other}
        reference.pop("DJANGO_SETTINGS_MODULE", None)
        stage.call(["-m", "tests.benchmarks.reference.prepare", str(CASES)], reference)
        ours = held.enter_context(stage.serving("config.wsgi:application", stage.product_environment(product)))
        theirs = held.enter_context(stage.serving("tests.benchmarks.reference.wsgi:application", reference))
        yield Season(ours, theirs, districts)


def test_move_beside_lean_and_peer(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    rates: dict[str, list[float]] = defaultdict(list)
    costs: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS + 1):
        for variant in ("ours", "lean", "peer"):
            server, plans = season.plans(variant, turn)
            before = server.cpu_seconds()
            result = client.run(server.port, plans)
            assert set(result.statuses) == {200}, result.first_bad
            if turn:
                rates[variant].append(result.rate)
                costs[variant].append(1000 * (server.cpu_seconds() - before) / (MOVES * CONNECTIONS))

    with capsys.disabled():
        print()
        for variant, found in rates.items():
            print(_line(variant, found, costs[variant]))
        print(_ratio("ours / lean", rates["ours"], rates["lean"], "first step 0.30, goal 0.50"))
        print(_ratio("ours / peer", rates["ours"], rates["peer"], "first step 1.2, goal 2"))


def _line(variant: str, rates: list[float], costs: list[float]) -> str:
    low, middle, high = min(rates), statistics.median(rates), max(rates)
    cpu = statistics.median(costs)
    return f"move  {variant:5} {middle:8.0f}/s  (from {low:.0f} to {high:.0f})  CPU of the server {cpu:.2f} ms a move"


def _ratio(name: str, ours: list[float], theirs: list[float], goal: str) -> str:
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"move  {name}  {statistics.median(ratios):.2f}  (from {min(ratios):.2f} to {max(ratios):.2f}; {goal})"
