"""What the engine calls upward, by name, and what it does when nobody answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import redis
from django.conf import settings as site
from pytest_django import Settings

from nominations.models import Nomination
from tests.workflow.races import wait_until
from tests.workflow.world import AT, REASON, World, state_of
from workflow import engine, hooks
from workflow.engine import Item
from workflow.models import Event, OutboxEntry, WorkflowModel

OnCommit = Callable[..., AbstractContextManager[list[Callable[[], None]]]]
heard: list[tuple[list[str], list[str]]] = []


def listen(events: Sequence[Event], subjects: Sequence[WorkflowModel]) -> None:
    """Hear what the engine says."""
    heard.append(([event.name for event in events], [subject.state for subject in subjects]))


def fall_over(events: Sequence[Event], subjects: Sequence[WorkflowModel]) -> None:
    """Fail at what the engine says."""
    raise RuntimeError("cannot write notices")


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    heard.clear()
    yield
    heard.clear()


def withdraw(world: World) -> Event:
    return engine.perform(Nomination, world.draft().pk, "withdraw", actor=world.company, at=AT, comment=REASON)


def test_writer_hears_of_all_events_of_a_command(world: World, settings: Settings) -> None:
    settings.WORKFLOW_EVENT_WRITER = f"{__name__}.listen"
    items = [Item(draft.pk) for draft in world.drafts(2)]

    engine.perform_many(Nomination, items, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert heard == [(["withdraw", "withdraw"], ["withdrawn", "withdrawn"])]


def test_move_whose_notices_cannot_be_written_is_not_made(world: World, settings: Settings) -> None:
    settings.WORKFLOW_EVENT_WRITER = f"{__name__}.fall_over"
    draft = world.draft()

    with pytest.raises(RuntimeError, match="cannot write notices"):
        engine.perform(Nomination, draft.pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert (state_of(draft), Event.objects.count()) == ("draft", 0)


def test_nobody_need_listen() -> None:
    hooks.event_writer()([], [])

    assert heard == []


@pytest.fixture
def queue() -> Iterator[Callable[[], list[str]]]:
    """Read the names of the tasks that wait in the broker."""
    broker = redis.Redis.from_url(site.REDIS_URL)
    name = f"{site.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}celery"
    broker.delete(name)
    yield lambda: [json.loads(entry)["headers"]["task"] for entry in broker.lrange(name, 0, -1)]
    broker.delete(name)
    broker.close()


def test_relay_is_asked_for_after_the_commit(
    world: World, settings: Settings, queue: Callable[[], list[str]], django_capture_on_commit_callbacks: OnCommit
) -> None:
    settings.WORKFLOW_RELAY = "nobody.relays"

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(world)
        withdraw(world)
        before = queue()

    wait_until(queue)
    assert (before, set(queue())) == ([], {"nobody.relays"})


def test_refused_command_asks_for_nothing(
    world: World, settings: Settings, django_capture_on_commit_callbacks: OnCommit
) -> None:
    settings.WORKFLOW_RELAY = "nobody.relays"
    items = [Item(world.draft().pk), Item(UUID(int=0))]

    with django_capture_on_commit_callbacks() as callbacks:
        engine.perform_many(Nomination, items, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert callbacks == []


def test_relay_finds_its_work_without_being_asked(
    world: World, settings: Settings, django_capture_on_commit_callbacks: OnCommit
) -> None:
    settings.WORKFLOW_RELAY = ""

    with django_capture_on_commit_callbacks() as callbacks:
        event = withdraw(world)

    assert (callbacks, str(OutboxEntry.objects.get())) == ([], str(event.pk))
