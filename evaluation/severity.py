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
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


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


def adjust(readings: Sequence[Reading]) -> Adjustment:
    """Return every evaluator's leniency and every community's adjusted score, exact; the order does not matter."""
    panels: dict[Hashable, list[Reading]] = defaultdict(list)
    for reading in readings:
        panels[reading.subject].append(reading)
    parts = _parts(panels)
    if parts != 1:
        return Adjustment(parts, {}, {})
    leniencies = _leniencies(panels)
    scores = {subject: _score(panel, leniencies) for subject, panel in panels.items()}
    return Adjustment(parts, leniencies, scores)


def _score(panel: Sequence[Reading], leniencies: Mapping[Hashable, Fraction]) -> Fraction:
    return sum((reading.total - leniencies[reading.scorer] for reading in panel), Fraction()) / len(panel)


def _parts(panels: Mapping[Hashable, Sequence[Reading]]) -> int:
    """Count the parts that the communities fall into when those that share an evaluator hang together."""
    parts: list[set[Hashable]] = []
    for panel in panels.values():
        joined = {reading.scorer for reading in panel}
        apart = []
        for part in parts:
            if part & joined:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined]
    return len(parts)


def _leniencies(panels: Mapping[Hashable, Sequence[Reading]]) -> dict[Hashable, Fraction]:
    """Solve the normal equations, the communities' scores eliminated; all in whole numbers, for speed.

    For each evaluator: Σ over the own sheets of (leniency − mean leniency of that panel) = Σ (total − panel's mean).
    """
    scorers = sorted({reading.scorer for panel in panels.values() for reading in panel}, key=str)
    place = {scorer: index for index, scorer in enumerate(scorers)}
    size = math.lcm(*(len(panel) for panel in panels.values()))
    scale = math.lcm(*(reading.total.denominator for panel in panels.values() for reading in panel))
    rows = [[0] * (len(scorers) + 1) for _ in scorers]
    counts = [0] * len(scorers)
    for panel in panels.values():
        share, total = size // len(panel), int(sum(reading.total for reading in panel) * scale)
        for reading in panel:
            row = rows[place[reading.scorer]]
            counts[place[reading.scorer]] += 1
            row[place[reading.scorer]] += size
            for other in panel:
                row[place[other.scorer]] -= share
            row[-1] += size * int(reading.total * scale) - share * total
    rows[-1] = [*counts, 0]  # the equations add up to nothing: one of them gives way to the condition on the sum
    return {scorer: value / scale for scorer, value in zip(scorers, _solved(rows), strict=True)}


def _solved(rows: list[list[int]]) -> list[Fraction]:
    """Solve a regular system of whole numbers without fractions on the way (Bareiss), then backwards."""
    before = 1
    for step in range(len(rows)):
        pivot = next(index for index in range(step, len(rows)) if rows[index][step])
        rows[step], rows[pivot] = rows[pivot], rows[step]
        top = rows[step]
        for index in range(step + 1, len(rows)):
            row, lead = rows[index], rows[index][step]
            rows[index] = [(top[step] * value - lead * over) // before for value, over in zip(row, top, strict=True)]
        before = top[step]
    values: list[Fraction] = []
    for row in reversed(rows):
        known = sum((Fraction(a) * x for a, x in zip(reversed(row[:-1]), values, strict=False)), Fraction())
        values.append((row[-1] - known) / row[len(rows) - len(values) - 1])
    return values[::-1]
