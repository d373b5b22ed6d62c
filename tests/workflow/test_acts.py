"""Acts that are no moves: an object is taken, changed and told of; the state stays."""

from __future__ import annotations

import pytest

from nominations.models import Nomination
from tests.workflow.world import AT, World, build, reload
from workflow import engine
from workflow.errors import NotFound, StaleVersion
from workflow.idempotency import answered, command_of
from workflow.models import CommandKey, Event


def taken(world: World, **wanted: object) -> Nomination:
    draft = world.draft()
    found: Nomination = engine.take(Nomination, draft.pk, actor=world.company, **wanted)  # type: ignore[arg-type]
    return found


def test_act_is_told_with_its_changes(world: World) -> None:
    nomination = taken(world)
    nomination.sealed_digest = "d" * 64

    event = engine.record(nomination, "seal", actor=world.company, at=AT, documents={"sealed_copy": "e" * 64})

    assert (event.kind, event.name, event.from_state, event.to_state) == ("act", "seal", "draft", "draft")
    assert event.changes == {"sealed_digest": {"old": "", "new": "d" * 64}}
    assert event.documents == {"sealed_copy": "e" * 64}
    assert (reload(nomination).sealed_digest, reload(nomination).version) == ("d" * 64, 2)


def test_value_changed_in_place_is_noticed(world: World) -> None:
    nomination = taken(world)
    nomination.form["basics"] = {"households": 500}

    event = engine.record(nomination, "edit", actor=world.company, at=AT)

    assert event.changes["form"] == {"old": {}, "new": {"basics": {"households": 500}}}
    assert reload(nomination).form == {"basics": {"households": 500}}


def test_second_act_tells_only_what_it_changed_itself(world: World) -> None:
    nomination = taken(world)
    nomination.number = "SL-1"
    engine.record(nomination, "number", actor=world.company, at=AT)
    nomination.sealed_digest = "d" * 64

    event = engine.record(nomination, "seal", actor=world.company, at=AT)

    assert (set(event.changes), event.sequence) == ({"sealed_digest"}, 2)


def test_act_without_changes_counts_a_version(world: World) -> None:
    nomination = taken(world)

    engine.record(nomination, "look", actor=world.company, at=AT)

    assert (reload(nomination).version, Event.objects.get().changes) == (2, {})


def test_quiet_save_writes_without_an_event(world: World) -> None:
    nomination = taken(world)
    nomination.form = {"basics": {}}

    engine.save_quietly(nomination, at=AT)

    assert (reload(nomination).form, reload(nomination).version, Event.objects.count()) == ({"basics": {}}, 2, 0)


def test_object_out_of_scope_is_not_found(world: World) -> None:
    foreign = build().draft()

    with pytest.raises(NotFound):
        engine.take(Nomination, foreign.pk, actor=world.company)


def test_newer_object_is_stale(world: World) -> None:
    with pytest.raises(StaleVersion):
        taken(world, version=2)


def test_taken_object_shares_its_locked_parent(world: World) -> None:
    nomination = taken(world, locks=["summary"])
    nomination.summary.recommended_count = 3

    engine.record(nomination, "count", actor=world.company, at=AT)

    assert world.programme.bureau.summary.recommended_count == 3


def test_act_under_a_key_is_answered_again(world: World) -> None:
    nomination = taken(world)
    command = command_of(world.company, "k", "seal", nomination.pk)

    event = engine.record(nomination, "seal", actor=world.company, at=AT, command=command)

    assert answered(command) == [event]
    assert str(CommandKey.objects.get()) == f"user:{world.company.user_id} k"


def test_event_is_named(world: World) -> None:
    event = engine.record(taken(world), "look", actor=world.company, at=AT)

    assert str(event) == f"nomination {event.subject_id} 1 look"
