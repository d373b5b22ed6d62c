"""S-15: what the machine drafts for a selection, and how the order of the ranking and its ties are kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.enums import SelectionOutcome as O
from nominations.enums import SelectionStanding as Standing
from nominations.rules.drafting import Entrant, drafted
from nominations.rules.selection import parted_ranks, taken_out_of_order

NEW, KEPT, REMOVED = Standing.EVALUATED, Standing.RESERVED, Standing.REMOVED


@dataclass(frozen=True)
class Row:
    """What the rules read of a row."""

    rank: int
    outcome: O
    standing: Standing = NEW


def entrants(*rows: int | tuple[int, Standing]) -> list[Entrant]:
    """Return entrants of these ranks, newly evaluated unless said otherwise."""
    pairs = [row if isinstance(row, tuple) else (row, NEW) for row in rows]
    return [Entrant(UUID(int=number), rank, standing) for number, (rank, standing) in enumerate(pairs)]


def outcomes(*rows: int | tuple[int, Standing], places: int, reserves: int = 0) -> list[O]:
    """Return what is drafted for each entrant, in their order."""
    given_order = entrants(*rows)
    found = drafted(given_order, places=places, reserves=reserves)
    return [found[one.id] for one in given_order]


def test_places_then_reserves_then_the_rest_in_rank_order() -> None:
    assert outcomes(1, 2, 3, 4, 5, places=2, reserves=2) == [
        O.SHORTLIST,
        O.SHORTLIST,
        O.RESERVE,
        O.RESERVE,
        O.PASS_OVER,
    ]


def test_without_a_number_of_reserves_none_is_drafted() -> None:
    assert outcomes(1, 2, places=1) == [O.SHORTLIST, O.PASS_OVER]


def test_fewer_communities_than_places_are_all_shortlisted() -> None:
    assert outcomes(1, 2, places=5, reserves=3) == [O.SHORTLIST, O.SHORTLIST]


def test_tie_across_the_line_stays_below_it() -> None:
    assert outcomes(1, 2, 2, 4, places=2, reserves=3) == [O.SHORTLIST, O.RESERVE, O.RESERVE, O.RESERVE]


def test_tie_within_the_places_is_no_tie_across_the_line() -> None:
    assert outcomes(1, 1, 3, places=2) == [O.SHORTLIST, O.SHORTLIST, O.PASS_OVER]


def test_tie_across_the_line_of_the_reserves_is_not_cut_either() -> None:
    assert outcomes(1, 2, 3, 3, places=1, reserves=2) == [O.SHORTLIST, O.RESERVE, O.PASS_OVER, O.PASS_OVER]


def test_further_selection_draws_on_the_reserves_and_leaves_who_was_removed() -> None:
    drawn = outcomes((6, REMOVED), (10, KEPT), (12, KEPT), places=1, reserves=3)

    assert drawn == [O.PASS_OVER, O.SHORTLIST, O.RESERVE]


def test_who_is_on_reserve_stays_there_whatever_the_number() -> None:
    assert outcomes((3, KEPT), (4, KEPT), (5, NEW), places=0, reserves=1) == [O.RESERVE, O.RESERVE, O.PASS_OVER]


def test_no_free_place_shortlists_nobody() -> None:
    assert outcomes(1, 2, places=-1) == [O.PASS_OVER, O.PASS_OVER]


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from([NEW, KEPT, REMOVED])), max_size=12).map(sorted),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_draft_never_exceeds_the_places_nor_parts_a_tie(
    rows: list[tuple[int, Standing]], places: int, reserves: int
) -> None:
    found = outcomes(*rows, places=places, reserves=reserves)

    assert found.count(O.SHORTLIST) <= places
    for standing in (NEW, KEPT):
        chosen = {
            rank for (rank, where), how in zip(rows, found, strict=True) if (where, how) == (standing, O.SHORTLIST)
        }
        left = {
            rank for (rank, where), how in zip(rows, found, strict=True) if where == standing and how != O.SHORTLIST
        }
        assert chosen & left == set()
        assert not chosen or not left or max(chosen) < min(left)


@pytest.mark.parametrize(
    ("rows", "overtaking"),
    [
        ([Row(1, O.SHORTLIST), Row(2, O.SHORTLIST), Row(3, O.RESERVE), Row(4, O.PASS_OVER)], []),
        ([Row(1, O.RESERVE), Row(2, O.SHORTLIST)], [2]),
        ([Row(1, O.SHORTLIST), Row(2, O.PASS_OVER), Row(3, O.RESERVE)], [3]),
        ([Row(1, O.PASS_OVER), Row(2, O.RESERVE), Row(3, O.SHORTLIST)], [2, 3]),
        ([Row(1, O.PASS_OVER, REMOVED), Row(2, O.SHORTLIST, KEPT)], []),
        ([Row(2, O.PASS_OVER), Row(2, O.SHORTLIST)], []),
    ],
)
def test_rows_out_of_order_fare_better_than_a_better_rank(rows: list[Row], overtaking: list[int]) -> None:
    assert [row.rank for row in taken_out_of_order(rows)] == overtaking


def test_rank_is_parted_where_its_communities_are_treated_differently() -> None:
    rows = [Row(1, O.SHORTLIST), Row(1, O.SHORTLIST), Row(2, O.SHORTLIST), Row(2, O.RESERVE), Row(3, O.PASS_OVER)]

    assert parted_ranks(rows) == {2}
    assert parted_ranks([Row(4, O.PASS_OVER, REMOVED), Row(4, O.SHORTLIST)]) == set()
