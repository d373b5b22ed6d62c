from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from tests.workflow.world import AT, World
from workflow import idempotency
from workflow.errors import KeyReused
from workflow.idempotency import claim, command_of, keep, purge, require_same
from workflow.models import CommandKey
from workflow.tasks import purge_command_keys

pytestmark = pytest.mark.django_db


def test_key_is_claimed_once_and_its_answer_found_again(world: World) -> None:
    command = command_of(world.company, "k", "claim", 1)

    first = claim(command, at=AT)
    keep(command, {"status": 200})

    again = claim(command, at=AT)
    assert first is None
    assert again is not None
    assert (again.answer, again.created_at) == ({"status": 200}, AT)


def test_key_of_another_command_is_not_the_same(world: World) -> None:
    claim(command_of(world.company, "k", "claim", 1), at=AT)
    other = command_of(world.company, "k", "claim", 2)

    known = claim(other, at=AT)

    assert known is not None
    with pytest.raises(KeyReused):
        require_same(known, other)


def test_key_of_another_person_is_another_key(world: World) -> None:
    claim(command_of(world.company, "k"), at=AT)

    assert claim(command_of(world.approver, "k"), at=AT) is None


@pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 1), (31, 0)])
def test_key_is_kept_for_thirty_days(world: World, days: int, left: int) -> None:
    claim(command_of(world.company, "k"), at=AT)

    purge(at=AT + timedelta(days=days))

    assert CommandKey.objects.count() == left


def test_purge_goes_on_until_nothing_old_is_left(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMAND_KEYS_KEPT_DAYS = 1
    monkeypatch.setattr(idempotency, "BATCH", 2)
    for number in range(5):
        claim(command_of(world.company, f"old{number}"), at=AT - timedelta(days=2))
    claim(command_of(world.company, "new"), at=AT)

    purged = purge(at=AT)

    assert purged == 5
    assert [known.key for known in CommandKey.objects.all()] == ["new"]


def test_old_keys_are_purged_by_tick_and_by_command(world: World) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    claim(command_of(world.company, "first"), at=long_ago)

    by_tick = purge_command_keys()
    claim(command_of(world.company, "second"), at=long_ago)
    said = StringIO()
    call_command("purge_command_keys", stdout=said)

    assert (by_tick, said.getvalue()) == (1, "1 command keys forgotten\n")
    assert CommandKey.objects.count() == 0
