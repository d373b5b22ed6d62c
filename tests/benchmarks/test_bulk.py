"""Two hundred moves in one request beside two hundred requests of one move each, on one connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from tests.benchmarks import client, stage
from tests.benchmarks.client import Call
from tests.benchmarks.ratios import line

pytestmark = pytest.mark.benchmark
MOVES, ROUNDS = 200, 5
COMMENT = "材料齐全，同意推荐。"


def test_bulk_beside_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    alone, together = [], []
    with stage.database("bench_bulk") as url:
        (district,) = stage.seeded(url, live=2 * MOVES, districts=1)
        token, ids = district["tokens"]["district_approver"], district["nominations"]
        with stage.serving("config.wsgi:application", stage.product_environment(url)) as server:
            for turn in range(ROUNDS + 1):
                name = "recommend" if turn % 2 == 0 else "rescind_recommendation"
                seconds = [
                    _seconds(lambda name=name: _one_by_one(server.port, name, ids[:MOVES], token)),
                    _seconds(lambda name=name: _in_bulk(server.port, name, ids[MOVES:], token)),
                ]
                if turn:
                    alone.append(seconds[0])
                    together.append(seconds[1])

    with capsys.disabled():
        print()
        print(line(f"{MOVES} moves one by one / in bulk:", alone, together, ">= 8", unit="s"))


def _one_by_one(port: int, name: str, ids: list[str], token: str) -> None:
    body = {"name": name, "comment": COMMENT}
    calls = [Call.post(f"/api/v1/nominations/{pk}/transitions/", body, token) for pk in ids]
    result = client.run(port, [calls])
    assert set(result.statuses) == {200}, result.first_bad


def _in_bulk(port: int, name: str, ids: list[str], token: str) -> None:
    body = {"name": name, "comment": COMMENT, "items": [{"id": pk} for pk in ids]}
    status, content = client.ask(port, Call.post("/api/v1/nominations/bulk-transitions/", body, token))
    assert status == 200, content
    assert json.loads(content)["moved"] == len(ids)


def _seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
