"""Annex 2 worked by hand for three sheets (S-11), and the readings of `product.md` about panels (S-09)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from common.identifiers import new_id
from evaluation.scoring import (
    CannotScore,
    GroupOutline,
    ItemOutline,
    Mark,
    SheetFigures,
    StandardOutline,
    final_score,
    panel_score,
    rounded,
    score_sheet,
)
from tests.evaluation.annex import SHEET_A, SHEET_B, SHEET_C, annex_two, figures, group, marks


def sheet_of(total: int | str, other: int | str = 0) -> SheetFigures:
    """Return a sheet of two groups."""
    exact = [Fraction(total), Fraction(other)]
    return SheetFigures(new_id(), tuple(e.numerator for e in exact), tuple(e.denominator for e in exact))


def test_sheet_a_by_hand() -> None:
    # 一  9 + 8.5 + 9.5 + 10 + 8               = 45   20 × 45 ÷ (10 × 5) = 18
    # 二  9 + 8 + 7.5 + 9.5                    = 34   20 × 34 ÷ (10 × 4) = 17
    # 三  10+10+9+8.5+8+9+7.5+9+8              = 79   40 × 79 ÷ (10 × 9) = 35.1111…
    # 四  10 + 9 + 8 + 10 + 7 + 8.5 + 9.5      = 62   20 × 62 ÷ (10 × 7) = 17.7142…
    # 18 + 17 + 35.1111… + 17.7142… = 87.8253… → 87.83; the rounded groups would add up to 87.82
    outline = annex_two()

    score = score_sheet(outline, marks(outline, SHEET_A))

    assert [figure.earned for figure in score.groups] == [45, 34, 79, 62]
    assert [figure.exact for figure in score.groups] == [18, 17, Fraction(316, 9), Fraction(124, 7)]
    assert [str(figure.score) for figure in score.groups] == ["18.00", "17.00", "35.11", "17.71"]
    assert score.exact == Fraction(5533, 63)
    assert score.total == Decimal("87.83")


def test_sheet_b_by_hand_with_two_items_not_applicable() -> None:
    # 一  7 + 7 + 8 + 6.5 + 7.5                = 36   20 × 36 ÷ (10 × 5) = 14.4
    # 二  6 + 6 + 7 + 7                        = 26   20 × 26 ÷ (10 × 4) = 13
    # 三  8+7+9+8+7.5+6+6.5+8, 三-8 left out   = 60   40 × 60 ÷ (10 × 8) = 30
    # 四  9 + 8 + 7 + 10 + 6 + 8, 四-7 left out = 48   20 × 48 ÷ (10 × 6) = 16
    # 14.4 + 13 + 30 + 16 = 73.4
    outline = annex_two()

    score = score_sheet(outline, marks(outline, SHEET_B))

    assert [figure.possible for figure in score.groups] == [50, 40, 80, 60]
    assert [figure.exact for figure in score.groups] == [Fraction(72, 5), 13, 30, 16]
    assert score.total == Decimal("73.40")


def test_sheet_c_by_hand() -> None:
    # 一  10 + 10 + 10 + 9.5 + 10              = 49.5 20 × 49.5 ÷ 50 = 19.8
    # 二  9 + 9.5 + 10 + 8.5                   = 37   20 × 37 ÷ 40   = 18.5
    # 三  10+10+10+10+9+9.5+8.5+10+9           = 86   40 × 86 ÷ 90   = 38.2222…
    # 四  10 + 9 + 10 + 10 + 9.5 + 10 + 5.5    = 64   20 × 64 ÷ 70   = 18.2857…
    # 19.8 + 18.5 + 38.2222… + 18.2857… = 94.8079… → 94.81
    outline = annex_two()

    score = score_sheet(outline, marks(outline, SHEET_C))

    assert [figure.formula for figure in score.groups] == [
        "20 × 49.5 ÷ 50 = 19.80",
        "20 × 37 ÷ 40 = 18.50",
        "40 × 86 ÷ 90 = 38.22",
        "20 × 64 ÷ 70 = 18.29",
    ]
    assert score.total == Decimal("94.81")


def test_panel_of_the_three_sheets_by_hand() -> None:
    # (5533/63 + 367/5 + 59729/630) ÷ 3 = 7681/90 = 85.3444… → 85.34
    # The mean of the rounded totals, (87.83 + 73.40 + 94.81) ÷ 3 = 85.3466…, would be 85.35: a rounded figure never
    # enters another one.
    outline = annex_two()
    sheets = [figures(outline, marks(outline, rows)) for rows in (SHEET_A, SHEET_B, SHEET_C)]

    panel = panel_score(sheets)

    assert panel.exact == Fraction(7681, 90)
    assert panel.total == Decimal("85.34")
    assert [sheet.total for sheet in panel.sheets] == [Decimal("73.40"), Decimal("87.83"), Decimal("94.81")]
    assert (panel.trimmed, panel.dropped, panel.counted) == (False, (), panel.sheets)
    assert panel.widest_gap == Fraction(59729, 630) - Fraction(367, 5)
    assert sum(panel.groups) == panel.exact
    assert panel.groups[2] == (Fraction(316, 9) + 30 + Fraction(344, 9)) / 3
    assert panel.group_alone(2) == panel.groups[2]


def test_item_figures_add_up_to_the_total() -> None:
    outline = annex_two()

    score = score_sheet(outline, marks(outline, SHEET_B))

    items = [item for figure in score.groups for item in figure.items]
    assert [item.code for item in items][:6] == ["一-1", "一-2", "一-3", "一-4", "一-5", "二-1"]
    assert sum(item.contribution for item in items) == score.exact
    assert items[16].code == "三-8"
    assert items[16].earned is None
    assert items[16].contribution == 0
    assert items[9].contribution == Fraction(40 * 8, 80)


def test_item_points_other_than_ten_count_in_proportion() -> None:
    # 5 points at most and 10 points at most: 100 × (4 + 8) ÷ (5 + 10) = 80
    small, large = ItemOutline("甲", max_points=Decimal(5)), ItemOutline("乙")
    outline = StandardOutline((GroupOutline("一", "组", Decimal(100), (small, large)),))

    score = score_sheet(outline, {small.id: Mark(Decimal(4)), large.id: Mark(Decimal(8))})

    assert score.total == Decimal("80.00")


def refined() -> tuple[StandardOutline, ItemOutline, tuple[ItemOutline, ...]]:
    """Return a standard of one group with a plain item and one that is refined into three parts."""
    parts = (ItemOutline("垃圾亭"), ItemOutline("楼道"), ItemOutline("绿化"))
    plain, fine = ItemOutline("甲"), ItemOutline("乙", parts=parts)
    return StandardOutline((GroupOutline("一", "组", Decimal(100), (plain, fine)),)), plain, parts


def test_refined_item_keeps_its_share_of_the_group() -> None:
    # 乙 is worth 10 points: 10 × (6 + 9) ÷ (10 × 2), the third part not applicable = 7.5; 100 × (10 + 7.5) ÷ 20 = 87.5
    outline, plain, parts = refined()
    given = {
        plain.id: Mark(Decimal(10)),
        parts[0].id: Mark(Decimal(6)),
        parts[1].id: Mark(Decimal(9)),
        parts[2].id: Mark(None, not_applicable=True),
    }

    score = score_sheet(outline, given)

    assert score.total == Decimal("87.50")
    fine = score.groups[0].items[1]
    assert fine.earned == Fraction(15, 2)
    assert [part.code for part in fine.parts] == ["一-2-1", "一-2-2", "一-2-3"]
    assert [part.contribution for part in fine.parts] == [15, Fraction(45, 2), 0]


def test_refined_item_without_applicable_part_is_not_applicable() -> None:
    outline, plain, parts = refined()
    given = {part.id: Mark(None, not_applicable=True) for part in parts}

    score = score_sheet(outline, {plain.id: Mark(Decimal(7)), **given})

    assert score.total == Decimal("70.00")
    assert score.groups[0].items[1].earned is None
    assert [part.contribution for part in score.groups[0].items[1].parts] == [0, 0, 0]


def test_leaves_are_the_items_that_take_points() -> None:
    outline, plain, parts = refined()

    leaves = list(outline.leaves())

    assert [leaf.code for leaf in leaves] == ["一-1", "一-2-1", "一-2-2", "一-2-3"]
    assert [leaf.item for leaf in leaves] == [plain, *parts]


def test_group_without_applicable_item_is_refused() -> None:
    outline = annex_two()
    given = marks(outline, (*SHEET_A[:3], (None,) * 7))

    with pytest.raises(CannotScore) as refused:
        score_sheet(outline, given)

    assert refused.value.params == {"where": "四"}


@pytest.mark.parametrize("unscored", [None, Mark(None)])
def test_item_without_points_is_refused(unscored: Mark | None) -> None:
    outline = StandardOutline((group("一", "组", "100", ["甲", "乙"]),))
    first, second = outline.groups[0].items
    given = {first.id: Mark(Decimal(8))} | ({second.id: unscored} if unscored else {})

    with pytest.raises(CannotScore) as refused:
        score_sheet(outline, given)

    assert refused.value.params == {"where": "乙"}


def test_formula_shows_a_fraction_that_has_no_short_decimal() -> None:
    outline, plain, parts = refined()
    points = (Decimal(1), Decimal(2), Decimal(2))
    given = {part.id: Mark(value) for part, value in zip(parts, points, strict=True)}

    score = score_sheet(outline, {plain.id: Mark(Decimal("0.5")), **given})

    # 10 × 5 ÷ 30 = 5/3; 0.5 + 5/3 = 13/6
    assert score.groups[0].formula == "100 × 13/6 ÷ 20 = 10.83"


def test_five_sheets_drop_the_highest_and_the_lowest() -> None:
    sheets = [sheet_of(total) for total in (70, 95, 80, 82, 84)]

    panel = panel_score(sheets)

    assert panel.exact == Fraction(80 + 82 + 84, 3)
    assert panel.dropped == (sheets[0], sheets[1])
    assert panel.counted == (sheets[2], sheets[3], sheets[4])
    assert panel.widest_gap == 25


def test_four_sheets_all_count() -> None:
    panel = panel_score([sheet_of(total) for total in (70, 95, 80, 83)])

    assert panel.exact == 82
    assert panel.dropped == ()


def test_equal_totals_drop_one_sheet_only() -> None:
    panel = panel_score([sheet_of(total) for total in (70, 70, 80, 90, 90)])

    assert panel.exact == 80


def test_group_alone_drops_that_groups_own_extremes() -> None:
    sheets = [sheet_of(40, 50), sheet_of(60, 10), sheet_of(60, 20), sheet_of(60, 30), sheet_of(70, 29)]

    panel = panel_score(sheets)

    assert panel.groups[1] == Fraction(50 + 20 + 30, 3)
    assert panel.group_alone(1) == Fraction(20 + 29 + 30, 3)


def test_group_alone_does_not_fall_when_a_higher_mark_exchanges_the_dropped_sheet() -> None:
    others = [sheet_of(10, 10), sheet_of(50, 20), sheet_of(45, 35), sheet_of(88, 3)]

    before, after = (panel_score([*others, sheet_of(group_one, 50)]) for group_one in (40, 42))

    assert after.exact > before.exact
    assert after.groups[1] < before.groups[1]
    assert after.group_alone(1) == before.group_alone(1)


def test_panel_without_sheets_has_no_score() -> None:
    with pytest.raises(ValueError, match="without sheets"):
        panel_score([])


def test_figures_are_those_of_the_sheet() -> None:
    outline = annex_two()
    score = score_sheet(outline, marks(outline, SHEET_A))

    exact = score.figures(new_id())

    assert exact.exact == score.exact
    assert exact.total == score.total
    assert exact.numerators == (18, 17, 316, 124)
    assert exact.denominators == (1, 1, 9, 7)


@pytest.mark.parametrize(
    ("alpha", "district", "panel", "expected"),
    [
        ("0", None, "85", "85"),
        ("0", "90", "85", "85"),
        ("0.3", "90", "80", "83"),
        ("1", "90", None, "90"),
        ("0.3", None, "80", None),
        ("0.3", "90", None, None),
        ("0", "90", None, None),
    ],
)
def test_final_score_weighs_district_and_panel(
    alpha: str, district: str | None, panel: str | None, expected: str | None
) -> None:
    parts = {name: Fraction(value) if value else None for name, value in (("district", district), ("panel", panel))}

    final = final_score(alpha=Fraction(alpha), **parts)

    assert final == (Fraction(expected) if expected else None)


@pytest.mark.parametrize("alpha", ["-0.1", "1.1"])
def test_final_score_refuses_a_weight_outside_0_to_1(alpha: str) -> None:
    with pytest.raises(ValueError, match="alpha"):
        final_score(alpha=Fraction(alpha), district=Fraction(1), panel=Fraction(1))


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("89.995", "90.00"), ("89.9949", "89.99"), ("0", "0.00"), ("100", "100.00"), ("0.005", "0.01"), ("2/3", "0.67")],
)
def test_rounding_is_half_up_to_two_places(exact: str, shown: str) -> None:
    assert str(rounded(Fraction(exact))) == shown
