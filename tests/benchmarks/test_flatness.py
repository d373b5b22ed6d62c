"""What a move and a queue page cost with a thousand nominations and with a million; the last page beside the first."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.benchmarks import client, stage
from tests.benchmarks.client import Call
from tests.benchmarks.ratios import line

pytestmark = pytest.mark.benchmark
# So few districts that a thousand nominations fill a page in each: pages of equal length are compared.
FEW, LIVE, DISTRICTS = 1_000, 8, 16
ROUNDS, MOVES, PAGES = 7, 24, 12
PAGE = "/api/v1/nominations/?page_size=50"


@dataclass
class Town:
    """A server whose database holds so many nominations."""

    server: stage.Server
    districts: list[dict[str, Any]]

    @property
    def approver(self) -> str:
        """Return the token of one district's approver."""
        return str(self.districts[0]["tokens"]["district_approver"])

    def ask(self, calls: list[Call]) -> float:
        """Send the calls over one connection and return the median latency in milliseconds."""
        result = client.run(self.server.port, [calls])
        assert set(result.statuses) == {200}, result.first_bad
        return result.percentile(0.5)

    def moves(self, turn: int) -> list[Call]:
        """Recommend and rescind in turns, in a few districts."""
        name = "recommend" if turn % 2 == 0 else "rescind_recommendation"
        cases = [(row["tokens"]["district_approver"], pk) for row in self.districts for pk in row["nominations"]]
        body = {"name": name, "comment": "材料齐全。"}
        return [Call.post(f"/api/v1/nominations/{pk}/transitions/", body, token) for token, pk in cases[:MOVES]]

    def first_page(self) -> list[Call]:
        """Return calls of the approver's queue."""
        return [Call.get(PAGE, self.approver)] * PAGES

    def last_page(self) -> list[Call]:
        """Return calls of the queue's last page, reached as its links reach it: by the key of the row before."""
        backwards = Call.get("/api/v1/nominations/?page_size=51&ordering=created_at", self.approver)
        status, body = client.ask(self.server.port, backwards)
        assert status == 200, body
        before = json.loads(body)["results"][-1]["id"]
        cursor = base64.urlsafe_b64encode(json.dumps(["-created_at", 0, before]).encode()).decode().rstrip("=")
        return [Call.get(f"{PAGE}&cursor={cursor}", self.approver)] * PAGES


@pytest.fixture(scope="module")
def towns(many: int) -> Iterator[tuple[Town, Town]]:
    with ExitStack() as held:
        yield _town(held, "bench_few", FEW), _town(held, "bench_many", many)


def _town(held: ExitStack, name: str, rows: int) -> Town:
    url = held.enter_context(stage.database(name))
    districts = stage.seeded(url, live=LIVE, filler=rows - LIVE * DISTRICTS, districts=DISTRICTS)
    environment = stage.product_environment(url)
    return Town(held.enter_context(stage.serving("config.wsgi:application", environment)), districts)


def test_cost_stays_flat_as_the_programme_grows(
    towns: tuple[Town, Town], many: int, capsys: pytest.CaptureFixture[str]
) -> None:
    few, large = towns
    spent: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS + 1):
        for name, town in (("few", few), ("many", large)):
            found = [town.ask(calls) for calls in (town.moves(turn), town.first_page(), town.last_page())]
            if turn:  # the first round warms the servers up
                for what, middle in zip(("move", "first", "last"), found, strict=True):
                    spent[f"{what} {name}"].append(middle)

    _status, body = client.ask(large.server.port, large.last_page()[0])
    last = json.loads(body)
    assert (len(last["results"]), last["next"]) == (50, None)
    with capsys.disabled():
        print()
        of = f"{many:,} against {FEW:,}"
        print(line(f"move, {of}:", spent["move many"], spent["move few"], "<= 1.2"))
        print(line(f"queue page, {of}:", spent["first many"], spent["first few"], "<= 1.2"))
        print(line(f"last page / first page of {many:,}:", spent["last many"], spent["first many"], "<= 1.3"))
