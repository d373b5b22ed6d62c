"""Real threads, real connections: many at the same instant, and nothing lost, doubled or exceeded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from common.errors import DomainError
from nominations.enums import SelectionOutcome
from nominations.models import Nomination, RecommendationSummary
from tests.workflow.races import at_once, codes, elsewhere
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, reload, state_of
from workflow import engine
from workflow.engine import Item
from workflow.models import CommandKey, Event, Stream
from workflow.verification import verify_stream


def chains_hold() -> bool:
    """Tell whether every chain holds."""
    return [flaw for flaw in map(verify_stream, Stream.objects.all()) if flaw] == []


def withdraw(world: World, subject: Nomination, **wanted: Any) -> Event:
    wanted = {"comment": REASON, **wanted}
    return engine.perform(Nomination, subject.pk, "withdraw", actor=world.company, at=AT, **wanted)


def each(acts: Sequence[Callable[[], object]]) -> Callable[[], list[str]]:
    """Return an act that does all of these in turn and says what came of each."""

    def said(act: Callable[[], object]) -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        return "moved"

    return lambda: [said(act) for act in acts]


def test_same_move_by_six_clients_on_a_hundred_objects(committed_world: World) -> None:
    world = committed_world
    drafts = elsewhere(lambda: [*world.drafts(50), *world.drafts(50, bureau=1)])
    orders = [drafts, drafts[::-1], drafts[50:] + drafts[:50], drafts[::2] + drafts[1::2], drafts, drafts[::-1]]

    answers = at_once([each([lambda own=own: withdraw(world, own) for own in order]) for order in orders])

    assert codes(answers) == []
    said = Counter(code for answer in answers if isinstance(answer, list) for code in answer)
    assert said == {"moved": 100, "wrong_state": 500}
    assert Event.objects.count() == 100
    assert chains_hold()


def evaluated(world: World, count: int) -> list[Nomination]:
    """Return evaluated nominations that an approved selection shortlists."""
    selection = place(world.selection(), "approved", approved_at=AT)
    nominations = [place(draft, "evaluated") for draft in world.drafts(count)]
    for rank, nomination in enumerate(nominations, start=1):
        selection.rows.create(nomination=nomination, rank=rank, outcome=SelectionOutcome.SHORTLIST)
    return nominations


def test_thirty_shortlistings_for_ten_places(committed_world: World) -> None:
    world = committed_world
    nominations = elsewhere(lambda: evaluated(world, 30))
    actor = world.programme.city_approver

    def shortlist(subject: Nomination) -> Event:
        return engine.perform(Nomination, subject.pk, "shortlist", actor=actor, at=AT)

    answers = at_once([each([lambda own=own: shortlist(own) for own in nominations[place::6]]) for place in range(6)])

    said = Counter(code for answer in answers if isinstance(answer, list) for code in answer)
    assert said == {"moved": 10, "refused": 20}
    assert (reload(world.programme.campaign).places_taken, Event.objects.count()) == (10, 10)


def test_identical_key_eight_times_at_once(committed_world: World) -> None:
    draft = elsewhere(committed_world.draft)

    answers = at_once([lambda: withdraw(committed_world, draft, key="k", version=1)] * 8)

    assert codes(answers) == []
    assert len({event.pk for event in answers if isinstance(event, Event)}) == 1
    assert (Event.objects.count(), CommandKey.objects.count()) == (1, 1)


def test_identical_key_for_eight_objects_at_once(committed_world: World) -> None:
    drafts = elsewhere(lambda: [*committed_world.drafts(4), *committed_world.drafts(4, bureau=1)])

    answers = at_once([lambda own=own: withdraw(committed_world, own, key="k") for own in drafts])

    assert codes(answers) == ["idempotency_key_reused"] * 7
    assert (Event.objects.count(), sum(state_of(draft) == "withdrawn" for draft in drafts)) == (1, 1)


def test_identical_key_of_a_bulk_move_at_once(committed_world: World) -> None:
    drafts = elsewhere(lambda: committed_world.drafts(5))
    items = [Item(draft.pk) for draft in drafts]

    answers = at_once(
        [
            lambda: engine.perform_many(
                Nomination, items, "withdraw", actor=committed_world.company, at=AT, comment=REASON, key="k"
            )
        ]
        * 4
    )

    assert codes(answers) == []
    found = {tuple(row.event.pk for row in answer if row.event) for answer in answers if isinstance(answer, list)}
    assert (len(found), Event.objects.count()) == (1, 5)


def test_bulk_moves_over_the_same_chains_do_not_meet_in_a_deadlock(committed_world: World) -> None:
    """Each takes rows of both districts, in opposite orders; the rows differ, the chains are the same."""
    world = committed_world
    districts = elsewhere(lambda: [world.drafts(12), world.drafts(12, bureau=1)])
    one = [draft for pair in zip(*districts, strict=True) for draft in pair]

    def withdraw_all(own: list[Nomination]) -> list[engine.Outcome]:
        items = [Item(draft.pk) for draft in own]
        return engine.perform_many(Nomination, items, "withdraw", actor=world.company, at=AT, comment=REASON)

    shares = [one[place::4] for place in range(4)]
    answers = at_once(
        [
            lambda own=share[::-1] if place % 2 else share: withdraw_all(own)  # type: ignore[misc]
            for place, share in enumerate(shares)
        ]
    )

    assert codes(answers) == []
    assert Event.objects.count() == 24
    assert chains_hold()


def test_sequels_and_moves_of_their_objects_do_not_meet_in_a_deadlock(committed_world: World) -> None:
    """The city returns nominations, and with the first one the summary; the district's own hands are on both."""
    world = committed_world

    def made() -> list[Nomination]:
        nominations = [place(draft, "recommended") for draft in world.drafts(8)]
        place(world.programme.bureau.summary, "received", recommended_count=8)
        return nominations

    nominations = elsewhere(made)
    summary = world.programme.bureau.summary

    def return_one(subject: Nomination) -> Event:
        actor = world.programme.city_reviewer
        return engine.perform(Nomination, subject.pk, "return_to_district", actor=actor, at=AT, comment=REASON)

    def return_summary() -> Event:
        actor = world.programme.city_reviewer
        return engine.perform(RecommendationSummary, summary.pk, "return", actor=actor, at=AT, comment=REASON)

    answers = at_once([*(lambda own=own: return_one(own) for own in nominations), return_summary])

    assert set(codes(answers)) <= {"wrong_state"}
    assert [state_of(nomination) for nomination in nominations] == ["submitted"] * 8
    assert (state_of(summary), reload(summary).recommended_count) == ("returned", 0)
    assert Event.objects.filter(flow="recommendation_summary").count() == 1
    assert chains_hold()


@pytest.mark.parametrize("wait", ["row", "chain"])
def test_lock_that_cannot_be_had_in_time_is_busy(committed_world: World, wait: str) -> None:
    draft = elsewhere(committed_world.draft)

    def impatient() -> Event:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return withdraw(committed_world, draft)

    with transaction.atomic(), connection.cursor() as cursor:
        table, key = ("nominations_nomination", draft.pk) if wait == "row" else ("workflow_stream", draft.stream_id)
        cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [key])
        (answer,) = at_once([impatient])
        transaction.set_rollback(True)

    assert (codes([answer]), state_of(draft)) == (["busy"], "draft")
