"""Killing the Celery worker in the midst of a mail: everybody gets theirs, and what may come twice says so."""

from __future__ import annotations

import pytest

from tests.faults.crowd import Answer, acknowledged, ask, move
from tests.faults.post import RECIPIENT, TEXT, Sink
from tests.faults.stage import Program, Stage, wait_until

pytestmark = pytest.mark.faults
# The mails of the seed wait to begin with; each life of the worker gets a few more.
KILLS, SUBMITS, PASSED = 5, 5, 8
AFTERWARDS = 60


def test_killed_worker_loses_no_mail_and_marks_what_may_come_twice(scene: Stage, sink: Sink) -> None:
    scene.web()
    scene.beat()
    # One courier: a kill meets at most one mail whose text is under way.
    worker = scene.worker(couriers=1)
    answers: list[Answer] = []

    for life in range(KILLS):
        sink.set_trap(TEXT if life % 2 == 0 else RECIPIENT, worker.kill, after=PASSED)
        answers += submitted(scene, scene.seeded["drafts"][life * SUBMITS : (life + 1) * SUBMITS])
        wait_until(lambda: not worker.is_running, within=30)
        worker.start()
    wait_until(lambda: scene.waiting_mails() == 0, within=AFTERWARDS)

    assert [answer.status for answer in answers] == [200] * KILLS * SUBMITS
    assert_few_copies(sink, worker)
    assert scene.judge(acknowledged(answers), sink.mails) == []


def submitted(scene: Stage, drafts: list[str]) -> list[Answer]:
    """Submit drafts one after the other; each gives the relay a hint."""
    return [ask(scene.web_port, move(pk, "submit", scene.seeded["company"], comment="")) for pk in drafts]


def assert_few_copies(sink: Sink, worker: Program) -> None:
    """See that a kill after the text brought at most one mail twice, and a kill before it none."""
    assert worker.is_running, worker.words()
    copies = len(sink.mails) - len(sink.copies)
    assert copies <= (KILLS + 1) // 2, f"{copies} mails came twice"
