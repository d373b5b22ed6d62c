"""Three ways to count a panel side by side, the order that one makes, and what hangs on one evaluator (S-15)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.contest import Entry, Standing, stand
from evaluation.enums import Counting
from evaluation.influence import without_each
from tests.evaluation.contests import (
    NAMES,
    Groups,
    countings,
    entries_of,
    entry,
    fields,
    group_scores,
    panels,
    subject,
    terms,
    totals,
)

Field = list[dict[str, Groups]]


def scores(standing: Standing, number: int) -> tuple[Any, ...]:
    """Return raw, trimmed, adjusted, counted and final score of a subject."""
    result = standing.results[subject(number)]
    return (result.raw, result.trimmed, result.adjusted, result.counted, result.final)


def ranks(standing: Standing) -> dict[str, int]:
    """Return ranks by label."""
    return {standing.results[pk].entry.label: rank for pk, rank in standing.ranks().items()}


def test_three_figures_of_one_panel_by_hand() -> None:
    # 60 + 80 + 82 + 84 + 100 = 406; without 60 and 100: 246 ÷ 3 = 82. One community: nobody is known to be lenient.
    standing = stand([totals(1, E01=60, E02=80, E03=82, E04=84, E05=100)], terms())

    assert scores(standing, 1) == (Fraction(406, 5), 82, Fraction(406, 5), 82, 82)


@pytest.mark.parametrize(
    ("counting", "counted"),
    [(Counting.RAW, Fraction(406, 5)), (Counting.TRIMMED, 82), (Counting.ADJUSTED, Fraction(406, 5))],
)
def test_terms_say_which_figure_counts(counting: Counting, counted: Fraction) -> None:
    standing = stand([totals(1, E01=60, E02=80, E03=82, E04=84, E05=100)], terms(counting))

    assert (standing.counted, scores(standing, 1)[3]) == (counting, counted)


def test_strict_evaluator_is_told_from_weak_community() -> None:
    # E01 gives 10 less than E02 where both were. C2 met only E01, C3 only E02: 80 and 85 are 85 and 80 adjusted.
    field = [totals(1, E01=70, E02=80), totals(2, E01=80), totals(3, E02=85)]

    raw, adjusted = stand(field, terms(Counting.RAW)), stand(field, terms(Counting.ADJUSTED))

    assert dict(adjusted.adjustment.leniencies) == {"E01": -5, "E02": 5}
    assert [scores(adjusted, number)[2] for number in (1, 2, 3)] == [75, 85, 80]
    assert (ranks(raw), ranks(adjusted)) == ({"C3": 1, "C2": 2, "C1": 3}, {"C2": 1, "C3": 2, "C1": 3})


def test_panels_without_a_common_evaluator_are_not_adjusted() -> None:
    field = [totals(1, E01=70, E02=80), totals(2, E03=90, E04=95)]

    standing = stand(field, terms(Counting.ADJUSTED))

    assert (standing.adjustment.parts, standing.adjustment.is_identified) == (2, False)
    assert standing.counted == Counting.TRIMMED
    assert [scores(standing, number)[2:4] for number in (1, 2)] == [(None, 75), (None, Fraction(185, 2))]


def test_district_score_counts_by_its_share() -> None:
    # 0.25 × 90 + 0.75 × 80 = 82.5
    standing = stand([entry(1, {"E01": (0, 0, 80, 0)}, district="90")], terms(alpha="0.25"))

    assert scores(standing, 1)[3:] == (80, Fraction(165, 2))


def test_community_without_a_sheet_has_no_score_and_goes_last() -> None:
    standing = stand([entry(1, {}, district="99"), totals(2, E01=10)], terms())

    assert (ranks(standing), scores(standing, 1)) == ({"C2": 1, "C1": 2}, (None,) * 5)


def test_district_score_alone_may_count() -> None:
    standing = stand([entry(1, {}, district="99"), entry(2, {"E01": (0, 0, 10, 0)}, district="98")], terms(alpha="1"))

    assert ranks(standing) == {"C1": 1, "C2": 2}


def test_group_three_parts_equal_totals_by_the_way_that_counts() -> None:
    # Both have 50 from everybody; C2 has more in group three.
    field = [entry(1, {"E01": (20, 0, 20, 10)}), entry(2, {"E01": (10, 0, 30, 10)})]

    assert ranks(stand(field, terms())) == {"C2": 1, "C1": 2}


def test_leaving_one_evaluator_out_shows_what_hangs_on_them() -> None:
    # C1: 90, 70 → 80; C2: 79, 79 → 79. Without E01: C1 70, C2 79.
    field = [totals(1, E01=90, E02=70), totals(2, E01=79, E02=79)]

    first, second = without_each(field, stand(field, terms(Counting.RAW)))

    assert (first.scorer, first.exchanged, first.entering, first.leaving) == (
        "E01",
        1,
        frozenset({subject(2)}),
        frozenset({subject(1)}),
    )
    assert (second.scorer, second.exchanged, second.entering, second.leaving) == ("E02", 0, frozenset(), frozenset())


def test_leaving_out_the_only_evaluator_leaves_a_community_without_a_score() -> None:
    field = [totals(1, E01=90), totals(2, E02=80)]

    first, _second = without_each(field, stand(field, terms(Counting.RAW)))

    assert first.unscored == {subject(1)}


@given(fields, countings)
def test_leaving_one_out_equals_a_contest_without_the_sheets(field: Field, counting: Counting) -> None:
    entries = entries_of(field)
    whole = stand(entries, terms(counting))

    for effect in without_each(entries, whole):
        rest = stand([each.without(effect.scorer) for each in entries], terms(counting))
        before, after = whole.ranks(), rest.ranks()
        swapped = [(a, b) for a, b in combinations(before, 2) if (before[a] - before[b]) * (after[a] - after[b]) < 0]
        assert (effect.counted, effect.ranks, effect.exchanged) == (rest.counted, after, len(swapped))
        assert (effect.entering, effect.leaving) == (rest.inside() - whole.inside(), whole.inside() - rest.inside())


@given(fields, countings)
def test_order_of_evaluators_and_communities_does_not_matter(field: Field, counting: Counting) -> None:
    entries = entries_of(field)
    turned = [Entry(e.subject_id, e.label, e.sheets[::-1], e.district, e.figures) for e in reversed(entries)]

    ours, theirs = stand(entries, terms(counting)), stand(turned, terms(counting))

    assert ours.places == theirs.places
    assert ours.adjustment == theirs.adjustment


@given(fields, countings, st.randoms(use_true_random=False))
def test_names_of_evaluators_do_not_matter(field: Field, counting: Counting, random: object) -> None:
    names = list(NAMES)
    random.shuffle(names)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    called = dict(zip(NAMES, names, strict=True))
    renamed = [{called[name]: groups for name, groups in panel.items()} for panel in field]

    ours, theirs = (stand(entries_of(each), terms(counting)) for each in (field, renamed))

    assert ranks(ours) == ranks(theirs)
    assert [scores(ours, n) for n in range(1, len(field) + 1)] == [scores(theirs, n) for n in range(1, len(field) + 1)]


@given(fields, countings, st.data())
def test_higher_score_never_lowers_the_communitys_rank(field: Field, counting: Counting, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(field)))
    name = data.draw(st.sampled_from(sorted(field[number - 1])))
    before = field[number - 1][name]
    raised = tuple(data.draw(st.integers(points, 40)) for points in before)
    better = [dict(panel) for panel in field]
    better[number - 1][name] = raised

    worse_ranks, better_ranks = (ranks(stand(entries_of(each), terms(counting))) for each in (field, better))

    assert better_ranks[f"C{number}"] <= worse_ranks[f"C{number}"]


@given(panels, group_scores, group_scores)
def test_trimming_bounds_what_one_extreme_sheet_can_do(panel: Mapping[str, Groups], low: Groups, high: Groups) -> None:
    """From five sheets on, whatever one evaluator writes, the score stays within what the others' sheets span."""
    assume(len(panel) >= 5)
    others = sorted(sum(groups) for name, groups in list(panel.items())[1:])
    name = next(iter(panel))

    for extreme in (low, high, (0, 0, 0, 0), (20, 20, 40, 20)):
        trimmed = scores(stand([entry(1, {**panel, name: extreme})], terms()), 1)[1]
        assert trimmed is not None
        assert others[0] <= trimmed <= others[-1]


