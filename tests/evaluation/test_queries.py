"""Sheets read as they were filled in, and the figures that a panel is made of (S-09, S-19)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.models import ItemScore, ScoreSheet, Standard
from evaluation.operations import Entry
from evaluation.scoring import Mark, StandardOutline
from tests.evaluation.annex import GROUP_THREE, SHEET_A, SHEET_B, SHEET_C, annex_two, marks
from tests.evaluation.steps import AT, hand_in, open_for

Sheets = tuple[UUID, list[ScoreSheet]]


@pytest.fixture
def panel(standard: Standard) -> Sheets:
    """A subject with the three sheets of the annex, handed in."""
    subject_id = new_id()
    scorers = [User.objects.create(username=f"e{number}", name=f"专家{number}") for number in range(3)]
    sheets = [open_for(standard, scorer, subject_id) for scorer in scorers]
    return subject_id, [hand_in(sheet, rows) for sheet, rows in zip(sheets, (SHEET_A, SHEET_B, SHEET_C), strict=True)]


def panels(*subject_ids: UUID, kind: str = "panel") -> dict[UUID, Decimal]:
    """Return the panel totals of the subjects."""
    found = queries.panels_of(subject_kind="nomination", subject_ids=subject_ids, kind=kind)
    return {subject_id: score.total for subject_id, score in found.items()}


def test_outline_reads_a_standard_with_its_ids(standard: Standard, outline: StandardOutline) -> None:
    assert outline == annex_two()
    assert [item.text for item in outline.groups[2].items] == list(GROUP_THREE)
    assert list(standard.groups.values_list("pk", flat=True)) == [group.id for group in outline.groups]


def test_newest_version_of_an_unknown_code_is_none(db: None) -> None:
    assert queries.newest_version("nothing") is None


def test_missing_on_an_empty_sheet_is_every_item(sheet: ScoreSheet) -> None:
    assert [refusal.code for refusal in queries.missing_on(sheet)] == ["item_not_scored"] * 25


def test_filled_sheet_of_an_open_sheet_shows_what_is_there(sheet: ScoreSheet, outline: StandardOutline) -> None:
    item_id = outline.groups[0].items[0].id
    operations.save_scores(
        sheet_id=sheet.pk, scorer_id=sheet.scorer_id, entries=[Entry(item_id, Mark(Decimal(7)))], at=AT
    )

    filled = queries.filled_sheet(sheet.pk)

    assert [(line.leaf.code, line.mark, line.version) for line in filled.lines[:2]] == [
        ("一-1", Mark(Decimal(7)), 1),
        ("一-2", None, 0),
    ]
    assert (len(filled.lines), filled.score, filled.is_intact) == (25, None, True)


def test_filled_sheet_is_read_years_later_as_it_was_filled_in(sheet: ScoreSheet, outline: StandardOutline) -> None:
    hand_in(sheet, SHEET_B)
    first, *others = annex_two().groups
    changed = StandardOutline((*others, first))
    following = operations.revise_standard(code="luan_2023", title="三年后的标准", outline=changed)
    operations.freeze_standard(standard_id=following.pk, at=AT)

    filled = queries.filled_sheet(sheet.pk)

    assert filled.sheet.standard.title == "“美好家园”选树参考标准"
    assert {line.leaf.item.id: line.mark for line in filled.lines} == marks(outline, SHEET_B)
    assert filled.lines[16].leaf.item.text == GROUP_THREE[7]
    assert filled.score is not None
    assert filled.score.total == filled.sheet.total == Decimal("73.40")
    assert filled.is_intact is True


def test_filled_sheet_that_does_not_exist_is_told(db: None) -> None:
    with pytest.raises(ScoreSheet.DoesNotExist):
        queries.filled_sheet(new_id())


TAMPERED: dict[str, Callable[[ScoreSheet], object]] = {
    "points": lambda sheet: ItemScore.objects.filter(sheet=sheet, points=10).update(points=9),
    "remark": lambda sheet: ItemScore.objects.filter(sheet=sheet).update(remark="改过的说明"),
    "total": lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(total=99),
    "figures": lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(group_numerators=[20, 17, 316, 124]),
    "scorer_role": lambda sheet: ScoreSheet.objects.filter(pk=sheet.pk).update(scorer_role="expert"),
    "removed marks": lambda sheet: ItemScore.objects.filter(sheet=sheet, points=10).delete(),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_filled_sheet_notices_what_was_changed_past_the_triggers(
    change: Callable[[ScoreSheet], object], sheet: ScoreSheet
) -> None:
    hand_in(sheet)

    with connection.cursor() as cursor:  # as the owner of the database could
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluation_itemscore DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE evaluation_scoresheet DISABLE TRIGGER USER")
        change(sheet)

    assert queries.filled_sheet(sheet.pk).is_intact is False


def test_panels_average_the_sheets_that_were_handed_in(panel: Sheets) -> None:
    subject_id, sheets = panel

    found = queries.panels_of(subject_kind="nomination", subject_ids=[subject_id, new_id()], kind="panel")

    assert list(found) == [subject_id]
    assert found[subject_id].total == Decimal("85.34")
    assert {figures.sheet_id for figures in found[subject_id].sheets} == {sheet.pk for sheet in sheets}


def test_panels_leave_out_open_sheets_other_kinds_and_other_subjects(
    panel: Sheets, standard: Standard, scorer: User
) -> None:
    subject_id, _sheets = panel
    open_for(standard, scorer, subject_id)
    hand_in(open_for(standard, scorer, subject_id, kind="district"))
    hand_in(open_for(standard, scorer, new_id()))

    assert panels(subject_id) == {subject_id: Decimal("85.34")}
    assert panels(subject_id, kind="district") == {subject_id: Decimal("87.83")}


def test_panels_leave_out_sheets_that_do_not_count(panel: Sheets) -> None:
    subject_id, sheets = panel

    found = queries.panels_of(
        subject_kind="nomination", subject_ids=[subject_id], kind="panel", without=[sheets[0].pk, sheets[1].pk]
    )

    assert found[subject_id].total == Decimal("94.81")


def test_an_unlocked_sheet_counts_again_once_it_is_handed_in(panel: Sheets, approver: User) -> None:
    subject_id, sheets = panel

    reopened = operations.reopen(sheet_id=sheets[1].pk, by_id=approver.pk, reason="误评。", at=AT)
    between = panels(subject_id)
    operations.hand_in(sheet_id=reopened.pk, scorer_id=sheets[1].scorer_id, at=AT)

    # (5533/63 + 59729/630) ÷ 2 = 91.3166… while the second sheet is unlocked
    assert between == {subject_id: Decimal("91.32")}
    assert panels(subject_id) == {subject_id: Decimal("85.34")}


def test_current_sheets_are_the_newest_versions(panel: Sheets, approver: User) -> None:
    subject_id, sheets = panel
    reopened = operations.reopen(sheet_id=sheets[0].pk, by_id=approver.pk, reason="误评。", at=AT)

    current = queries.current_sheets(subject_kind="nomination", subject_ids=[subject_id], kind="panel")

    assert set(current) == {reopened, sheets[1], sheets[2]}


def test_versions_come_oldest_first_with_who_unlocked_and_why(panel: Sheets, approver: User) -> None:
    _subject_id, sheets = panel
    operations.reopen(sheet_id=sheets[0].pk, by_id=approver.pk, reason="误评。", at=AT)

    versions = queries.versions_of(sheets[0])

    assert [(one.version, one.reopened_by, one.reopened_reason) for one in versions] == [
        (1, None, ""),
        (2, approver, "误评。"),
    ]
