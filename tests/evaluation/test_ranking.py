"""The tie-break chain, shared ranks, the cut line and the reasons (S-06, S-12, S-15)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation.enums import Criterion
from evaluation.ranking import CHAIN, Candidate, CannotRank, Figure, Key, Place, cut_at, rank

FIGURES: dict[str, Figure | None] = {
    "total": Decimal("91.37"),
    "satisfaction": Decimal("95.60"),
    "complaint_rate": Decimal("0.12"),
    "fee_collection": Decimal("93.00"),
    "group_three": Decimal("36.52"),
    "decision": None,
}


def candidate(number: int, **figures: str | None) -> Candidate:
    """Return the subject of that number with the usual figures but those given."""
    given_figures = {name: Decimal(value) if value is not None else None for name, value in figures.items()}
    return Candidate("nomination", UUID(int=number), FIGURES | given_figures)


def order(places: tuple[Place, ...]) -> list[tuple[int, int]]:
    """Return rank and number of every place."""
    return [(place.rank, place.candidate.subject_id.int) for place in places]


@pytest.mark.parametrize(
    ("criterion", "first", "second"),
    [
        ("total", "91.38", "91.37"),
        ("satisfaction", "95.61", "95.60"),
        ("complaint_rate", "0.11", "0.12"),
        ("fee_collection", "93.01", "93.00"),
        ("group_three", "36.53", "36.52"),
        ("decision", "1", "2"),
    ],
)
def test_each_criterion_decides_when_those_before_it_are_equal(criterion: str, first: str, second: str) -> None:
    behind, ahead = candidate(1, **{criterion: second}), candidate(2, **{criterion: first})

    places = rank([behind, ahead])

    assert order(places) == [(1, 2), (2, 1)]
    step = places[1].before
    assert step is not None
    assert step.key is not None
    assert step.key.code == criterion
    assert (step.above_figure, step.below_figure) == (Decimal(first), Decimal(second))
    assert places[0].after == step


def test_an_earlier_criterion_outweighs_all_later_ones() -> None:
    strong = candidate(1, total="90.00", satisfaction="99", complaint_rate="0", fee_collection="100", decision="1")
    ahead = candidate(2, total="90.01", satisfaction="90", complaint_rate="9", fee_collection="90", decision="2")

    assert order(rank([strong, ahead])) == [(1, 2), (2, 1)]


def test_equal_subjects_share_a_rank_and_the_next_is_left_out() -> None:
    places = rank([candidate(4, total="80"), candidate(3), candidate(2), candidate(1, total="95")])

    assert order(places) == [(1, 1), (2, 2), (2, 3), (4, 4)]
    assert [place.is_shared for place in places] == [False, True, True, False]


def test_the_reason_for_each_step_is_a_sentence() -> None:
    places = rank(
        [
            candidate(1, total="92"),
            candidate(2, complaint_rate="0.1"),
            candidate(3),
            candidate(4),
            candidate(5, satisfaction=None),
        ]
    )

    with translation.override("en"):
        sentences = [place.before.sentence() for place in places if place.before]

    assert sentences == [
        "Total score: 92 against 91.37; the higher figure goes first.",
        "Complaint rate: 0.1 against 0.12; the lower figure goes first.",
        "Equal in every criterion: a shared rank.",
        "Resident satisfaction: 95.60 against no figure; a missing figure goes last.",
    ]
    shared = places[3].before
    assert shared is not None
    assert (shared.above_figure, shared.below_figure) == (None, None)


@pytest.mark.parametrize("criterion", [criterion.value for criterion in Criterion])
def test_a_missing_figure_goes_last(criterion: str) -> None:
    missing, poor = (
        candidate(1, **{criterion: None}),
        candidate(2, **{criterion: "0" if criterion != "decision" else "9"}),
    )

    assert order(rank([missing, poor])) == [(1, 2), (2, 1)]


def test_two_missing_figures_are_equal_and_the_next_criterion_decides() -> None:
    first = candidate(1, satisfaction=None, complaint_rate="0.1")
    second = candidate(2, satisfaction=None, complaint_rate="0.2")

    places = rank([second, first])

    assert order(places) == [(1, 1), (2, 2)]
    assert places[1].before is not None
    assert places[1].before.key == CHAIN[2]


def test_a_figure_that_is_left_out_is_missing() -> None:
    bare = Candidate("nomination", UUID(int=1), {"total": Decimal("91.37")})

    assert order(rank([bare, candidate(2)])) == [(1, 2), (2, 1)]


def test_a_campaign_may_rank_by_another_chain() -> None:
    chain = (Key("green", "Green area"), Key("energy", "Energy use", higher_first=False))
    figures: list[dict[str, Figure | None]] = [{"green": 3, "energy": 5}, {"green": 3, "energy": 4}, {"green": 9}]
    candidates = [Candidate("park", UUID(int=number), values) for number, values in enumerate(figures)]

    assert order(rank(candidates, chain)) == [(1, 2), (2, 1), (3, 0)]


def test_fractions_and_decimals_compare_exactly() -> None:
    third = Candidate("nomination", UUID(int=1), {"total": Fraction(1, 3)})
    nearly = Candidate("nomination", UUID(int=2), {"total": Decimal("0.3333333333333333333333333333333333")})

    assert order(rank([nearly, third])) == [(1, 1), (2, 2)]


def test_nobody_to_rank_gives_an_empty_ranking() -> None:
    assert rank([]) == ()


def test_one_subject_has_no_neighbors() -> None:
    (place,) = rank([candidate(1)])

    assert (place.rank, place.is_shared, place.before, place.after) == (1, False, None, None)


def test_a_subject_listed_twice_is_refused() -> None:
    with pytest.raises(CannotRank) as refused:
        rank([candidate(1), candidate(2), candidate(1, total="3")])

    assert refused.value.params == {"subject": f"nomination {UUID(int=1)}"}


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_figure_that_is_not_finite_is_refused(figure: str) -> None:
    with pytest.raises(CannotRank):
        rank([candidate(1), candidate(2, satisfaction=figure)])


def test_a_float_is_refused() -> None:
    inexact = Candidate("nomination", UUID(int=1), {"total": 0.1})  # type: ignore[dict-item]  # what the check is for

    with pytest.raises(CannotRank):
        rank([inexact])


def test_a_line_between_two_ranks_leaves_no_tie() -> None:
    cut = cut_at(rank([candidate(n, total=str(100 - n)) for n in range(1, 5)]), 2)

    assert (order(cut.inside), cut.tied, order(cut.outside)) == ([(1, 1), (2, 2)], (), [(3, 3), (4, 4)])
    assert cut.places_left == 0


def test_a_tie_across_the_line_is_reported_and_not_cut() -> None:
    # The tie on places 10 and 11 of the demo data.
    nine = [candidate(n, total=str(101 - n)) for n in range(1, 10)]
    places = rank([*nine, candidate(10), candidate(11), candidate(12, total="50")])

    cut = cut_at(places, 10)

    assert order(cut.inside) == [(n, n) for n in range(1, 10)]
    assert order(cut.tied) == [(10, 10), (10, 11)]
    assert order(cut.outside) == [(12, 12)]
    assert cut.places_left == 1


def test_a_recorded_decision_parts_the_tie() -> None:
    tied = [candidate(1, total="95"), candidate(2, decision="2"), candidate(3, decision="1")]

    cut = cut_at(rank(tied), 2)

    assert (order(cut.inside), cut.tied, order(cut.outside)) == ([(1, 1), (2, 3)], (), [(3, 2)])


@pytest.mark.parametrize(("places", "inside", "outside"), [(0, 0, 3), (3, 3, 0), (9, 3, 0)])
def test_a_line_before_the_first_or_after_the_last_ties_nobody(places: int, inside: int, outside: int) -> None:
    cut = cut_at(rank([candidate(n) for n in range(3)]), places)

    assert (len(cut.inside), len(cut.tied), len(cut.outside)) == (inside, 0, outside)


def test_a_negative_number_of_places_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        cut_at((), -1)


few = st.sampled_from([None, Decimal(1), Decimal(2), Fraction(3, 2)])
candidates = st.lists(st.fixed_dictionaries({key.code: few for key in CHAIN}), max_size=12).map(
    lambda rows: [Candidate("nomination", UUID(int=number), row) for number, row in enumerate(rows)]
)


def sort_key(subject: Candidate) -> list[tuple[bool, Figure]]:
    """Return the chain as one key, the plain way: missing last, lower-first figures as they are, others negated."""
    figures = [(key, subject.figures[key.code]) for key in CHAIN]
    return [(True, 0) if f is None else (False, -f if key.higher_first else f) for key, f in figures]


@given(candidates, st.randoms())
def test_ranking_equals_the_plain_definition_in_any_order_of_arrival(subjects: list[Candidate], random: Random) -> None:
    keys = [sort_key(subject) for subject in subjects]

    places = rank(random.sample(subjects, len(subjects)))

    assert places == rank(subjects)
    for place in places:
        assert place.rank == 1 + sum(key < sort_key(place.candidate) for key in keys)
        assert place.is_shared == (keys.count(sort_key(place.candidate)) > 1)


@given(candidates, st.integers(0, 14))
def test_a_cut_never_parts_equal_subjects(subjects: list[Candidate], places: int) -> None:
    ranking = rank(subjects)

    cut = cut_at(ranking, places)

    assert sorted([*cut.inside, *cut.tied, *cut.outside], key=ranking.index) == list(ranking)
    ranks = [{place.rank for place in part} for part in (cut.inside, cut.tied, cut.outside)]
    assert sum(map(len, ranks)) == len({place.rank for place in ranking})
    assert len(cut.inside) <= places
    assert not cut.tied or len(cut.inside) < places < len(cut.inside) + len(cut.tied)


@given(candidates.filter(bool), st.data())
def test_bettering_one_figure_never_lowers_a_rank(subjects: list[Candidate], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(subjects))
    key = data.draw(st.sampled_from(CHAIN))
    old = chosen.figures[key.code]
    better = data.draw(st.integers(-3, 3).filter(lambda f: old is None or (f >= old if key.higher_first else f <= old)))
    changed = Candidate(chosen.subject_kind, chosen.subject_id, {**chosen.figures, key.code: better})
    before = {place.candidate.subject_id: place.rank for place in rank(subjects)}

    after = rank([changed if subject is chosen else subject for subject in subjects])

    assert {place.candidate.subject_id: place.rank for place in after}[chosen.subject_id] <= before[chosen.subject_id]
