"""What the database refuses about sheets, whoever writes: through the ORM, by `update()` or in SQL."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from common.identifiers import new_id
from evaluation.models import ItemScore, StandardGroup, StandardItem
from tests.evaluation.annex import SHEET_A
from tests.evaluation.rows import Act, Rows, draft, execute, foreign_item, refused, second_sheet
from tests.evaluation.steps import AT, open_for

HANDED_IN_ACTS: dict[str, Act] = {
    "change points": lambda rows: rows.update_score(points=10),
    "change a remark by SQL": lambda rows: execute("UPDATE evaluation_itemscore SET remark = 'x'"),
    "delete a mark": lambda rows: rows.score.delete(),
    "delete marks by SQL": lambda rows: execute("DELETE FROM evaluation_itemscore"),
    "change the total": lambda rows: rows.update_sheet(total=Decimal(99)),
    "open it again": lambda rows: rows.update_sheet(
        state="open", total=None, handed_in_at=None, digest="", group_numerators=[], group_denominators=[]
    ),
    "delete the sheet by SQL": lambda rows: execute("DELETE FROM evaluation_scoresheet WHERE id = %s", rows.sheet.pk),
}


@pytest.mark.parametrize("act", HANDED_IN_ACTS.values(), ids=HANDED_IN_ACTS.keys())
def test_a_sheet_that_was_handed_in_does_not_change(act: Act, closed_rows: Rows) -> None:
    assert refused(act, closed_rows).startswith("a score sheet that was handed in does not change")


def test_a_mark_does_not_move_onto_another_sheet(open_rows: Rows, scorer: User) -> None:
    other = open_for(open_rows.standard, scorer, new_id())

    assert refused(lambda rows: rows.update_score(sheet=other), open_rows).startswith("sheet, item do not change")


@pytest.mark.parametrize("table", ["standard", "standardgroup", "standarditem", "scoresheet", "itemscore"])
def test_no_table_is_emptied(table: str, closed_rows: Rows) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL refuses first while foreign keys wait to be checked

    words = refused(lambda rows: execute(f"TRUNCATE evaluation_{table} CASCADE"), closed_rows)

    assert "is never emptied" in words


@pytest.mark.parametrize(
    "values",
    [
        {"subject_kind": "community"},
        {"subject_id": new_id()},
        {"kind": "district"},
        {"scorer_role": "city_reviewer"},
        {"version": 2},
    ],
)
def test_an_open_sheet_keeps_its_subject_and_its_scorer(values: dict[str, object], open_rows: Rows) -> None:
    assert "do not change" in refused(lambda rows: rows.update_sheet(**values), open_rows)


OPEN_ACTS: dict[str, tuple[str, Act]] = {
    "more than ten points": (
        "more points than the item counts",
        lambda rows: rows.update_score(points=Decimal("10.5")),
    ),
    "negative points": ("item_score_points_in_steps", lambda rows: rows.update_score(points=Decimal("-0.5"))),
    "no half step": ("item_score_points_in_steps", lambda rows: rows.update_score(points=Decimal("7.3"))),
    "neither points nor reason": ("item_score_points_or_reason", lambda rows: rows.update_score(points=None)),
    "not applicable without reason": (
        "item_score_points_or_reason",
        lambda rows: rows.update_score(points=None, not_applicable=True, reason=" \t"),
    ),
    "points and not applicable": (
        "item_score_points_or_reason",
        lambda rows: rows.update_score(not_applicable=True, reason="无"),
    ),
    "two marks for an item": (
        "item_score_once",
        lambda rows: ItemScore.objects.create(sheet=rows.sheet, item=rows.item, points=5, saved_at=AT),
    ),
    "an unknown state": ("score_sheet_result", lambda rows: rows.update_sheet(state="done")),
    "a result on an open sheet": ("score_sheet_result", lambda rows: rows.update_sheet(total=Decimal(88))),
    "handed in without a result": ("score_sheet_result", lambda rows: rows.update_sheet(state="handed_in")),
    "a second sheet": ("score_sheet_version_unique", second_sheet),
    "an item of another standard": (
        "the item takes no points on this score sheet",
        lambda rows: ItemScore.objects.create(sheet=rows.sheet, item=foreign_item(), points=5, saved_at=AT),
    ),
    "a free word for a kind": ("score_sheet_codes_plain", lambda rows: second_sheet(rows, kind="Panel!")),
    "version 2 without reason": ("score_sheet_reopened", lambda rows: second_sheet(rows, kind="district", version=2)),
    "a successor of an open sheet": (
        "a score sheet supersedes the version before it",
        lambda rows: second_sheet(
            rows, version=2, supersedes=rows.sheet, reopened_by=rows.sheet.scorer, reopened_reason="误"
        ),
    ),
    "born handed in": (
        "a score sheet is opened first",
        lambda rows: second_sheet(rows, kind="district", state="handed_in"),
    ),
    "a sheet by a standard that is not frozen": (
        "a score sheet needs a frozen standard",
        lambda rows: second_sheet(rows, kind="district", standard=foreign_item().group.standard),
    ),
}


@pytest.mark.parametrize(("words", "act"), OPEN_ACTS.values(), ids=OPEN_ACTS.keys())
def test_an_open_sheet_takes_only_what_is_right(words: str, act: Act, open_rows: Rows) -> None:
    assert words in refused(act, open_rows)


def test_a_sheet_is_not_handed_in_with_an_item_unmarked(open_rows: Rows) -> None:
    open_rows.score.delete()
    result = {"handed_in_at": AT, "total": 88, "group_numerators": [1], "group_denominators": [1], "digest": "0" * 64}

    words = refused(lambda rows: rows.update_sheet(state="handed_in", **result), open_rows)

    assert words.startswith("every item of a score sheet is marked before it is handed in")


def test_more_points_than_the_item_counts_are_refused(open_rows: Rows, scorer: User) -> None:
    standard = draft("small", weight=100)
    group = StandardGroup.objects.get(standard=standard)
    item = StandardItem.objects.create(group=group, position=2, text="小项", max_points=5)
    sheet = open_for(standard, scorer, new_id())

    words = refused(lambda rows: ItemScore.objects.create(sheet=sheet, item=item, points=6, saved_at=AT), open_rows)

    assert words.startswith("more points than the item counts")


def test_a_refined_item_takes_no_points_itself(open_rows: Rows, scorer: User) -> None:
    standard = draft("fine", weight=100)
    item = StandardItem.objects.get(group__standard=standard)
    StandardItem.objects.create(group=item.group, refines=item, position=1, text="细项")
    sheet = open_for(standard, scorer, new_id())

    words = refused(lambda rows: ItemScore.objects.create(sheet=sheet, item=item, points=6, saved_at=AT), open_rows)

    assert words.startswith("the item takes no points on this score sheet")


def test_constraints_speak_both_languages(open_rows: Rows) -> None:
    score = open_rows.score
    score.points = Decimal("10.5")

    with translation.override("en"), pytest.raises(ValidationError) as error:
        score.validate_constraints()

    assert error.value.messages == ["Give 0 to 10 points in steps of 0.5."]


def test_a_person_has_one_open_sheet_for_a_subject(open_rows: Rows) -> None:
    open_rows.sheet.pk = new_id()
    open_rows.sheet.version = 2

    with translation.override("en"), pytest.raises(ValidationError) as error:
        open_rows.sheet.validate_constraints()

    assert "This person already has an open score sheet for the same subject." in error.value.messages


def test_rows_name_themselves(open_rows: Rows) -> None:
    rows = (open_rows.standard, open_rows.group, open_rows.item, open_rows.sheet, open_rows.score)

    names = [str(row) for row in rows]

    assert names[0] == "“美好家园”选树参考标准 (luan_2023, 1)"
    assert names[1] == "一、党建引领机制完善"
    assert names[2] == open_rows.item.text
    assert names[3] == f"panel {open_rows.sheet.subject_id} {open_rows.sheet.scorer_id} v1"
    assert names[4] == f"{open_rows.item.pk} {SHEET_A[0][0]}.0"
