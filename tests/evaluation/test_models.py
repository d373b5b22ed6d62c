"""What the database refuses, whoever writes: through the ORM, by `update()` or in SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.models import User
from common.identifiers import new_id
from evaluation import operations
from evaluation.models import ItemScore, ScoreSheet, Standard, StandardGroup, StandardItem
from tests.evaluation.annex import SHEET_A, annex_two
from tests.evaluation.conftest import AT, fill, hand_in, open_for

Act = Callable[["Rows"], object]


@dataclass
class Rows:
    """A frozen standard and a sheet, open or handed in."""

    standard: Standard
    sheet: ScoreSheet

    @property
    def group(self) -> StandardGroup:
        return StandardGroup.objects.filter(standard=self.standard).order_by("position")[0]

    @property
    def item(self) -> StandardItem:
        return StandardItem.objects.filter(group=self.group).order_by("position")[0]

    @property
    def score(self) -> ItemScore:
        return ItemScore.objects.get(sheet=self.sheet, item=self.item)

    def update_sheet(self, **values: Any) -> None:
        ScoreSheet.objects.filter(pk=self.sheet.pk).update(**values)

    def update_score(self, **values: Any) -> None:
        ItemScore.objects.filter(pk=self.score.pk).update(**values)


def execute(sql: str, *params: str | int | UUID) -> None:
    """Run one statement as anyone with a database prompt could."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(act: Act, rows: Rows) -> str:
    """Return the words with which the database refuses the act."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act(rows)
    return str(error.value)


@pytest.fixture
def open_rows(standard: Standard, sheet: ScoreSheet) -> Rows:
    fill(sheet)
    return Rows(standard, sheet)


@pytest.fixture
def closed_rows(standard: Standard, sheet: ScoreSheet) -> Rows:
    return Rows(standard, hand_in(sheet))


FROZEN_ACTS: dict[str, Act] = {
    "update the standard": lambda rows: Standard.objects.update(title="改"),
    "thaw the standard": lambda rows: Standard.objects.update(frozen_at=None, digest=""),
    "delete the standard by SQL": lambda rows: execute("DELETE FROM evaluation_standard"),
    "change a weight": lambda rows: StandardGroup.objects.filter(pk=rows.group.pk).update(weight=30),
    "add a group": lambda rows: StandardGroup.objects.create(
        standard=rows.standard, position=9, number="九", title="新", weight=1
    ),
    "delete a group by SQL": lambda rows: execute("DELETE FROM evaluation_standardgroup WHERE id = %s", rows.group.pk),
    "reword an item": lambda rows: StandardItem.objects.filter(pk=rows.item.pk).update(text="改"),
    "add an item": lambda rows: StandardItem.objects.create(group=rows.group, position=9, text="新"),
    "delete an item by SQL": lambda rows: execute("DELETE FROM evaluation_standarditem WHERE id = %s", rows.item.pk),
}


@pytest.mark.parametrize("act", FROZEN_ACTS.values(), ids=FROZEN_ACTS.keys())
def test_a_frozen_standard_does_not_change(act: Act, open_rows: Rows) -> None:
    assert refused(act, open_rows).startswith("a frozen standard does not change")


def test_a_group_does_not_move_out_of_a_frozen_standard(open_rows: Rows) -> None:
    other = operations.create_standard(code="other", title="另", outline=annex_two())

    def move(rows: Rows) -> None:
        StandardGroup.objects.filter(pk=rows.group.pk).update(standard=other, position=8, number="八")

    assert refused(move, open_rows).startswith("a frozen standard does not change")


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


def second_sheet(rows: Rows, **values: Any) -> ScoreSheet:
    """Write a sheet like that of the rows, but for the values."""
    old = rows.sheet
    same = {"standard": old.standard, "subject_kind": old.subject_kind, "subject_id": old.subject_id, "kind": old.kind}
    who = {"scorer": old.scorer, "scorer_role": old.scorer_role, "opened_at": AT}
    return ScoreSheet.objects.create(**(same | who | values))


def foreign_item() -> StandardItem:
    """Return an item of another standard, which is not frozen."""
    other = operations.create_standard(code="other", title="另", outline=annex_two())
    return StandardItem.objects.filter(group__standard=other)[0]


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


def test_a_sheet_is_not_handed_in_before_it_was_opened(open_rows: Rows) -> None:
    result = {"total": 88, "group_numerators": [1], "group_denominators": [1], "digest": "0" * 64}
    early = AT - timedelta(seconds=1)

    words = refused(lambda rows: rows.update_sheet(state="handed_in", handed_in_at=early, **result), open_rows)

    assert "score_sheet_result_when_handed_in" in words


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


def draft(code: str, *, weight: int, parent: Standard | None = None) -> Standard:
    """Write a standard of one group and one item past the operations."""
    standard = Standard.objects.create(code=code, title="草稿", parent=parent)
    group = StandardGroup.objects.create(standard=standard, position=1, number="一", title="组", weight=weight)
    StandardItem.objects.create(group=group, position=1, text="甲")
    return standard


def freeze(standard: Standard) -> None:
    """Freeze a standard past the operations."""
    Standard.objects.filter(pk=standard.pk).update(frozen_at=AT, digest="0" * 64)


def cannot_freeze(standard: Standard) -> str:
    """Return the words with which the database refuses to freeze the standard."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        freeze(standard)
    return str(error.value)


