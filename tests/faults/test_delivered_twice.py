"""A task that the broker delivers several times, to several workers at the same instant, has one effect."""

from __future__ import annotations

import pytest
from celery import Celery

from tests.faults.post import Sink
from tests.faults.stage import Stage, wait_until

pytestmark = pytest.mark.faults
TIMES, RELAY = 3, "notifications.tasks.relay"


def test_relay_delivered_three_times_in_parallel_sends_each_mail_once(scene: Stage, sink: Sink) -> None:
    for _ in range(TIMES):
        Celery("faults", broker=scene.broker.url).send_task(RELAY, task_id="once", ignore_result=True)

    worker = scene.worker(couriers=TIMES)
    wait_until(lambda: scene.waiting_mails() == 0, within=60)

    worker.end()
    wanted = scene.ask("SELECT count(*) FROM notifications_notice WHERE wants_mail")
    assert len(sink.mails) == len(sink.copies) == wanted
    assert scene.judge([], sink.mails) == []
