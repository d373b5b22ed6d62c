"""Contests for tests: panels of plain group scores, written as whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from evaluation.contest import Entry, Filled, Terms
from evaluation.enums import Counting
from evaluation.ranking import Figure
from evaluation.scoring import SheetFigures

Groups = Sequence[int]
NAMES = ("E01", "E02", "E03", "E04", "E05", "E06")


def subject(number: int) -> UUID:
    """Return the id of the subject that is labelled ``C<number>``."""
    return UUID(int=number)


def entry(
    number: int,
    sheets: Mapping[str, Groups],
    *,
    district: str | None = None,
    figures: Mapping[str, Figure | None] | None = None,
) -> Entry:
    """Return a subject with one sheet per evaluator, each a row of whole group scores."""
    filled = tuple(
        Filled(SheetFigures(UUID(int=1000 * number + index), tuple(groups), (1,) * len(groups)), scorer)
        for index, (scorer, groups) in enumerate(sheets.items())
    )
    score = None if district is None else Fraction(Decimal(district))
    usual: dict[str, Figure | None] = {"satisfaction": None, "complaint_rate": None, "fee_collection": None}
    return Entry(subject(number), f"C{number}", filled, score, usual | dict(figures or {}))


def totals(number: int, **given: int) -> Entry:
    """Return a subject whose evaluators gave these totals, all of it in group three."""
    return entry(number, {name: (0, 0, total, 0) for name, total in given.items()})


def terms(counting: Counting = Counting.TRIMMED, *, alpha: str = "0", places: int = 1) -> Terms:
    """Return terms."""
    return Terms(counting, Fraction(Decimal(alpha)), places)


group_scores = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 40), st.integers(0, 20))
panels = st.dictionaries(st.sampled_from(NAMES), group_scores, min_size=1, max_size=6)
fields = st.lists(panels, min_size=2, max_size=5)
countings = st.sampled_from(list(Counting))


def entries_of(field: Sequence[Mapping[str, Groups]]) -> list[Entry]:
    """Return one subject per panel."""
    return [entry(number, panel) for number, panel in enumerate(field, start=1)]
