"""The broker dies or hangs while people submit: they notice nothing, and the mails come when it is back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.benchmarks.client import Call
from tests.e2e.desk import picture
from tests.faults.crowd import Answer, acknowledged, ask, at_once, move
from tests.faults.post import Sink
from tests.faults.stage import Broker, Stage, wait_until
from tests.faults.test_races import flat, statuses

pytestmark = pytest.mark.faults
AWAY, CLIENTS, EVERY = 20.0, 2, 0.5
SUBMITS = int(CLIENTS * AWAY / EVERY)
LONGEST, AFTERWARDS = 1.5, 60
UPLOADS, BOUNDARY = 4, "----a-photograph"


def restart(broker: Broker) -> None:
    """Start a broker that was killed, empty as it then is."""
    broker.start()
    broker.wait()


@pytest.mark.parametrize(
    ("leave", "come_back"), [(Broker.kill, restart), (Broker.hang, Broker.wake)], ids=["killed", "hung"]
)
def test_broker_away_for_twenty_seconds_keeps_nobody_from_submitting(
    scene: Stage, sink: Sink, leave: Callable[[Broker], None], come_back: Callable[[Broker], None]
) -> None:
    programs = [scene.web(), scene.worker(couriers=2), scene.beat()]
    first, *drafts = scene.seeded["drafts"][: SUBMITS + 1]
    before = ask(scene.web_port, submission(scene, first))
    wait_until(lambda: sink.mails, within=30)

    leave(scene.broker)
    answers = flat(at_once(scene.web_port, [plan(scene, drafts[n::CLIENTS]) for n in range(CLIENTS)], every=EVERY))
    come_back(scene.broker)
    took = wait_until(lambda: scene.waiting_mails() == 0, within=AFTERWARDS)

    report(answers, took)
    assert statuses(answers) == {200: SUBMITS}
    assert max(answer.seconds for answer in answers) <= LONGEST
    assert [program.name for program in programs if not program.is_running] == []
    assert sink.copies.most_common(1)[0][1] == 1
    assert scene.judge(acknowledged([before, *answers]), sink.mails) == []


def test_broker_that_hangs_keeps_nobody_from_uploading(scene: Stage) -> None:
    scene.web()
    draft = scene.seeded["drafts"][-1]
    ask(scene.web_port, upload(scene, draft))

    scene.broker.hang()
    answers = [ask(scene.web_port, upload(scene, draft)) for _ in range(UPLOADS)]
    scene.broker.wake()

    assert statuses(answers) == {201: UPLOADS}
    assert max(answer.seconds for answer in answers) <= LONGEST


def upload(scene: Stage, pk: str) -> Call:
    """Return the call by which a company uploads a photograph."""
    parts = {'name="purpose"': b"photo", 'name="file"; filename="gate.jpg"': picture()}
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + content + b"\r\n"
        for name, content in parts.items()
    )
    body += f"--{BOUNDARY}--\r\n".encode()
    head = (
        f"POST /api/v1/nominations/{pk}/attachments/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Token {scene.seeded['company']}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    return Call(head.encode() + body)


def submission(scene: Stage, pk: str) -> Call:
    """Return the call by which a company submits."""
    return move(pk, "submit", scene.seeded["company"], comment="")


def plan(scene: Stage, drafts: Sequence[str]) -> list[Call]:
    """Return what one client sends."""
    return [submission(scene, pk) for pk in drafts]


def report(answers: Sequence[Answer], took: float) -> None:
    """Print how long people waited, and how long the mails did afterwards."""
    milliseconds = sorted(1000 * answer.seconds for answer in answers)
    p95, longest = milliseconds[int(0.95 * len(answers))], milliseconds[-1]
    print(f"\nsubmits without a broker: p95 {p95:.0f} ms, longest {longest:.0f} ms; mails {took:.1f} s later")
