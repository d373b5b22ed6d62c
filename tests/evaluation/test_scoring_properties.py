"""What holds for every sheet and every panel, whatever the marks (S-09, S-11)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import MOST_PARTS
from evaluation.scoring import (
    GroupOutline,
    ItemOutline,
    Mark,
    PanelScore,
    StandardOutline,
    panel_score,
    rounded,
    score_sheet,
)
from tests.evaluation.annex import figures
from tests.evaluation.strategies import LEAVES, OUTLINE, full_sheets, half_points, item_ids, judged, sheets, two_points

Sheet = Mapping[UUID, Mark]


def panel_of(filled: list[Sheet]) -> PanelScore:
    """Return the panel score of filled sheets."""
    return panel_score([figures(OUTLINE, marks) for marks in filled])


@given(sheets)
def test_score_equals_the_formula_of_the_notice(marks: Sheet) -> None:
    expected = Fraction()
    for group in OUTLINE.groups:
        given_points = [marks[item.id].points for item in group.items if not marks[item.id].not_applicable]
        points = sum((Fraction(value) for value in given_points if value is not None), Fraction())
        expected += Fraction(group.weight) * points / (10 * len(given_points))

    assert score_sheet(OUTLINE, marks).exact == expected


@given(half_points)
def test_same_points_everywhere_give_ten_times_as_many(points: Decimal) -> None:
    marks = {leaf.item.id: Mark(points) for leaf in LEAVES}

    assert score_sheet(OUTLINE, marks).exact == 10 * Fraction(points)


@given(st.lists(st.integers(1, 9_999), min_size=0, max_size=6, unique=True), st.data())
def test_weights_share_out_exactly_a_hundred(cuts: list[int], data: st.DataObject) -> None:
    # Weights in hundredths that add up to 100: the gaps between the cuts of 0…10000.
    edges = [0, *sorted(cuts), 10_000]
    weights = [Decimal(after - before) / 100 for before, after in pairwise(edges)]
    items = [ItemOutline(str(index)) for index in range(len(weights))]
    groups = [GroupOutline(str(i), "组", w, (items[i],)) for i, w in enumerate(weights)]
    points = [data.draw(half_points) for _ in items]

    score = score_sheet(
        StandardOutline(tuple(groups)), {item.id: Mark(p) for item, p in zip(items, points, strict=True)}
    )

    assert score.exact == sum(
        (Fraction(w) * Fraction(p) / 10 for w, p in zip(weights, points, strict=True)), Fraction()
    )
    assert 0 <= score.exact <= 100


@given(sheets, item_ids, two_points)
def test_raising_one_mark_raises_a_sheet(marks: Sheet, item_id: UUID, points: list[Decimal]) -> None:
    lower, higher = (score_sheet(OUTLINE, {**marks, item_id: Mark(one)}).exact for one in points)

    assert lower < higher


@given(full_sheets, item_ids)
def test_not_applicable_counts_as_the_mean_of_the_rest_of_its_group(marks: Sheet, item_id: UUID) -> None:
    group = next(group for group in OUTLINE.groups if any(item.id == item_id for item in group.items))
    rest = [Fraction(marks[item.id].points or 0) for item in group.items if item.id != item_id]
    mean = sum(rest, Fraction()) / len(rest)
    without = score_sheet(OUTLINE, {**marks, item_id: Mark(None, not_applicable=True)}).exact

    gained = without - score_sheet(OUTLINE, {**marks, item_id: Mark(Decimal(0))}).exact

    # What leaving the item out gains over zero points is exactly what the mean of the others would have gained.
    assert gained == Fraction(group.weight) * mean / (10 * len(group.items))


@given(full_sheets, item_ids)
def test_not_applicable_never_beats_the_best_of_its_group(marks: Sheet, item_id: UUID) -> None:
    group = next(group for group in OUTLINE.groups if any(item.id == item_id for item in group.items))
    best = max(marks[item.id].points or Decimal(0) for item in group.items if item.id != item_id)

    without = score_sheet(OUTLINE, {**marks, item_id: Mark(None, not_applicable=True)}).exact

    assert without <= score_sheet(OUTLINE, {**marks, item_id: Mark(best)}).exact


@given(st.lists(sheets, min_size=1, max_size=7), st.randoms())
def test_order_of_the_evaluators_does_not_matter(filled: list[Sheet], random: Random) -> None:
    exact = [figures(OUTLINE, marks) for marks in filled]
    shuffled = random.sample(exact, len(exact))

    assert panel_score(shuffled) == panel_score(exact)


@given(st.lists(sheets, min_size=1, max_size=7))
def test_panel_equals_fractions_added_one_by_one(filled: list[Sheet]) -> None:
    totals = sorted(score_sheet(OUTLINE, marks).exact for marks in filled)
    counted = totals[1:-1] if len(totals) >= 5 else totals

    panel = panel_of(filled)

    assert panel.exact == sum(counted, Fraction()) / len(counted)
    assert sum(panel.groups) == panel.exact
    assert panel.widest_gap == totals[-1] - totals[0]


@given(st.lists(sheets, min_size=1, max_size=7), st.data())
def test_raising_one_mark_never_lowers_a_panel_or_its_tie_break_figures(
    filled: list[Sheet], data: st.DataObject
) -> None:
    first, *others = filled
    item_id, points = data.draw(item_ids), data.draw(two_points)

    lower, higher = (panel_of([{**first, item_id: Mark(one)}, *others]) for one in points)

    assert lower.exact <= higher.exact
    assert all(lower.group_alone(index) <= higher.group_alone(index) for index in range(4))


@given(st.lists(sheets, min_size=4, max_size=8), sheets)
def test_trimming_bounds_one_extreme_sheet(honest: list[Sheet], extreme: Sheet) -> None:
    totals = sorted(score_sheet(OUTLINE, marks).exact for marks in honest)

    panel = panel_of([*honest, extreme])

    # However it is filled in, at the utmost it is dropped itself: the others less their best, or less their worst.
    others = len(totals) - 1
    assert sum(totals[:-1], Fraction()) / others <= panel.exact <= sum(totals[1:], Fraction()) / others


@given(st.integers(0, 10**9), st.integers(1, 10**7))
def test_rounding_agrees_with_decimal_half_up(numerator: int, denominator: int) -> None:
    with localcontext() as context:
        context.prec = 60
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    shown = rounded(Fraction(numerator, denominator))

    assert shown == expected
    assert abs(Fraction(shown) - Fraction(numerator, denominator)) <= Fraction(1, 200)


# Nine items of every size, each refined into twenty parts: the coarsest denominators that a standard can bring about.
FINE = GroupOutline(
    "一",
    "组",
    Decimal("33.33"),
    tuple(
        ItemOutline(str(n), Decimal(n) / 2, parts=tuple(ItemOutline(str(m)) for m in range(MOST_PARTS)))
        for n in range(11, 20)
    ),
)


@given(st.data())
def test_figures_of_a_sheet_fit_the_column(data: st.DataObject) -> None:
    parts = [item.parts[: data.draw(st.integers(1, MOST_PARTS))] for item in FINE.items]
    marks = {part.id: Mark(None, not_applicable=True) for item in FINE.items for part in item.parts}
    marks |= {part.id: Mark(Decimal("9.5")) for applicable in parts for part in applicable[:-1]}
    marks |= {applicable[-1].id: Mark(Decimal("0.5")) for applicable in parts}

    exact = figures(StandardOutline((FINE,)), marks)

    assert max(*exact.numerators, *exact.denominators) < 2**63
    assert exact.exact == score_sheet(StandardOutline((FINE,)), marks).exact


@given(judged)
def test_marks_of_the_strategy_are_points_or_not_applicable(mark: Mark) -> None:
    assert (mark.points is None) == mark.not_applicable
