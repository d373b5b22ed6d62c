"""Opening, filling in, handing in and unlocking a sheet (S-05, S-09, S-11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from common.errors import DomainError
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.enums import SheetState
from evaluation.models import ItemScore, ScoreSheet, Standard
from evaluation.operations import Entry, Saved
from evaluation.scoring import Mark, StandardOutline
from tests.evaluation.annex import PHOTO, SHEET_A, SHEET_B, SHEET_C, annex_two, heavier, marks, refined
from tests.evaluation.steps import AT, fill, hand_in, open_for

LATER = AT + timedelta(hours=2)


def save(sheet: ScoreSheet, *entries: Entry) -> Saved:
    """Save the entries as the scorer of the sheet."""
    return operations.save_scores(sheet_id=sheet.pk, scorer_id=sheet.scorer_id, entries=entries, at=LATER)


def first_item(outline: StandardOutline) -> UUID:
    """Return the id of item 一-1."""
    return outline.groups[0].items[0].id


def test_open_sheet_freezes_the_standard_at_its_first_use(sheet: ScoreSheet) -> None:
    assert (sheet.state, sheet.version, sheet.opened_at) == (SheetState.OPEN, 1, AT)
    assert sheet.standard.frozen_at == AT


def test_open_sheet_twice_gives_the_same_sheet(sheet: ScoreSheet, standard: Standard, scorer: User) -> None:
    assert open_for(standard, scorer, sheet.subject_id) == sheet
    assert ScoreSheet.objects.count() == 1


def test_open_sheet_for_another_purpose_gives_another_sheet(
    sheet: ScoreSheet, standard: Standard, scorer: User
) -> None:
    assert open_for(standard, scorer, sheet.subject_id, kind="district") != sheet


def test_open_sheet_after_a_reopening_gives_the_newest_version(
    sheet: ScoreSheet, standard: Standard, scorer: User, approver: User
) -> None:
    hand_in(sheet)
    reopened = operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason="误评。", at=LATER)

    assert open_for(standard, scorer, sheet.subject_id) == reopened


def test_sheets_keep_the_version_they_were_opened_on(sheet: ScoreSheet, standard: Standard, scorer: User) -> None:
    following = operations.revise_standard(code="luan_2023", title="新标准", outline=heavier(annex_two()))

    assert open_for(following, scorer, sheet.subject_id).standard == standard
    assert open_for(following, scorer, new_id()).standard == following


def test_save_scores_counts_versions_item_by_item(sheet: ScoreSheet, outline: StandardOutline) -> None:
    item_id = first_item(outline)

    first = save(sheet, Entry(item_id, Mark(Decimal("7.5"))))
    second = save(sheet, Entry(item_id, Mark(Decimal(8), remark="复核后上调。"), seen_version=1))

    assert (first, second) == (Saved({item_id: 1}, ()), Saved({item_id: 2}, ()))
    score = ItemScore.objects.get(sheet=sheet)
    assert queries.mark_of(score) == Mark(Decimal(8), remark="复核后上调。")
    assert (score.version, score.saved_at) == (2, LATER)


def test_save_scores_sent_again_changes_nothing(sheet: ScoreSheet, outline: StandardOutline) -> None:
    entry = Entry(first_item(outline), Mark(Decimal("5.5"), remark=" 垃圾亭满溢。 ", photo_id=PHOTO))

    answers = [save(sheet, entry) for _ in range(3)]

    assert answers == [Saved({entry.item_id: 1}, ())] * 3


def test_save_scores_reports_a_conflict_and_saves_the_rest(sheet: ScoreSheet, outline: StandardOutline) -> None:
    first, second = (item.id for item in outline.groups[0].items[:2])
    save(sheet, Entry(first, Mark(Decimal(7), remark="平板上")))
    stale = Entry(first, Mark(Decimal(9), remark="手机上"))

    saved = save(sheet, stale, Entry(second, Mark(Decimal(8))))

    assert saved.versions == {second: 1}
    (conflict,) = saved.conflicts
    assert (conflict.entry, conflict.stored, conflict.version) == (stale, Mark(Decimal(7), remark="平板上"), 1)
    assert queries.marks_on(sheet.pk) == {first: Mark(Decimal(7), remark="平板上"), second: Mark(Decimal(8))}


def test_save_scores_does_not_take_a_late_repetition_for_news(sheet: ScoreSheet, outline: StandardOutline) -> None:
    item_id = first_item(outline)
    old = Entry(item_id, Mark(Decimal(7)))
    save(sheet, old)
    save(sheet, Entry(item_id, Mark(Decimal(8)), seen_version=1))

    saved = save(sheet, old)

    assert [conflict.version for conflict in saved.conflicts] == [2]
    assert queries.marks_on(sheet.pk)[item_id].points == 8


def test_save_scores_drops_the_reason_when_points_are_given(sheet: ScoreSheet, outline: StandardOutline) -> None:
    item_id = first_item(outline)
    save(sheet, Entry(item_id, Mark(None, not_applicable=True, reason=" 无党组织。 ")))
    assert queries.marks_on(sheet.pk)[item_id] == Mark(None, not_applicable=True, reason="无党组织。")

    save(sheet, Entry(item_id, Mark(Decimal(6), reason="无党组织。"), seen_version=1))

    assert queries.marks_on(sheet.pk)[item_id] == Mark(Decimal(6))


def test_save_scores_refuses_all_when_one_is_wrong(sheet: ScoreSheet, outline: StandardOutline) -> None:
    first, second, third = (item.id for item in outline.groups[0].items[:3])
    stranger = new_id()
    entries = [
        Entry(first, Mark(Decimal("7.3"))),
        Entry(second, Mark(Decimal(8))),
        Entry(stranger, Mark(Decimal(8))),
        Entry(third, Mark(Decimal(8))),
        Entry(third, Mark(Decimal(9))),
    ]

    with pytest.raises(operations.InvalidScores) as refused:
        save(sheet, *entries)

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [
        ("points_out_of_range", f"items/{first}"),
        ("item_unknown", f"items/{stranger}"),
        ("item_repeated", f"items/{third}"),
        ("item_repeated", f"items/{third}"),
    ]
    assert queries.marks_on(sheet.pk) == {}


def test_save_scores_after_hand_in_is_refused(sheet: ScoreSheet, outline: StandardOutline) -> None:
    hand_in(sheet)

    with pytest.raises(operations.SheetHandedIn):
        save(sheet, Entry(first_item(outline), Mark(Decimal(10)), seen_version=1))


def test_save_scores_takes_as_many_queries_for_one_item_as_for_all(
    sheet: ScoreSheet, outline: StandardOutline, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entries = [Entry(item_id, mark) for item_id, mark in marks(outline, SHEET_A).items()]

    for some in (entries[:1], entries[1:]):
        # savepoint, sheet, items, groups, marks, insert, release
        with django_assert_num_queries(7):
            save(sheet, *some)


def test_hand_in_stores_score_figures_and_digest(sheet: ScoreSheet) -> None:
    done = hand_in(sheet, SHEET_A)

    stored = ScoreSheet.objects.get(pk=sheet.pk)
    assert (stored.state, stored.handed_in_at, stored.total) == (SheetState.HANDED_IN, AT, Decimal("87.83"))
    assert (stored.group_numerators, stored.group_denominators) == ([18, 17, 316, 124], [1, 1, 9, 7])
    assert stored.digest == done.digest
    assert len(stored.digest) == 64


def test_hand_in_twice_gives_the_same_sheet(sheet: ScoreSheet) -> None:
    done = hand_in(sheet)

    again = operations.hand_in(sheet_id=sheet.pk, scorer_id=sheet.scorer_id, at=LATER)

    assert (again.handed_in_at, again.digest) == (AT, done.digest)


def test_hand_in_names_every_gap(sheet: ScoreSheet, outline: StandardOutline) -> None:
    fill(sheet)
    item_id = outline.groups[2].items[4].id
    save(sheet, Entry(item_id, Mark(Decimal("5.5")), seen_version=1))

    with pytest.raises(operations.SheetIncomplete) as refused:
        operations.hand_in(sheet_id=sheet.pk, scorer_id=sheet.scorer_id, at=AT)

    assert [(r.code, r.params) for r in refused.value.refusals] == [
        ("remark_missing", {"item": "三-5", "least": "6"}),
        ("photo_missing", {"item": "三-5", "least": "6"}),
    ]
    assert ScoreSheet.objects.get(pk=sheet.pk).state == SheetState.OPEN


def test_hand_in_of_a_refined_standard_scores_the_parts(standard: Standard, scorer: User) -> None:
    local = operations.create_standard(code="local", title="细化", outline=refined(annex_two()), parent=standard)
    sheet = open_for(local, scorer, new_id())

    # 一-1 is the mean of its parts: (10 + 8) ÷ 2 = 9, as on sheet A.
    done = hand_in(sheet, (("10", "8", *SHEET_A[0][1:]), *SHEET_A[1:]))

    assert done.total == Decimal("87.83")


@pytest.mark.parametrize("act", [operations.hand_in, operations.save_scores])
def test_a_foreign_or_unknown_sheet_is_not_found(act: Callable[..., object], sheet: ScoreSheet, approver: User) -> None:
    more: dict[str, list[Entry]] = {"entries": []} if act is operations.save_scores else {}

    for sheet_id, scorer_id in ((sheet.pk, approver.pk), (new_id(), sheet.scorer_id)):
        with pytest.raises(operations.SheetNotFound):
            act(sheet_id=sheet_id, scorer_id=scorer_id, at=AT, **more)


def test_reopen_makes_a_new_version_and_keeps_the_old_one(
    sheet: ScoreSheet, approver: User, outline: StandardOutline
) -> None:
    done = hand_in(sheet, SHEET_B)

    reopened = operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason=" 误将三-8评为不适用。 ", at=LATER)

    assert (reopened.version, reopened.state, reopened.opened_at) == (2, SheetState.OPEN, LATER)
    assert (reopened.supersedes, reopened.reopened_by, reopened.reopened_reason) == (
        done,
        approver,
        "误将三-8评为不适用。",
    )
    assert queries.marks_on(reopened.pk) == marks(outline, SHEET_B)
    kept = queries.filled_sheet(sheet.pk)
    assert (kept.sheet.total, kept.is_intact) == (Decimal("73.40"), True)


def test_reopened_sheet_is_filled_in_and_handed_in_again(
    sheet: ScoreSheet, approver: User, outline: StandardOutline
) -> None:
    hand_in(sheet, SHEET_B)
    reopened = operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason="误评。", at=LATER)
    entries = [Entry(item_id, mark, seen_version=1) for item_id, mark in marks(outline, SHEET_C).items()]

    saved = operations.save_scores(sheet_id=reopened.pk, scorer_id=sheet.scorer_id, entries=entries, at=LATER)
    again = operations.hand_in(sheet_id=reopened.pk, scorer_id=sheet.scorer_id, at=LATER)

    assert saved.conflicts == ()
    assert again.total == Decimal("94.81")
    assert [version.total for version in queries.versions_of(sheet)] == [Decimal("73.40"), Decimal("94.81")]


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 1001, "a\0b"])
def test_reopen_needs_a_reason(reason: str, sheet: ScoreSheet, approver: User) -> None:
    hand_in(sheet)

    with pytest.raises(operations.ReasonMissing) as refused:
        operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason=reason, at=LATER)

    assert refused.value.attr == "reason"


def test_reopen_refuses_an_open_sheet(sheet: ScoreSheet, approver: User) -> None:
    with pytest.raises(operations.SheetNotHandedIn):
        operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason="误评。", at=LATER)


def test_reopen_refuses_an_unknown_sheet(approver: User) -> None:
    with pytest.raises(operations.SheetNotFound):
        operations.reopen(sheet_id=new_id(), by_id=approver.pk, reason="误评。", at=LATER)


def test_reopen_refuses_a_version_that_has_a_successor(sheet: ScoreSheet, approver: User) -> None:
    hand_in(sheet)
    operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason="误评。", at=LATER)

    with pytest.raises(operations.SheetSuperseded) as refused:
        operations.reopen(sheet_id=sheet.pk, by_id=approver.pk, reason="又一次。", at=LATER)

    assert refused.value.params == {"version": 2}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            operations.StandardExists(code="x"),
            "The standard x exists already with other content; make a new version of it.",
        ),
        (operations.SheetSuperseded(version=2), "This score sheet was unlocked before; version 2 has taken its place."),
    ],
)
def test_errors_say_what_and_why(error: DomainError, sentence: str) -> None:
    with translation.override("en"):
        assert error.sentence() == sentence
