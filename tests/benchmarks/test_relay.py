"""1,000 mails to an SMTP sink in a process of its own: our relay beside a bare loop on one reused connection."""

from __future__ import annotations

import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connections
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
from tests.workflow.tampering import empty_all_tables

T = TypeVar("T")
# Two hundred submissions, each told to a bureau of five.
MAILS, CASES, ROUNDS = 1000, 200, 5
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
    """Have every submission told to the reviewers of a bureau, and return the keys of the waiting mails."""
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


def bare_loop(port: int, texts: list[bytes]) -> None:
    """Send texts that were composed before over one connection of smtplib."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for text in texts:
            server.sendmail("noreply@example.com", ["reader@example.com"], text)


def our_relay() -> None:
    """Bring waiting mails to where they are marked as sent: claimed, read, composed, sent, booked."""
    while courier.send_batch(clock=timezone.now):
        pass


@dataclass(frozen=True)
class Spent:
    """What a thousand mails cost: seconds on the wall, and seconds of this process's processor time."""

    wall: float
    processor: float


def spent_on(act: Callable[[], None]) -> Spent:
    """Return what an act costs."""
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return Spent(time.perf_counter() - wall, time.process_time() - processor)


def measured(port: int) -> list[tuple[Spent, Spent]]:
    """Return what the bare loop and the relay cost, round by round."""
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
            bare = spent_on(lambda: bare_loop(port, (texts * (MAILS // len(texts)))[:MAILS]))
            rounds.append((bare, spent_on(our_relay)))
    assert Delivery.objects.exclude(state="sent").count() == 0
    print(f"\nmails of {len(texts[0])} bytes")
    return rounds


def on_its_own_connection(act: Callable[[], T]) -> T:
    """Return what the act returns; it commits what it writes, however long it takes."""
    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(act).result()
        finally:
            pool.submit(connections.close_all).result()


@pytest.mark.benchmark
@pytest.mark.django_db
def test_relay_keeps_up_with_a_bare_loop(settings: Settings) -> None:
    settings.WORKFLOW_RELAY = ""
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 10

    try:
        rounds = on_its_own_connection(lambda: measured(settings.EMAIL_PORT))
    finally:
        on_its_own_connection(empty_all_tables)

    ratios = [bare.wall / ours.wall for bare, ours in rounds]
    bare, ours = (
        Spent(statistics.median(one.wall for one in side), statistics.median(one.processor for one in side))
        for side in zip(*rounds, strict=True)
    )
    print(
        f"relay of {MAILS} mails: {statistics.median(ratios):.2f} x a bare smtplib loop (rounds"
        f" {', '.join(f'{ratio:.2f}' for ratio in sorted(ratios))}; goal 0.80);"
        f" {MAILS / ours.wall:.0f}/s, {ours.processor / MAILS * 1e3:.2f} ms of processor a mail, beside"
        f" {MAILS / bare.wall:.0f}/s, {bare.processor / MAILS * 1e3:.2f} ms"
    )
