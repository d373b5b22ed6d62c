"""Moves of other objects that belong to the same transaction."""

from __future__ import annotations

from typing import Any

import pytest

from nominations.enums import SelectionOutcome
from nominations.models import Nomination, RecommendationSummary, Selection
from tests.nominations import factories
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, build, reload, state_of
from workflow import engine
from workflow.engine import Item
from workflow.errors import MoveRefused, NotFound
from workflow.models import Event
from workflow.verification import verify_all


def recommended(world: World, *, summary_state: str = "received", bureau: int = 0) -> Nomination:
    """Return a recommended nomination whose district's summary has come so far."""
    nomination = place(world.draft(bureau=bureau), "recommended")
    summary = world.programme.bureaus[bureau].summary
    place(summary, summary_state, recommended_count=summary.recommended_count + 1)
    return nomination  # type: ignore[no-any-return]


def selected(world: World, *outcomes: SelectionOutcome, bureau: int = 0) -> tuple[Selection, list[Nomination]]:
    """Return a proposed selection and its nominations, one per outcome."""
    selection = place(world.selection(), "proposed")
    nominations = [place(world.draft(bureau=bureau), "evaluated") for _outcome in outcomes]
    for rank, (nomination, outcome) in enumerate(zip(nominations, outcomes, strict=True), start=1):
        selection.rows.create(nomination=nomination, rank=rank, outcome=outcome)
    return selection, nominations


def return_to_district(world: World, *nominations: Nomination, **wanted: Any) -> list[engine.Outcome]:
    wanted = {"comment": REASON, **wanted}
    items = [Item(nomination.pk) for nomination in nominations]
    return engine.perform_many(
        Nomination, items, "return_to_district", actor=world.programme.city_reviewer, at=AT, **wanted
    )


def test_sequel_is_an_event_of_its_own_in_the_same_chain(world: World) -> None:
    nomination = recommended(world)

    engine.perform(
        Nomination, nomination.pk, "return_to_district", actor=world.programme.city_reviewer, at=AT, comment=REASON
    )

    told = Event.objects.order_by("position").values_list("flow", "name", "to_state", "comment", "at")
    assert list(told) == [
        ("nomination", "return_to_district", "submitted", REASON, AT),
        ("recommendation_summary", "return", "returned", REASON, AT),
    ]
    assert [flaw for _name, flaw in verify_all() if flaw and flaw.where.startswith("stream")] == []


def test_sequel_sees_what_the_move_has_written(world: World) -> None:
    selection, (nomination,) = selected(world, SelectionOutcome.SHORTLIST)

    engine.perform(Selection, selection.pk, "approve", actor=world.programme.city_approver, at=AT, comment=REASON)

    assert (state_of(selection), state_of(nomination)) == ("approved", "shortlisted")


def test_sequels_of_several_kinds_each_happen(world: World) -> None:
    outcomes = (SelectionOutcome.SHORTLIST, SelectionOutcome.RESERVE, SelectionOutcome.PASS_OVER) * 2
    selection, nominations = selected(world, *outcomes)

    engine.perform(Selection, selection.pk, "approve", actor=world.programme.city_approver, at=AT, comment=REASON)

    assert [state_of(nomination) for nomination in nominations] == ["shortlisted", "reserved", "not_selected"] * 2
    assert reload(world.programme.campaign).places_taken == 2


def test_refused_sequel_undoes_everything(world: World) -> None:
    selection, nominations = selected(world, SelectionOutcome.SHORTLIST, SelectionOutcome.RESERVE)
    Nomination.objects.filter(pk=nominations[0].pk).update(veto={"kind": "accident"})

    with pytest.raises(MoveRefused) as caught:
        engine.perform(Selection, selection.pk, "approve", actor=world.programme.city_approver, at=AT, comment=REASON)

    assert [refusal.code for refusal in caught.value.refusals] == ["veto_recorded"]
    assert [state_of(row) for row in (selection, *nominations)] == ["proposed", "evaluated", "evaluated"]
    assert Event.objects.count() == 0


def test_sequel_of_what_the_actor_may_not_see_is_refused(world: World) -> None:
    selection, (nomination,) = selected(world, SelectionOutcome.RESERVE)
    Nomination.objects.filter(pk=nomination.pk).update(campaign=build().programme.campaign)

    with pytest.raises(NotFound):
        engine.perform(Selection, selection.pk, "approve", actor=world.programme.city_approver, at=AT, comment=REASON)

    assert (state_of(selection), state_of(nomination)) == ("proposed", "evaluated")


def test_same_sequel_of_two_rows_happens_once(world: World) -> None:
    first, second = recommended(world), recommended(world)

    outcomes = return_to_district(world, first, second)

    assert [outcome.error for outcome in outcomes] == [None, None]
    assert Event.objects.filter(flow="recommendation_summary").values_list("name", flat=True).get() == "return"
    assert world.programme.bureau.summary.recommended_count == 0


def test_row_whose_sequel_is_refused_is_skipped_alone(world: World) -> None:
    free, barred = recommended(world), recommended(world, bureau=1)
    RecommendationSummary.objects.filter(pk=barred.summary_id).update(sealed_digest="x")
    place_visit(world, barred)

    outcomes = return_to_district(world, free, barred, all_or_nothing=False)

    assert [outcome.error.code if outcome.error else "" for outcome in outcomes] == ["", "refused"]
    assert [state_of(free), state_of(barred)] == ["submitted", "recommended"]


def test_refused_sequel_keeps_all_rows_where_all_or_none_are_wanted(world: World) -> None:
    free, barred = recommended(world), recommended(world, bureau=1)
    place_visit(world, barred)

    outcomes = return_to_district(world, free, barred, dry_run=True)

    assert [bool(outcome.error) for outcome in outcomes] == [False, True]
    assert [state_of(free), state_of(barred)] == ["recommended", "recommended"]


def place_visit(world: World, nomination: Nomination) -> None:
    """Let the evaluation of another community of the same district have begun: the summary can no longer go back."""
    other = place(world.draft(bureau=1), "recommended")
    visit = other.visits.create(
        visited_on=AT.date(), members=["示例"], recorded_by=factories.UserFactory.create(), recorded_at=AT
    )
    factories.AttachmentFactory.create(subject_kind="visit", subject_id=visit.pk, purpose="photo")
    assert other.summary_id == nomination.summary_id