@given(fields)
def test_adjusting_leaves_the_mean_of_all_sheets(field: Field) -> None:
    standing = stand(entries_of(field), terms(Counting.ADJUSTED))
    assume(standing.adjustment.is_identified)

    before = sum((sum(groups) for panel in field for groups in panel.values()), Fraction())
    results = standing.results.values()
    after = sum((each.adjusted * len(each.entry.sheets) for each in results if each.adjusted), Fraction())

    assert before == after


@given(fields, st.sampled_from(NAMES), st.integers(-20, 20))
def test_who_is_stricter_with_everybody_moves_nobody(field: Field, name: str, shift: int) -> None:
    """Adding a constant to one evaluator's every sheet changes leniencies and no difference between communities."""
    shifted = [{n: (*g[:2], g[2] + shift * (n == name), g[3]) for n, g in panel.items()} for panel in field]
    ours, theirs = (stand(entries_of(each), terms(Counting.ADJUSTED)) for each in (field, shifted))
    assume(ours.adjustment.is_identified)

    first = [scores(each, 1)[2] for each in (ours, theirs)]
    for number in range(2, len(field) + 1):
        differences = [scores(each, number)[2] - base for each, base in zip((ours, theirs), first, strict=True)]  # type: ignore[operator]
        assert differences[0] == differences[1]


def test_published_places_part_nobody_by_digits_nobody_sees() -> None:
    # 80 ⅓ and 80 ⅓ + 1/1000 are both 80.33.
    field = [
        entry(1, {"E01": (0, 0, 80, 0), "E02": (0, 0, 80, 0), "E03": (0, 0, 81, 0)}),
        entry(2, {"E01": (0, 0, 80, 0), "E02": (0, 0, 80, 0), "E03": (0, 0, 81, 0)}),
    ]

    standing = stand(field, terms(places=1))

    assert ranks(standing) == {"C1": 1, "C2": 1}
    assert standing.inside() == frozenset()
    assert standing.places[0].candidate.figures["total"] == Decimal("80.33")
