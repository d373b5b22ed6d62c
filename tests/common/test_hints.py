"""Telling the workers that there is work, also when the broker is away, hangs or is slow."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from common import hints
from common.hints import Hints, soon, tell
from config.celery import app
from tests.workflow.races import wait_until

Queue = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def queue() -> Iterator[Queue]:
    """Read the tasks that wait in the broker, with their arguments."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    name = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}celery"
    broker.delete(name)
    yield lambda: [spelled(json.loads(entry)["headers"]) for entry in broker.lrange(name, 0, -1)]
    broker.delete(name)
    broker.close()


def spelled(headers: dict[str, Any]) -> tuple[str, str]:
    return headers["task"], headers["argsrepr"]


@pytest.fixture(autouse=True)
def hints_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Hints:
    """The test's thread waits for nobody else's broken broker."""
    own = Hints()
    monkeypatch.setattr(hints, "_hints", own)
    return own


@contextmanager
def broker_at(path: Path) -> Iterator[None]:
    """Let the application look for its broker at a socket."""
    celery: Any = app  # its settings can be changed, and its connections forgotten, though its stubs do not say so
    address = celery.conf.broker_url
    celery.conf.broker_url, celery.amqp._producer_pool = f"redis+socket://{path}", None
    try:
        yield
    finally:
        celery.conf.broker_url, celery.amqp._producer_pool = address, None


@pytest.mark.django_db
def test_hint_is_given_after_the_commit(
    queue: Queue, hints_of_its_own: Hints, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        soon("nobody.inspects", "1")
        soon("nobody.inspects", "2")
        before = hints_of_its_own.thread

    wait_until(lambda: len(queue()) == 2)
    assert before is None
    assert sorted(queue()) == [("nobody.inspects", "('1',)"), ("nobody.inspects", "('2',)")]


@pytest.mark.django_db
def test_hint_of_what_was_taken_back_is_not_given(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        soon("nobody.inspects", "1")
        transaction.set_rollback(True)

    assert callbacks == []


def test_equal_hints_wait_once_and_too_many_not_at_all(
    hints_of_its_own: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "MOST", 2)
    monkeypatch.setattr(hints_of_its_own, "_run", lambda: None)

    for number in ("1", "1", "2", "3"):
        hints_of_its_own.give(("nobody.inspects", (number,)))

    assert hints_of_its_own.take() == [("nobody.inspects", ("1",)), ("nobody.inspects", ("2",))]


def test_broker_that_is_away_is_noted_once_and_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with broker_at(tmp_path / "nobody.sock"):
        told = tell([("nobody.inspects", ("1",)), ("nobody.inspects", ("2",))])

    assert told is False
    assert caplog.text.count("worker_not_told") == 1


@pytest.mark.django_db
def test_broker_that_hangs_is_waited_for_by_the_thread_alone(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with socket.socket(socket.AF_UNIX) as listener, broker_at(tmp_path / "hung.sock"):
        listener.bind(str(tmp_path / "hung.sock"))
        listener.listen()

        with django_capture_on_commit_callbacks(execute=True):
            soon("nobody.inspects", "1")
        hung, _address = listener.accept()

        assert "worker_not_told" not in caplog.text
        hung.close()
        wait_until(lambda: "worker_not_told" in caplog.text)