@pytest.mark.usefixtures("db")
class TestFreezing:
    """A standard is frozen whole or not at all."""

    def test_weights_add_up_to_a_hundred(self) -> None:
        assert cannot_freeze(draft("light", weight=99)).startswith("the weights of a standard add up to 100")

    def test_a_standard_without_groups_cannot_be_frozen(self) -> None:
        empty = Standard.objects.create(code="empty", title="空")

        assert cannot_freeze(empty).startswith("the weights of a standard add up to 100")

    def test_every_group_has_items(self) -> None:
        standard = draft("hollow", weight=60)
        StandardGroup.objects.create(standard=standard, position=2, number="二", title="空组", weight=40)

        assert cannot_freeze(standard).startswith("every group of a standard has items")

    def test_a_part_belongs_to_an_item_of_its_own_group(self) -> None:
        standard, other = draft("mixed", weight=100), draft("other", weight=100)
        group = StandardGroup.objects.get(standard=standard)
        foreign = StandardItem.objects.get(group__standard=other)
        StandardItem.objects.create(group=group, refines=foreign, position=1, text="细项")

        assert cannot_freeze(standard).startswith("a part belongs to an item of its own group")

    def test_a_part_has_no_parts(self) -> None:
        standard = draft("deep", weight=100)
        item = StandardItem.objects.get(group__standard=standard)
        part = StandardItem.objects.create(group=item.group, refines=item, position=1, text="细项")
        StandardItem.objects.create(group=item.group, refines=part, position=1, text="更细")

        assert cannot_freeze(standard).startswith("a part belongs to an item of its own group")

    def test_a_refinement_waits_for_its_parent(self) -> None:
        parent = draft("parent", weight=100)

        words = cannot_freeze(draft("child", weight=100, parent=parent))

        assert words.startswith("a refinement keeps the groups and weights of its frozen parent")

    def test_a_refinement_keeps_the_groups_of_its_parent(self) -> None:
        parent = draft("parent", weight=100)
        freeze(parent)
        child = draft("child", weight=100, parent=parent)
        StandardGroup.objects.filter(standard=child).update(title="改")

        words = cannot_freeze(child)

        assert words.startswith("a refinement keeps the groups and weights of its frozen parent")

    def test_a_standard_is_written_before_it_is_frozen(self) -> None:
        with pytest.raises(IntegrityError, match="a standard is written first"), transaction.atomic():
            Standard.objects.create(code="hasty", title="急", frozen_at=AT, digest="0" * 64)

    def test_a_frozen_standard_has_a_digest(self) -> None:
        standard = draft("plain", weight=100)

        with pytest.raises(IntegrityError, match="standard_frozen_with_digest"), transaction.atomic():
            Standard.objects.filter(pk=standard.pk).update(frozen_at=AT, digest="")

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"weight": 0}, "standard_group_weight_in_range"),
            ({"weight": Decimal("100.01")}, "standard_group_weight_in_range"),
        ],
    )
    def test_weights_lie_in_range(self, values: dict[str, Any], constraint: str) -> None:
        standard = draft("plain", weight=100)

        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            StandardGroup.objects.filter(standard=standard).update(**values)

    @pytest.mark.parametrize("points", [Decimal(0), Decimal("0.3"), Decimal("10.5")])
    def test_item_points_are_halves_up_to_ten(self, points: Decimal) -> None:
        standard = draft("plain", weight=100)

        with pytest.raises(IntegrityError, match="standard_item_points_in_steps"), transaction.atomic():
            StandardItem.objects.filter(group__standard=standard).update(max_points=points)

    def test_two_items_cannot_stand_in_one_place(self) -> None:
        group = StandardGroup.objects.get(standard=draft("plain", weight=100))

        with pytest.raises(IntegrityError, match="standard_item_position_unique"), transaction.atomic():
            StandardItem.objects.create(group=group, position=1, text="乙")

    def test_a_version_is_there_once(self) -> None:
        draft("plain", weight=100)

        with pytest.raises(IntegrityError, match="standard_version_unique"), transaction.atomic():
            Standard.objects.create(code="plain", title="又")


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
