"""S-09: what a device wrote offline comes in item by item, safe to repeat, nothing merged silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from common.identifiers import new_id
from common.refusals import Refusal
from evaluation import operations, queries
from evaluation.models import ItemScore, ScoreSheet, SheetChange
from evaluation.operations import Change, Synced
from evaluation.scoring import Mark, StandardOutline
from tests.evaluation.steps import AT, hand_in

LATER = AT + timedelta(hours=3)
EIGHT, SEVEN, SIX = (Mark(Decimal(points)) for points in (8, 7, 6))


@pytest.fixture
def item(outline: StandardOutline) -> UUID:
    return outline.groups[0].items[0].id


def sync(sheet: ScoreSheet, *changes: Change, photos: tuple[UUID, ...] = ()) -> tuple[Synced, ...]:
    """Deliver the changes as the scorer's device."""
    return operations.sync_scores(
        sheet_id=sheet.pk, scorer_id=sheet.scorer_id, changes=changes, photos=photos, at=LATER
    )


def told(results: tuple[Synced, ...]) -> list[tuple[str, int, bool]]:
    """Return what the device is told of each change: outcome, version, repeated."""
    return [(result.outcome.value, result.version, result.repeated) for result in results]


def stored(sheet: ScoreSheet) -> dict[UUID, tuple[Decimal | None, int]]:
    """Return points and version by item."""
    return {score.item_id: (score.points, score.version) for score in ItemScore.objects.filter(sheet=sheet)}


def test_changes_are_saved_under_the_versions_they_make(sheet: ScoreSheet, outline: StandardOutline) -> None:
    first, second = (leaf.item.id for leaf in list(outline.leaves())[:2])

    results = sync(sheet, Change("a", first, EIGHT), Change("b", second, SEVEN))

    assert told(results) == [("saved", 1, False), ("saved", 1, False)]
    assert stored(sheet) == {first: (Decimal(8), 1), second: (Decimal(7), 1)}


def test_delivery_is_safe_to_repeat(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    again = sync(sheet, Change("a", item, EIGHT))

    assert told(again) == [("saved", 1, True)]
    assert (stored(sheet), SheetChange.objects.count()) == ({item: (Decimal(8), 1)}, 1)


def test_repeated_change_is_no_conflict_when_the_item_has_moved_on(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))
    sync(sheet, Change("b", item, SEVEN, seen_version=1))

    [again] = sync(sheet, Change("a", item, EIGHT))

    assert (again.outcome, again.version, again.repeated) == ("saved", 1, True)
    assert (again.stored, again.stored_version) == (SEVEN, 2)
    assert again.stored_at == ItemScore.objects.get(sheet=sheet, item=item).saved_at
    assert stored(sheet) == {item: (Decimal(7), 2)}


def test_change_made_out_of_sight_of_the_last_one_is_a_conflict(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("phone-1", item, EIGHT))

    [result] = sync(sheet, Change("tablet-1", item, SIX))

    assert (result.outcome, result.version) == ("conflict", 0)
    assert (result.stored, result.stored_version) == (EIGHT, 1)
    assert stored(sheet) == {item: (Decimal(8), 1)}


def test_conflict_is_settled_by_writing_upon_the_version_it_named(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("phone-1", item, EIGHT))
    [conflict] = sync(sheet, Change("tablet-1", item, SIX))

    [settled] = sync(sheet, Change("tablet-1", item, SIX, seen_version=conflict.stored_version))

    assert told((settled,)) == [("saved", 2, False)]
    assert stored(sheet) == {item: (Decimal(6), 2)}


def test_one_conflict_keeps_no_other_change_back(sheet: ScoreSheet, outline: StandardOutline) -> None:
    first, second = (leaf.item.id for leaf in list(outline.leaves())[:2])
    sync(sheet, Change("a", first, EIGHT))

    results = sync(sheet, Change("b", first, SIX), Change("c", second, SEVEN))

    assert [result.outcome for result in results] == ["conflict", "saved"]
    assert stored(sheet) == {first: (Decimal(8), 1), second: (Decimal(7), 1)}


def test_same_mark_from_two_devices_is_no_conflict(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("phone-1", item, EIGHT))

    result = sync(sheet, Change("tablet-1", item, EIGHT))

    assert told(result) == [("saved", 1, False)]


def test_changes_of_one_item_build_on_each_other_within_a_delivery(sheet: ScoreSheet, item: UUID) -> None:
    results = sync(
        sheet, Change("a", item, EIGHT), Change("b", item, SEVEN, after="a"), Change("c", item, SIX, after="b")
    )

    assert told(results) == [("saved", 1, False), ("saved", 2, False), ("saved", 3, False)]
    assert {(result.stored, result.stored_version) for result in results} == {(SIX, 3)}
    assert stored(sheet) == {item: (Decimal(6), 3)}


def test_change_after_one_whose_answer_was_lost_is_saved(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    results = sync(sheet, Change("a", item, EIGHT), Change("b", item, SEVEN, after="a"))

    assert told(results) == [("saved", 1, True), ("saved", 2, False)]


def test_change_after_one_that_was_overtaken_is_a_conflict(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))
    sync(sheet, Change("tablet-1", item, SIX, seen_version=1))

    [result] = sync(sheet, Change("b", item, SEVEN, after="a"))

    assert (result.outcome, result.stored, result.stored_version) == ("conflict", SIX, 2)


