"""How evaluators score beside each other; shown to explain an order, never applied to it.

Of each evaluator: how far the own totals lie from the mean of the others on the same subjects, how far they spread, and
whether they put the subjects into the same order as the others do (Spearman's ρ between the own totals and the mean of
the others', with mean ranks for ties). Of each panel, that is of evaluators who all scored the same subjects: Kendall's
W, corrected for ties: ``W = 12·S ÷ (m²·(n³ − n) − m·ΣT)``, where S is the sum of squared deviations of the subjects'
rank sums and T = t³ − t for each group of t equal totals of one evaluator.

The limits of W: it is given from three subjects on only (two are in the same order half of the time by chance); it
exists for evaluators with *all* subjects in common, so that panels which rotate single persons fall into many small
groups; who gave everybody the same total agrees with nobody in it, and where all did there is none; and 0 is out of
reach where the rank sums cannot all be equal.

Figures are exact until the last step; a square root is taken to 28 digits before it is rounded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from uuid import UUID

from evaluation.contest import Entry

SQUARE_ROOTS = Context(prec=28, rounding=ROUND_HALF_UP)
LEAST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class EvaluatorFigures:
    """One evaluator; ``difference`` and ``correlation`` are ``None`` where there is too little to compare with."""

    scorer: str
    sheets: int
    mean: Decimal
    spread: Decimal | None
    difference: Decimal | None
    compared: int
    correlation: Decimal | None


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """Evaluators who all scored the same subjects, and how far they agree: 0 not at all, 1 in everything."""

    scorers: tuple[str, ...]
    subjects: int
    concordance: Decimal | None


Totals = Mapping[UUID, Mapping[str, Fraction]]


def diagnose(entries: Sequence[Entry]) -> tuple[list[EvaluatorFigures], list[PanelFigures]]:
    """Return the figures of every evaluator and of every panel, by name."""
    totals = {e.subject_id: {filled.scorer: filled.figures.exact for filled in e.sheets} for e in entries if e.sheets}
    scorers = sorted({scorer for panel in totals.values() for scorer in panel})
    return [_evaluator(scorer, totals) for scorer in scorers], _panels(totals)


def spearman(ours: Sequence[Fraction], theirs: Sequence[Fraction]) -> Decimal | None:
    """Return Spearman's ρ with mean ranks, three places; ``None`` below three pairs or when one side is all equal."""
    if len(ours) < LEAST_PAIRS:
        return None
    a, b = _centred(mean_ranks(ours)), _centred(mean_ranks(theirs))
    together = sum((x * y for x, y in zip(a, b, strict=True)), Fraction())
    apart = sum((x * x for x in a), Fraction()) * sum((y * y for y in b), Fraction())
    if not apart:
        return None
    size = _root(together * together / apart)
    return _places(size if together >= 0 else -size, 3)


def concordance(rows: Sequence[Sequence[Fraction]]) -> Decimal | None:
    """Return Kendall's W, three places, of evaluators (``rows``) who all scored the same subjects (columns).

    ``None`` with fewer than two evaluators or three subjects, or when every evaluator gave everybody the same.
    """
    evaluators, subjects = len(rows), len(rows[0]) if rows else 0
    if evaluators < 2 or subjects < LEAST_PAIRS:
        return None
    ranked = [mean_ranks(row) for row in rows]
    sums = _centred([sum(column, Fraction()) for column in zip(*ranked, strict=True)])
    ties = sum(count**3 - count for row in rows for count in Counter(row).values())
    possible = evaluators**2 * (subjects**3 - subjects) - evaluators * ties
    if not possible:
        return None
    return _places(_decimal(12 * sum((each * each for each in sums), Fraction()) / possible), 3)


def mean_ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Return the rank of each value, 1 for the lowest; equal values share the mean of their ranks."""
    places: dict[Fraction, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), start=1):
        places[value].append(place)
    return [Fraction(sum(places[value]), len(places[value])) for value in values]


def _evaluator(scorer: str, totals: Totals) -> EvaluatorFigures:
    own = [panel[scorer] for panel in totals.values() if scorer in panel]
    pairs = [(panel[scorer], _mean_of_others(panel, scorer)) for panel in totals.values() if scorer in panel]
    compared = [(ours, theirs) for ours, theirs in pairs if theirs is not None]
    difference = _mean([ours - theirs for ours, theirs in compared]) if compared else None
    return EvaluatorFigures(
        scorer=scorer,
        sheets=len(own),
        mean=_places(_decimal(_mean(own)), 2),
        spread=_spread(own),
        difference=None if difference is None else _places(_decimal(difference), 2),
        compared=len(compared),
        correlation=spearman([ours for ours, _theirs in compared], [theirs for _ours, theirs in compared]),
    )


def _panels(totals: Totals) -> list[PanelFigures]:
    shared: dict[tuple[str, ...], list[Mapping[str, Fraction]]] = defaultdict(list)
    for panel in totals.values():
        shared[tuple(sorted(panel))].append(panel)
    return [
        PanelFigures(scorers, len(panels), concordance([[panel[scorer] for panel in panels] for scorer in scorers]))
        for scorers, panels in sorted(shared.items())
    ]


def _mean_of_others(panel: Mapping[str, Fraction], scorer: str) -> Fraction | None:
    others = [total for name, total in panel.items() if name != scorer]
    return _mean(others) if others else None


def _spread(values: Sequence[Fraction]) -> Decimal | None:
    """Return the standard deviation of a sample, two places."""
    if len(values) < 2:
        return None
    squares = sum((each * each for each in _centred(values)), Fraction())
    return _places(_root(squares / (len(values) - 1)), 2)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _centred(values: Sequence[Fraction]) -> list[Fraction]:
    mean = _mean(values)
    return [value - mean for value in values]


def _root(value: Fraction) -> Decimal:
    return _decimal(value).sqrt(SQUARE_ROOTS)


def _decimal(value: Fraction) -> Decimal:
    return SQUARE_ROOTS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _places(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
