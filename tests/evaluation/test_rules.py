"""What is missing on a sheet before hand-in, and what makes a standard unusable: every reason at once (S-11, S-19)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from common.refusals import Refusal
from evaluation import rules
from evaluation.scoring import GroupOutline, ItemOutline, Leaf, Mark, StandardOutline
from tests.evaluation.annex import PHOTO, SHEET_A, SHEET_B, annex_two, group, marks

OUTLINE = annex_two()
LEAVES = {leaf.code: leaf for leaf in OUTLINE.leaves()}
ITEM = LEAVES["三-5"]


def codes(refusals: list[Refusal]) -> list[str]:
    """Return the codes of the refusals."""
    return [refusal.code for refusal in refusals]


def missing_with(code: str, mark: Mark, outline: StandardOutline = OUTLINE) -> list[Refusal]:
    """Return what is missing on sheet A with another mark for one item."""
    changed = {leaf.code: leaf.item.id for leaf in outline.leaves()}[code]
    return rules.missing_on_sheet(outline, {**marks(outline, SHEET_A), changed: mark})


@pytest.mark.parametrize("rows", [SHEET_A, SHEET_B])
def test_a_complete_sheet_lacks_nothing(rows: tuple[tuple[str | None, ...], ...]) -> None:
    assert rules.missing_on_sheet(OUTLINE, marks(OUTLINE, rows)) == []


def test_an_empty_sheet_lacks_every_item_in_order() -> None:
    missing = rules.missing_on_sheet(OUTLINE, {})

    assert codes(missing) == ["item_not_scored"] * 25
    assert [refusal.params["item"] for refusal in missing] == list(LEAVES)
    assert missing[0].fix == f"items/{LEAVES['一-1'].item.id}"


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Mark(Decimal("5.5")), ["remark_missing", "photo_missing"]),
        (Mark(Decimal("5.5"), remark="垃圾亭满溢。"), ["photo_missing"]),
        (Mark(Decimal("5.5"), remark=" \n", photo_id=PHOTO), ["remark_missing"]),
        (Mark(Decimal("5.5"), remark="垃圾亭满溢。", photo_id=PHOTO), []),
        (Mark(Decimal(0)), ["remark_missing", "photo_missing"]),
        (Mark(Decimal(6)), []),
        (Mark(None, not_applicable=True, reason="无此设施。"), []),
        (Mark(None, not_applicable=True, reason="  "), ["reason_missing"]),
        (Mark(None), ["points_missing"]),
    ],
)
def test_below_six_points_a_remark_and_a_photo_are_required(mark: Mark, expected: list[str]) -> None:
    assert codes(missing_with("三-5", mark)) == expected


@pytest.mark.parametrize(("points", "expected"), [("2.5", ["remark_missing", "photo_missing"]), ("3", [])])
def test_below_six_is_in_proportion_where_an_item_counts_five(points: str, expected: list[str]) -> None:
    item = ItemOutline("甲", max_points=Decimal(5))
    outline = StandardOutline((GroupOutline("一", "组", Decimal(100), (item,)),))

    missing = rules.missing_on_sheet(outline, {item.id: Mark(Decimal(points))})

    assert codes(missing) == expected
    assert all(refusal.params == {"item": "一-1", "least": "3"} for refusal in missing)


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Mark(Decimal(9)), ["evidence_missing"]),
        (Mark(Decimal(9), photo_id=PHOTO), []),
        (Mark(Decimal(5)), ["remark_missing", "photo_missing"]),
        (Mark(None, not_applicable=True, reason="无"), []),
    ],
)
def test_an_item_that_requires_evidence_needs_a_photo_at_any_points(mark: Mark, expected: list[str]) -> None:
    item = ItemOutline("甲", evidence_required=True)
    outline = StandardOutline((GroupOutline("一", "组", Decimal(100), (item, ItemOutline("乙"))),))
    other = outline.groups[0].items[1]

    assert codes(rules.missing_on_sheet(outline, {item.id: mark, other.id: Mark(Decimal(8))})) == expected


def test_a_group_without_an_applicable_item_is_named() -> None:
    rows = (*SHEET_A[:3], (None,) * 7)

    missing = rules.missing_on_sheet(OUTLINE, marks(OUTLINE, rows))

    assert codes(missing) == ["group_not_scorable"]
    assert missing[0].params == {"group": "四"}
    assert missing[0].fix == f"groups/{OUTLINE.groups[3].id}"


def test_a_group_whose_only_item_has_no_applicable_part_is_named() -> None:
    parts = (ItemOutline("甲"), ItemOutline("乙"))
    outline = StandardOutline((GroupOutline("一", "组", Decimal(100), (ItemOutline("总", parts=parts),)),))
    given = {part.id: Mark(None, not_applicable=True, reason="无") for part in parts}

    assert codes(rules.missing_on_sheet(outline, given)) == ["group_not_scorable"]


@pytest.mark.parametrize(
    "points", ["-0.5", "10.5", "7.3", "7.25", "1e400", "-1e400", "1e-400", "NaN", "sNaN", "Infinity"]
)
def test_points_outside_the_steps_are_refused(points: str) -> None:
    faults = rules.faults_of_mark(ITEM, Mark(Decimal(points)))

    assert codes(faults) == ["points_out_of_range"]
    with translation.override("en"):
        assert faults[0].sentence() == "三-5: give 0 to 10 points in steps of 0.5."


@pytest.mark.parametrize("points", ["0", "0.5", "5", "9.50", "10", "10.0"])
def test_points_in_steps_are_accepted(points: str) -> None:
    assert rules.faults_of_mark(ITEM, Mark(Decimal(points))) == []


def test_points_above_what_the_item_counts_are_refused() -> None:
    small = Leaf("一-1", OUTLINE.groups[0], ItemOutline("甲", max_points=Decimal("2.5")))

    faults = rules.faults_of_mark(small, Mark(Decimal(3)))

    assert faults[0].params == {"item": "一-1", "most": "2.5"}


def test_points_and_not_applicable_exclude_each_other() -> None:
    faults = rules.faults_of_mark(ITEM, Mark(Decimal(8), not_applicable=True, reason="无"))

    assert codes(faults) == ["points_and_not_applicable"]


@pytest.mark.parametrize("text", ["汉" * 2001, "a\0b", "\ud800"])
def test_texts_that_cannot_be_stored_are_refused(text: str) -> None:
    assert codes(rules.faults_of_mark(ITEM, Mark(Decimal(8), remark=text))) == ["remark_unusable"]
    assert codes(rules.faults_of_mark(ITEM, Mark(None, not_applicable=True, reason=text))) == ["reason_unusable"]


def test_texts_of_full_length_with_rare_characters_are_accepted() -> None:
    mark = Mark(None, not_applicable=True, reason="䶮" * 500, remark="𬭳" * 2000)

    assert rules.faults_of_mark(ITEM, mark) == []


def test_annex_two_is_a_usable_standard() -> None:
    assert rules.faults_of_standard(OUTLINE) == []
    assert [len(one.items) for one in OUTLINE.groups] == [5, 4, 9, 7]


Change = Callable[[GroupOutline], GroupOutline]


def with_first_group(change: Change) -> StandardOutline:
    """Return annex 2 with its first group changed."""
    first, *others = OUTLINE.groups
    return StandardOutline((change(first), *others))


def with_first_item(item: ItemOutline) -> Change:
    """Return the change that puts another item in the first place."""
    return lambda one: replace(one, items=(item, *one.items[1:]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda one: replace(one, weight=Decimal("19.99")), ["weights_not_100"]),
        (lambda one: replace(one, weight=Decimal("20.001")), ["weights_not_100", "weight_out_of_range"]),
        (lambda one: replace(one, weight=Decimal(0)), ["weights_not_100", "weight_out_of_range"]),
        (lambda one: replace(one, weight=Decimal("NaN")), ["weights_not_100", "weight_out_of_range"]),
        (lambda one: replace(one, number="二"), ["group_repeated"]),
        (lambda one: replace(one, items=()), ["group_empty"]),
        (with_first_item(ItemOutline("甲", max_points=Decimal("10.5"))), ["item_points_out_of_range"]),
        (with_first_item(ItemOutline("甲", max_points=Decimal("0.3"))), ["item_points_out_of_range"]),
        (with_first_item(ItemOutline("甲", max_points=Decimal(0))), ["item_points_out_of_range"]),
        (with_first_item(ItemOutline("  ")), ["item_text_missing"]),
        (with_first_item(ItemOutline("甲", parts=(ItemOutline("乙", max_points=Decimal(5)),))), ["part_not_plain"]),
        (
            with_first_item(ItemOutline("甲", parts=(ItemOutline("乙", parts=(ItemOutline("丙"),)),))),
            ["part_not_plain"],
        ),
        (with_first_item(ItemOutline("甲", parts=(ItemOutline(""),))), ["item_text_missing"]),
        (with_first_item(ItemOutline("甲", parts=(ItemOutline("乙"),))), []),
        (with_first_item(ItemOutline("甲", parts=(ItemOutline("乙"),) * 20)), []),
        (with_first_item(ItemOutline("甲", parts=(ItemOutline("乙"),) * 21)), ["too_many_parts"]),
        (lambda one: replace(one, weight=Decimal("20.00")), []),
    ],
)
def test_every_fault_of_a_standard_is_named(change: Change, expected: list[str]) -> None:
    assert codes(rules.faults_of_standard(with_first_group(change))) == expected


def test_weights_that_miss_a_hundred_are_told_with_their_sum() -> None:
    outline = StandardOutline((group("一", "组", "30", ["甲"]), group("二", "组", "69.50", ["乙"])))

    (fault,) = rules.faults_of_standard(outline)

    assert fault.params == {"total": "99.5"}


def test_a_refinement_may_add_parts_below_an_item() -> None:
    parts = (ItemOutline("甲"), ItemOutline("乙"))
    refined = with_first_group(lambda one: replace(one, items=(replace(one.items[0], parts=parts), *one.items[1:])))

    assert rules.faults_of_standard(refined, OUTLINE) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, title="改名"),
        lambda one: replace(one, items=one.items[1:]),
        lambda one: replace(one, items=(*one.items, ItemOutline("另加一项"))),
        lambda one: replace(one, items=(replace(one.items[0], max_points=Decimal(5)), *one.items[1:])),
    ],
)
def test_a_refinement_keeps_what_its_parent_says(change: Change) -> None:
    assert codes(rules.faults_of_standard(with_first_group(change), OUTLINE)) == ["parent_changed"]
