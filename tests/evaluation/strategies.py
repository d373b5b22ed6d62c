"""Whole sheets and panels for Hypothesis, on the standard of annex 2."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from evaluation.scoring import Mark
from tests.evaluation.annex import annex_two

OUTLINE = annex_two()
LEAVES = list(OUTLINE.leaves())

half_points = st.integers(0, 20).map(lambda halves: Decimal(halves) / 2)
points = half_points.map(Mark)
judged = st.one_of(points, st.just(Mark(None, not_applicable=True, reason="不适用")))


def scorable(marks: dict[UUID, Mark]) -> dict[UUID, Mark]:
    """Return the marks with points for the first item of every group in which nothing applied."""
    bare = [group for group in OUTLINE.groups if all(marks[item.id].not_applicable for item in group.items)]
    return marks | {group.items[0].id: Mark(Decimal(7)) for group in bare}


def of_every_item(mark: st.SearchStrategy[Mark]) -> st.SearchStrategy[dict[UUID, Mark]]:
    """Return sheets on which every item has such a mark."""
    return st.fixed_dictionaries({leaf.item.id: mark for leaf in LEAVES})


full_sheets = of_every_item(points)
sheets = of_every_item(judged).map(scorable)
two_points = st.lists(half_points, min_size=2, max_size=2, unique=True).map(sorted)
item_ids = st.sampled_from([leaf.item.id for leaf in LEAVES])
