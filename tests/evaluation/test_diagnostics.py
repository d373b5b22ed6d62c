"""How evaluators score beside each other: by hand, and against scipy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from evaluation.diagnostics import PanelFigures, concordance, diagnose, mean_ranks, spearman
from tests.evaluation.contests import entry, totals

values = st.integers(0, 8).map(Fraction)


def test_evaluator_beside_the_others_by_hand() -> None:
    # E01 against the mean of the others: 70−80, 60−75, 90−85 → −20/3. Spread of 70, 60, 90: √(1400/6) = 15.28.
    field = [totals(1, E01=70, E02=80), totals(2, E01=60, E02=70, E03=80), totals(3, E01=90, E02=85)]

    [first, *_others], _panels = diagnose(field)

    assert (first.scorer, first.sheets, first.compared) == ("E01", 3, 3)
    assert (first.mean, first.difference, first.spread) == (Decimal("73.33"), Decimal("-6.67"), Decimal("15.28"))
    assert first.correlation == Decimal("1.000")


def test_lonely_evaluator_is_compared_with_nobody() -> None:
    [only], panels = diagnose([totals(1, E01=70)])

    assert (only.spread, only.difference, only.correlation, only.compared) == (None, None, None, 0)
    assert panels == [PanelFigures(("E01",), 1, None)]


def test_panel_is_who_scored_the_same_communities() -> None:
    field = [totals(number, E01=number * 10, E02=number * 9) for number in (1, 2, 3)] + [totals(4, E01=5, E03=6)]

    _evaluators, panels = diagnose(field)

    assert panels == [PanelFigures(("E01", "E02"), 3, Decimal("1.000")), PanelFigures(("E01", "E03"), 1, None)]


def test_community_without_a_sheet_is_in_no_panel() -> None:
    assert diagnose([entry(1, {})]) == ([], [])


def test_concordance_with_ties_by_hand() -> None:
    # Ranks 1, 2.5, 2.5 and 1, 2, 3: sums 2, 4.5, 5.5 around 4 → S = 6.5; one pair tied: T = 6.
    # W = 12 × 6.5 ÷ (4 × 24 − 2 × 6) = 78 ÷ 84 = 0.929
    rows = [[Fraction(5), Fraction(7), Fraction(7)], [Fraction(1), Fraction(2), Fraction(3)]]

    assert concordance(rows) == Decimal("0.929")


@pytest.mark.parametrize("rows", [[], [[1, 2, 3]], [[1, 2], [1, 2]], [[1, 1, 1], [2, 2, 2]]])
def test_too_little_for_a_concordance(rows: list[list[int]]) -> None:
    assert concordance([[Fraction(value) for value in row] for row in rows]) is None


def test_opposite_orders_agree_in_nothing_and_three_evaluators_never_quite_so() -> None:
    up, down = [Fraction(n) for n in (1, 2, 3)], [Fraction(n) for n in (3, 2, 1)]

    # Rank sums 4, 4, 4: S = 0. With a third evaluator 5, 6, 7: S = 2, W = 12 × 2 ÷ (9 × 24) = 0.111
    assert (concordance([up, down]), concordance([up, down, up])) == (Decimal("0.000"), Decimal("0.111"))


def test_who_gives_everybody_the_same_agrees_with_nobody() -> None:
    # Ranks 2, 2, 2 and 1, 2, 3: S = 2, T = 24: W = 12 × 2 ÷ (4 × 24 − 2 × 24) = 0.5, clear as the other is
    level, up = [Fraction(5)] * 3, [Fraction(n) for n in (1, 2, 3)]

    assert concordance([level, up]) == Decimal("0.500")


@pytest.mark.parametrize("subjects", [1, 2])
def test_panel_with_fewer_than_three_communities_has_no_concordance(subjects: int) -> None:
    field = [totals(n, E01=80 + n, E02=70 + n, E03=60 + n) for n in range(1, subjects + 1)]

    _evaluators, panels = diagnose(field)

    assert panels == [PanelFigures(("E01", "E02", "E03"), subjects, None)]


@given(
    st.integers(2, 5).flatmap(
        lambda m: st.integers(3, 6).flatmap(
            lambda n: st.lists(st.lists(values, min_size=n, max_size=n), min_size=m, max_size=m)
        )
    )
)
def test_concordance_follows_from_friedmans_statistic(rows: list[list[Fraction]]) -> None:
    """W = χ² ÷ (m·(n − 1)), with ties: the same figure by another road."""
    assume(any(len(set(row)) > 1 for row in rows))
    ranked = [[float(rank) for rank in mean_ranks(row)] for row in rows]

    statistic = stats.friedmanchisquare(*zip(*ranked, strict=True)).statistic

    found = concordance(rows)
    assert found is not None
    assert abs(float(found) - statistic / (len(rows) * (len(rows[0]) - 1))) <= 0.00051


@given(st.lists(st.tuples(values, values), min_size=3, max_size=9))
def test_correlation_is_spearmans(pairs: list[tuple[Fraction, Fraction]]) -> None:
    ours, theirs = zip(*pairs, strict=True)
    found = spearman(ours, theirs)
    if len(set(ours)) == 1 or len(set(theirs)) == 1:
        assert found is None
        return

    expected = stats.spearmanr([float(x) for x in ours], [float(y) for y in theirs]).statistic

    assert found is not None
    assert abs(float(found) - expected) <= 0.00051


def test_correlation_needs_three_pairs() -> None:
    assert spearman([Fraction(1), Fraction(2)], [Fraction(1), Fraction(2)]) is None
