"""Whole sheets and panels for Hypothesis, on the standard of annex 2."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from evaluation.scoring import Mark, StandardOutline
from tests.evaluation.annex import annex_two

OUTLINE = annex_two()
LEAVES = list(OUTLINE.leaves())

half_points = st.integers(0, 20).map(lambda halves: Decimal(halves) / 2)
points = half_points.map(Mark)
judged = st.one_of(points, st.just(Mark(None, not_applicable=True, reason="不适用")))


def is_scorable(marks: dict[UUID, Mark], outline: StandardOutline = OUTLINE) -> bool:
    """Tell whether every group has an applicable item."""
    return all(any(not marks[item.id].not_applicable for item in group.items) for group in outline.groups)


def of_every_item(mark: st.SearchStrategy[Mark]) -> st.SearchStrategy[dict[UUID, Mark]]:
    """Return sheets on which every item has such a mark."""
    return st.fixed_dictionaries({leaf.item.id: mark for leaf in LEAVES})


full_sheets = of_every_item(points)
sheets = of_every_item(judged).filter(is_scorable)
item_ids = st.sampled_from([leaf.item.id for leaf in LEAVES])