def test_change_after_one_of_another_item_counts_by_its_version(sheet: ScoreSheet, outline: StandardOutline) -> None:
    first, second = (leaf.item.id for leaf in list(outline.leaves())[:2])
    sync(sheet, Change("a", first, EIGHT), Change("b", second, EIGHT))

    [result] = sync(sheet, Change("c", second, SEVEN, after="a"))

    assert result.outcome == "conflict"


def test_id_that_stands_for_another_change_is_refused(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    [result] = sync(sheet, Change("a", item, SEVEN, seen_version=1))

    assert (result.outcome, [refusal.code for refusal in result.refusals]) == ("refused", ["change_reused"])
    assert stored(sheet) == {item: (Decimal(8), 1)}


def test_known_id_with_text_that_cannot_be_stored_is_refused(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    [result] = sync(sheet, Change("a", item, replace(EIGHT, remark="\ud800")))

    assert [refusal.code for refusal in result.refusals] == ["change_reused"]


def test_points_are_the_same_however_they_are_spelled(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    assert told(sync(sheet, Change("a", item, Mark(Decimal("8.00"))))) == [("saved", 1, True)]


@pytest.mark.parametrize(
    ("mark", "codes"),
    [
        (Mark(Decimal("7.3")), ["points_out_of_range"]),
        (Mark(Decimal("10.5")), ["points_out_of_range"]),
        (Mark(None), ["points_missing"]),
        (Mark(None, not_applicable=True), ["reason_missing"]),
        (Mark(Decimal(8), remark="字" * 2001), ["remark_unusable"]),
        (Mark(Decimal(5), remark="差", photo_id=UUID(int=1)), ["photo_unknown"]),
    ],
)
def test_change_that_cannot_be_stored_is_refused_by_itself(
    sheet: ScoreSheet, outline: StandardOutline, mark: Mark, codes: list[str]
) -> None:
    first, second = (leaf.item.id for leaf in list(outline.leaves())[:2])

    results = sync(sheet, Change("a", first, mark), Change("b", second, SEVEN))

    assert [result.outcome for result in results] == ["refused", "saved"]
    assert [refusal.code for refusal in results[0].refusals] == codes
    assert stored(sheet) == {second: (Decimal(7), 1)}


def test_photo_that_was_sent_before_may_be_named(sheet: ScoreSheet, item: UUID) -> None:
    photo = new_id()

    [result] = sync(sheet, Change("a", item, Mark(Decimal(5), remark="差", photo_id=photo)), photos=(photo,))

    assert result.outcome == "saved"
    assert ItemScore.objects.get(sheet=sheet).photo_id == photo


def test_item_of_another_standard_is_refused(sheet: ScoreSheet) -> None:
    [result] = sync(sheet, Change("a", new_id(), EIGHT))

    assert (result.outcome, result.stored, result.refusals[0].code) == ("refused", None, "item_unknown")


def test_sheet_handed_in_refuses_each_change_and_knows_what_it_had_saved(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))
    hand_in(sheet)
    before = stored(sheet)

    results = sync(sheet, Change("a", item, EIGHT), Change("b", item, SIX, seen_version=before[item][1]))

    assert told(results) == [("saved", 1, True), ("closed", 0, False)]
    assert [refusal.code for refusal in results[1].refusals] == ["sheet_handed_in"]
    assert stored(sheet) == before


def test_caller_can_close_an_open_sheet(sheet: ScoreSheet, item: UUID) -> None:
    over = Refusal("not_editable", "over")

    [result] = operations.sync_scores(
        sheet_id=sheet.pk,
        scorer_id=sheet.scorer_id,
        changes=[Change("a", item, EIGHT)],
        photos=(),
        at=LATER,
        closed=over,
    )

    assert (result.outcome, result.refusals) == ("closed", (over,))
    assert stored(sheet) == {}


def test_sheet_of_somebody_else_is_not_found(sheet: ScoreSheet, item: UUID, approver: User) -> None:
    with pytest.raises(operations.SheetNotFound):
        operations.sync_scores(
            sheet_id=sheet.pk, scorer_id=approver.pk, changes=[Change("a", item, EIGHT)], photos=(), at=LATER
        )


def test_saved_change_stays_as_it_is(sheet: ScoreSheet, item: UUID) -> None:
    sync(sheet, Change("a", item, EIGHT))

    for act in (lambda: SheetChange.objects.update(version=9), lambda: SheetChange.objects.all().delete()):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            act()


LOSSES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=LOSSES)
def test_two_devices_that_lose_answers_end_with_what_was_saved_last(
    sheet: ScoreSheet, item: UUID, steps: list[tuple[int, int, bool]]
) -> None:
    """Each step: a device writes points upon what it last saw and sends all that is unanswered; the answer may be lost.

    Whatever was saved was written in sight of the version before it, and every change is saved at most once.
    """
    with transaction.atomic():
        seen, queues = [0, 0], ([], [])  # type: tuple[list[int], tuple[list[Change], list[Change]]]
        for number, (device, halves, is_lost) in enumerate(steps):
            queue = queues[device]
            after = queue[-1].id if queue else ""
            queue.append(
                Change(f"{device}-{number}", item, Mark(Decimal(halves) / 2), seen_version=seen[device], after=after)
            )
            results = sync(sheet, *queue)
            if not is_lost:
                seen[device] = results[-1].stored_version
                queue.clear()

        saved = list(SheetChange.objects.filter(sheet=sheet).order_by("pk").values_list("version", flat=True))
        mark = queries.marks_on(sheet.pk)[item]
        assert saved == sorted(saved)
        assert stored(sheet)[item] == (mark.points, saved[-1])
        transaction.set_rollback(True)
