"""Killing the web worker in the midst of requests: what was answered stays, what was not may be sent again."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest

from tests.benchmarks.client import Call
from tests.faults.crowd import NO_ANSWER, Answer, acknowledged, ask, at_once, move
from tests.faults.stage import Program, Stage, wait_until
from tests.faults.test_races import flat, made, statuses

pytestmark = pytest.mark.faults
KILLS, CLIENTS = 20, 4
# From the first byte of a request to well after its commit.
LATEST = 0.040


def test_killed_web_worker_loses_and_doubles_nothing(scene: Stage) -> None:
    web = scene.web()
    first, second = [], []

    for turn in range(KILLS):
        calls = [approval(scene, pk) for pk in scene.seeded["waiting"][turn * CLIENTS : (turn + 1) * CLIENTS]]
        first.append(interrupted(scene, web, calls, after=LATEST * turn / (KILLS - 1)))
        revive(scene, web)
        second.append(flat(at_once(scene.web_port, [[call] for call in calls])))

    unanswered = statuses(flat(first))[NO_ANSWER]
    assert unanswered >= KILLS, "too few requests were under way when the worker was killed"
    assert statuses(flat(second)) == {200: KILLS * CLIENTS}
    assert_same_answers(flat(first), flat(second))
    assert made(scene, "recommend") == KILLS * CLIENTS
    assert scene.judge(acknowledged([*flat(first), *flat(second)])) == []


def approval(scene: Stage, pk: str) -> Call:
    """Return a recommendation under a key of its own."""
    return move(pk, "recommend", scene.seeded["approver"], key=f"recommend-{pk}")


def revive(scene: Stage, web: Program) -> None:
    """Wait until the server has replaced its worker; start it again, as a supervisor would, where it gave up.

    A server whose worker dies twice within six seconds takes that for a fault of its own and ends.
    """

    def answers() -> bool:
        if not web.is_running:
            web.start()
        return ask(scene.web_port, Call.get("/healthz", "")).status == 200

    wait_until(answers, within=20, every=0.05)


def interrupted(scene: Stage, web: Program, calls: Sequence[Call], *, after: float) -> list[Answer]:
    """Send the calls at once and kill the worker so many seconds later; return what was answered all the same."""
    at_once(scene.web_port, [[Call.get("/api/v1/me/", scene.seeded["approver"])]] * CLIENTS)  # warms the new worker up
    (worker,) = web.children()
    killer = threading.Timer(after, worker.kill)
    killer.start()
    answers = flat(at_once(scene.web_port, [[call] for call in calls]))
    killer.join()
    time.sleep(0.05)
    return answers


def assert_same_answers(first: Sequence[Answer], second: Sequence[Answer]) -> None:
    """See that who was answered before the worker died is answered the same afterwards."""
    for before, after in zip(first, second, strict=True):
        assert before.status in {200, NO_ANSWER}
        assert before.status == NO_ANSWER or before.body == after.body
