"""A move of many: one transaction, one verdict per row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from nominations.models import Nomination, RecommendationSummary
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, build, state_of
from workflow import engine
from workflow.engine import Item, Outcome
from workflow.errors import KeyReused, UnknownMove
from workflow.models import Deadline, Event, OutboxEntry, Stream
from workflow.verification import verify_all


def withdraw(world: World, items: list[Item], **wanted: Any) -> list[Outcome]:
    wanted = {"comment": REASON, **wanted}
    return engine.perform_many(Nomination, items, "withdraw", actor=world.company, at=AT, **wanted)


def codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.error.code if outcome.error else "moved" if outcome.event else "would move" for outcome in outcomes]


def test_all_rows_move_in_one_transaction(world: World) -> None:
    drafts = [*world.drafts(2), *world.drafts(2, bureau=1)]

    outcomes = withdraw(world, [Item(draft.pk) for draft in drafts])

    assert [outcome.id for outcome in outcomes] == [draft.pk for draft in drafts]
    assert codes(outcomes) == ["moved"] * 4
    assert [state_of(draft) for draft in drafts] == ["withdrawn"] * 4
    assert OutboxEntry.objects.count() == 4
    assert [flaw for _name, flaw in verify_all() if flaw] == []


def test_events_stand_in_the_order_of_the_items(world: World) -> None:
    drafts = world.drafts(3)[::-1]

    outcomes = withdraw(world, [Item(draft.pk) for draft in drafts])

    events = [outcome.event for outcome in outcomes if outcome.event]
    assert [(event.subject_id, event.position) for event in events] == [
        (draft.pk, place) for place, draft in enumerate(drafts, start=1)
    ]


def test_one_refusal_keeps_all_from_moving(world: World) -> None:
    first, second = world.drafts(2)

    outcomes = withdraw(world, [Item(first.pk), Item(second.pk, version=7)])

    assert codes(outcomes) == ["would move", "stale_version"]
    assert ([state_of(first), state_of(second)], Event.objects.count()) == (["draft", "draft"], 0)


def test_refused_rows_are_skipped_where_that_is_wanted(world: World) -> None:
    first, foreign, gone = world.draft(), build().draft(), place(world.draft(), "awarded")
    items = [Item(first.pk), Item(foreign.pk), Item(gone.pk), Item(UUID(int=0))]

    outcomes = withdraw(world, items, all_or_nothing=False)

    assert codes(outcomes) == ["moved", "not_found", "wrong_state", "not_found"]
    assert ([state_of(first), state_of(foreign)], Event.objects.count()) == (["withdrawn", "draft"], 1)


def test_dry_run_writes_nothing_and_answers_alike(world: World) -> None:
    first, gone = world.draft(), place(world.draft(), "awarded")
    heads = list(Stream.objects.order_by("id").values_list("length", "head"))

    outcomes = withdraw(world, [Item(first.pk), Item(gone.pk)], all_or_nothing=False, dry_run=True, key="k")

    assert codes(outcomes) == ["would move", "wrong_state"]
    assert (state_of(first), Event.objects.count(), OutboxEntry.objects.count()) == ("draft", 0, 0)
    assert list(Stream.objects.order_by("id").values_list("length", "head")) == heads


def test_no_items_move_nothing(world: World) -> None:
    assert withdraw(world, []) == []


def test_object_listed_twice_moves_once(world: World) -> None:
    draft = world.draft()

    outcomes = withdraw(world, [Item(draft.pk), Item(draft.pk, version=9)])

    assert (codes(outcomes), Event.objects.count()) == (["moved", "moved"], 1)


def test_counts_of_a_shared_parent_add_up(world: World) -> None:
    drafts = [place(draft, "recommended") for draft in world.drafts(3)]
    RecommendationSummary.objects.filter(pk=drafts[0].summary_id).update(recommended_count=3)

    withdraw(world, [Item(draft.pk) for draft in drafts])

    assert world.programme.bureau.summary.recommended_count == 0


def test_unknown_move_is_refused(world: World) -> None:
    with pytest.raises(UnknownMove):
        engine.perform_many(Nomination, [], "fly", actor=world.company, at=AT)


def test_same_key_gives_the_first_events_again(world: World) -> None:
    first, gone = world.draft(), place(world.draft(), "awarded")
    items = [Item(first.pk), Item(gone.pk)]
    answered = withdraw(world, items, all_or_nothing=False, key="k")

    again = withdraw(world, items, all_or_nothing=False, key="k")

    assert codes(again) == ["moved", "refused_before"]
    assert (again[0].event, Event.objects.count()) == (answered[0].event, 1)


def test_same_key_for_other_items_is_refused(world: World) -> None:
    first, second = world.drafts(2)
    withdraw(world, [Item(first.pk)], key="k")

    with pytest.raises(KeyReused):
        withdraw(world, [Item(second.pk)], key="k")


def test_nothing_moved_keeps_no_key(world: World) -> None:
    gone = place(world.draft(), "awarded")
    withdraw(world, [Item(gone.pk)], all_or_nothing=False, key="k")
    place(gone, "draft")

    outcomes = withdraw(world, [Item(gone.pk)], all_or_nothing=False, key="k")

    assert codes(outcomes) == ["moved"]


def test_deadlines_of_all_rows_are_settled_together(world: World) -> None:
    drafts = world.drafts(5)
    Deadline.objects.bulk_create(
        Deadline(kind="application_closes", flow="nomination", subject_id=draft.pk, due_at=AT, next_try_at=AT)
        for draft in drafts
    )

    withdraw(world, [Item(draft.pk) for draft in drafts])

    settled = Deadline.objects.filter(kind="application_closes")
    assert list(settled.values_list("settled_at", "outcome").distinct()) == [(AT, "done")]


@pytest.mark.parametrize("count", [2, 30])
def test_bulk_move_needs_as_many_statements_for_many_rows_as_for_few(
    world: World, count: int, django_assert_max_num_queries: Any
) -> None:
    drafts = world.drafts(count)

    with django_assert_max_num_queries(17):  # four of them are savepoints, six load the parents
        withdraw(world, [Item(draft.pk) for draft in drafts])
