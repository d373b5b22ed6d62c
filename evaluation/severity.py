"""How strict each evaluator is, told apart from how good the communities are; pure, in exact rational arithmetic.

Model: total of a sheet = score of the community + leniency of the evaluator + what is left over. Scores and leniencies
are those that leave the least squares over, with the leniencies, each counted once per sheet, adding up to zero, so
that adjusting changes nobody's standing against the average of all sheets. The adjusted score of a community is the
mean of its sheets, each less the leniency of its evaluator.

That is a question with one answer only where every community is linked with every other through evaluators that they
share. Where the panels fall apart into parts without a common evaluator, nobody can tell a strict panel from weak
communities; then there is no adjusted score, and the number of parts says why.

Raising one sheet's total never lowers its community against another: read the sheets as wires of equal resistance
between communities and evaluators; what a total counts for in the difference of two communities is the current through
its wire when a current enters at the one and leaves at the other, and at the entrance no current flows in.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from evaluation.equations import Numbers, kind_for, solved


class Reading(NamedTuple):
    """The exact total that one evaluator gave to one community."""

    subject: Hashable
    scorer: Hashable
    total: Fraction


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the model says; ``leniencies`` and ``scores`` are empty unless the panels hang together in one part."""

    parts: int
    leniencies: Mapping[Hashable, Fraction]
    scores: Mapping[Hashable, Fraction]

    @property
    def is_identified(self) -> bool:
        """Tell whether strictness and quality can be told apart at all."""
        return self.parts == 1


@dataclass(frozen=True, slots=True)
class Solution:
    """The leniencies in the unit of the panels that they were worked out from: ``above[scorer] / below``."""

    parts: int
    above: Mapping[Hashable, int]
    below: int


@dataclass(frozen=True, slots=True)
class Panels:
    """Who scored what: ``marks`` counts the sheets by community and evaluator, ``totals`` adds up what they gave.

    All totals are whole multiples of ``1 / scale``.
    """

    subjects: tuple[Hashable, ...]
    scorers: tuple[Hashable, ...]
    marks: Numbers
    totals: Numbers
    scale: int

    def solve(self, without: Hashable | None = None) -> Solution:
        """Return the leniencies, as if one evaluator had not taken part.

        The normal equations, the communities' scores eliminated: for each evaluator, Σ over the own sheets of
        (leniency − mean leniency of that panel) = Σ (total − panel's mean).
        """
        kept = [index for index, scorer in enumerate(self.scorers) if scorer != without]
        marks, totals = self.marks[:, kept], self.totals[:, kept]
        parts = _parts(marks)
        if parts != 1:
            return Solution(parts, {}, 1)
        rows, columns = marks.sum(axis=1) > 0, marks.sum(axis=0) > 0
        above, below = _leniencies(marks[rows][:, columns], totals[rows][:, columns])
        scorers = [self.scorers[index] for index, is_there in zip(kept, columns.tolist(), strict=True) if is_there]
        return Solution(1, dict(zip(scorers, above, strict=True)), below)


def panels_of(readings: Iterable[Reading]) -> Panels:
    """Return the panels that the sheets make; the order does not matter."""
    given = list(readings)
    subjects = {reading.subject: None for reading in given}
    scorers = sorted({reading.scorer for reading in given}, key=str)
    scale = math.lcm(*{reading.total.denominator for reading in given})
    down = {subject: index for index, subject in enumerate(subjects)}
    across = {scorer: index for index, scorer in enumerate(scorers)}
    marks, totals = (np.zeros((len(down), len(across)), dtype=kind) for kind in (np.int64, object))
    for reading in given:
        place = down[reading.subject], across[reading.scorer]
        marks[place] += 1
        totals[place] += int(reading.total * scale)
    largest = sum(abs(total) for total in totals.flat)
    return Panels(tuple(subjects), tuple(scorers), marks, totals.astype(kind_for(largest)), scale)


def adjust(readings: Sequence[Reading]) -> Adjustment:
    """Return every evaluator's leniency and every community's adjusted score, exact; the order does not matter."""
    panels = panels_of(readings)
    solution = panels.solve()
    if solution.parts != 1:
        return Adjustment(solution.parts, {}, {})
    unit = solution.below * panels.scale
    leniencies = {scorer: Fraction(above, unit) for scorer, above in solution.above.items()}
    above = np.array(list(solution.above.values()), dtype=object)
    adjusted = panels.totals.sum(axis=1).astype(object) * solution.below - panels.marks.astype(object) @ above
    sizes = panels.marks.sum(axis=1).tolist()
    scores = {
        subject: Fraction(score, size * unit)
        for subject, score, size in zip(panels.subjects, adjusted.tolist(), sizes, strict=True)
    }
    return Adjustment(1, leniencies, scores)


def _parts(marks: Numbers) -> int:
    """Count the parts that the communities fall into when those that share an evaluator hang together."""
    linked, parts = marks > 0, 0
    rest = linked.any(axis=1)
    while rest.any():
        part = np.zeros(len(marks), dtype=bool)
        grown = np.arange(len(marks)) == np.argmax(rest)
        while (grown != part).any():
            part = grown
            grown = linked[:, linked[part].any(axis=0)].any(axis=1)
        parts, rest = parts + 1, rest & ~part
    return parts


def _leniencies(marks: Numbers, totals: Numbers) -> tuple[list[int], int]:
    """Solve the equations in whole numbers; each is multiplied by what all panels' sizes divide."""
    sizes, sheets = marks.sum(axis=1), marks.sum(axis=0)
    size = math.lcm(*set(sizes.tolist()))
    kind = kind_for(2 * size * max(int(marks.sum()), sum(map(abs, totals.ravel().tolist()))))
    shares, marks, totals = size // sizes.astype(kind), marks.astype(kind), totals.astype(kind)
    left = np.diag(sheets.astype(kind) * size) - marks.T @ (marks * shares[:, None])
    right = totals.sum(axis=0) * size - marks.T @ (shares * totals.sum(axis=1))
    left[-1], right[-1] = sheets, 0  # the equations add up to nothing: one gives way to the condition on the sum
    return solved(left, right.tolist())
