"""1,000 mails to an SMTP sink in a process of its own: our relay beside a bare loop on one reused connection."""

from __future__ import annotations

import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import Membership, User
from notifications import courier
from notifications.composing import compose
from notifications.dispatch import load
from notifications.models import Delivery
from notifications.operations import relay
from tests.nominations import factories, stages
from tests.notifications.sink import free_port
from tests.workflow.races import elsewhere
from tests.workflow.tampering import empty_all_tables

MAILS, CASES, ROUNDS = 600, 6, 7
SINK = """
import asyncio, sys
from aiosmtpd.controller import Controller
class Keep:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
controller = Controller(Keep(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
"""


@contextmanager
def sink(port: int) -> Iterator[None]:
    """Keep a sink in a process of its own, which ends with this one."""
    process = subprocess.Popen(
        [sys.executable, "-c", SINK, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield
    finally:
        process.communicate()


def waiting_mails() -> list[UUID]:
    """Have ten submissions told to a hundred reviewers each, and return the keys of the waiting mails."""
    programme = stages.programme()
    users = User.objects.bulk_create(
        User(
            username=f"reader{number}", name=f"示例人员{number}", email=f"reader{number}@example.com", language=language
        )
        for number, language in zip(range(MAILS // CASES - 2), cycle(["zh-hans", "en"]), strict=False)
    )
    office, since = programme.bureau.office, factories.SINCE
    Membership.objects.bulk_create(
        Membership(user=user, organization=office, role=Role.DISTRICT_REVIEWER, valid_from=since) for user in users
    )
    for _ in range(CASES):
        stages.submitted(programme)
    while relay.queue_mails(at=timezone.now()):
        pass
    Delivery.objects.filter(notice__audience="company").delete()
    return list(Delivery.objects.values_list("pk", flat=True))


def bare_loop(port: int, texts: list[bytes]) -> float:
    """Return the seconds that smtplib needs for texts that were composed before."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        started = time.perf_counter()
        for text in texts:
            server.sendmail("noreply@example.com", ["reader@example.com"], text)
        return time.perf_counter() - started


def our_relay() -> float:
    """Return the seconds from waiting mails to mails marked as sent, composing and bookkeeping included."""
    started = time.perf_counter()
    while courier.send_batch(clock=timezone.now):
        pass
    return time.perf_counter() - started


def measured(port: int) -> list[tuple[float, float]]:
    """Return the seconds of the bare loop and of the relay, round by round."""
    ids = waiting_mails()
    texts = [
        compose(
            dispatch.letter(), address="reader@example.com", message_id="<1@x>", is_repeat=False, at=timezone.now()
        ).text
        for dispatch in load(ids[:20], at=timezone.now())
    ]
    rounds = []
    with sink(port):
        bare_loop(port, texts * 10)
        for _ in range(ROUNDS):
            Delivery.objects.update(state="pending", attempts=0, begun_at=None, next_at=timezone.now())
            rounds.append((bare_loop(port, (texts * (MAILS // len(texts)))[:MAILS]), our_relay()))
    assert Delivery.objects.exclude(state="sent").count() == 0
    print(f"\nmails: {len(texts[0])} bytes each")
    return rounds


@pytest.mark.benchmark
@pytest.mark.django_db
def test_relay_keeps_up_with_a_bare_loop(settings: Settings) -> None:
    settings.WORKFLOW_RELAY = ""
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 10

    try:
        rounds = elsewhere(lambda: measured(settings.EMAIL_PORT))
    finally:
        elsewhere(empty_all_tables)

    ratios = [floor / time for floor, time in rounds]
    rates = [MAILS / statistics.median(times) for times in zip(*rounds, strict=True)]
    print(
        f"relay of {MAILS} mails: {statistics.median(ratios):.2f} x a bare smtplib loop"
        f" (rounds {', '.join(f'{ratio:.2f}' for ratio in ratios)}; goal 0.80),"
        f" {rates[1]:.0f}/s beside {rates[0]:.0f}/s"
    )
