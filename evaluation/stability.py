"""How much of an order is chance: the sheets of every subject drawn again, with replacement, a thousand times.

Each resample draws for each subject as many of its own sheets as it has, with replacement, and ranks anew by the same
rules. The draws come from SHA-256 in counter mode, which gives the same numbers on every machine and in every version
of everything: block b of resample r for the subject labelled L is ``SHA-256("{seed}/{r}/{L}/{b}")`` in UTF-8, with r
and b counted from 0; its 32 bytes are eight big-endian numbers u of 32 bits, and each draws the sheet with index
``u·n ÷ 2³²`` (rounded down) of the subject's n sheets in ascending order of total, then of the groups' scores, then id.

All of it is whole numbers, many draws at a time (decision 32): no figure is ever a float, so that the shares are those
of ranking every resample anew with fractions. Where the adjusted figure counts, the leniencies stay those of all
sheets: they belong to the measure, not to the draw.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from evaluation import ranking
from evaluation.contest import GROUP_THREE, Result, Standing
from evaluation.enums import Counting, Criterion
from evaluation.equations import LARGEST, Numbers, kind_for
from evaluation.scoring import TRIM_FROM, hundredths

RESAMPLES = 1_000
WORD, WORDS = 4, 8
FINE = 32
BETWEEN = tuple(
    key
    for key in ranking.CHAIN
    if key.code not in {Criterion.TOTAL.value, Criterion.GROUP_THREE.value, Criterion.DECISION.value}
)


class Share(NamedTuple):
    """In how many of the resamples a subject was within the places, and in how many it was tied across the cut line."""

    within: int
    tied: int


@dataclass(frozen=True, slots=True)
class _Column:
    """What the sheets of one subject say to one figure, in whole multiples of 1 ÷ ``scale``; ``base`` is added."""

    values: tuple[int, ...]
    scale: int
    trims: bool
    base: Fraction = Fraction()
    share: Fraction = Fraction(1)

    def cents(self, picks: NDArray[np.intp]) -> Numbers:
        """Return the published figure of every resample in hundredths, half up: (a + b·sum) ÷ c, rounded down."""
        kept = len(self.values) - 2 * self.trims
        step, start = 100 * self.share / (self.scale * kept), 100 * self.base + Fraction(1, 2)
        c = math.lcm(step.denominator, start.denominator)
        a, b = int(start * c), int(step * c)
        most = len(self.values) * max(map(abs, self.values))
        if max(abs(a) + abs(b) * most, 3 * most, c) <= LARGEST:
            return (a + b * self._sums(np.array(self.values, dtype=np.int64)[picks])) // c
        return self._cents_of_large(picks, a, b, c)

    def _cents_of_large(self, picks: NDArray[np.intp], a: int, b: int, c: int) -> Numbers:
        """Return the same where 64 bits are too few: between bounds, and exactly where these do not agree.

        Every summand is rounded down to a multiple of 2⁻³², so that the sum of n of them and of the start lies less
        than n + 1 such steps below the true one. Leaving out the largest and the smallest changes nothing in that:
        rounding keeps the order.
        """
        short = np.array([(b * value << FINE) // c for value in self.values], dtype=np.int64)[picks]
        low = self._sums(short) + (a << FINE) // c
        cents: Numbers = low >> FINE
        for row in np.flatnonzero((low + len(self.values) + 1) >> FINE != cents).tolist():
            values = np.array([self.values[pick] for pick in picks[row].tolist()], dtype=object)
            cents[row] = (a + b * self._sums(values[None])[0]) // c
        return cents

    def _sums(self, values: Numbers) -> Numbers:
        """Return the sum of what was drawn, of each resample, without the largest and the smallest where it trims."""
        sums: Numbers = values.sum(axis=1)
        return sums - values.max(axis=1) - values.min(axis=1) if self.trims else sums


@dataclass(frozen=True, slots=True)
class _Figures:
    """What places one subject in every resample: total and group three in hundredths, ``None`` where there is none."""

    total: Numbers | None
    group: Numbers | None
    between: int


def bootstrap(standing: Standing, *, seed: str, resamples: int = RESAMPLES) -> dict[UUID, Share]:
    """Return, subject by subject, in how many resamples of the sheets it stays within the places."""
    if not standing.results or not standing.terms.places or not resamples:
        return dict.fromkeys(standing.results, Share(0, 0))
    between = _between(standing)
    figures = [_figures(result, standing, between[pk], seed, resamples) for pk, result in standing.results.items()]
    keys = _keys(figures, resamples)
    ordered = np.sort(keys, axis=0)
    inside = keys <= ordered[min(standing.terms.places, len(keys)) - 1]
    tied = inside & (keys == ordered[standing.terms.places]) if standing.terms.places < len(keys) else inside & False
    counts = zip((inside & ~tied).sum(axis=1).tolist(), tied.sum(axis=1).tolist(), strict=True)
    return {pk: Share(*both) for pk, both in zip(standing.results, counts, strict=True)}


def drawn(seed: str, resample: int, label: str, count: int) -> list[int]:
    """Return which of ``count`` sheets are drawn, ``count`` times, as the text above lays down."""
    return [int(pick) for pick in _picks(seed, range(resample, resample + 1), label, count)[0]]


def _picks(seed: str, resamples: Sequence[int], label: str, count: int) -> NDArray[np.intp]:
    blocks = [f"{label}/{block}".encode() for block in range(-(-count // WORDS))]
    starts = [f"{seed}/{resample}/".encode() for resample in resamples]
    stream = b"".join([hashlib.sha256(start + block).digest() for start in starts for block in blocks])
    words = np.frombuffer(stream, dtype=f">u{WORD}").reshape(len(starts), len(blocks) * WORDS)
    return (words[:, :count].astype(np.uint64) * np.uint64(count) >> np.uint64(32)).astype(np.intp)


def _figures(result: Result, standing: Standing, between: int, seed: str, resamples: int) -> _Figures:
    """Draw for one subject; without a sheet its figures stay as they are."""
    if result.panel is None or result.final is None:
        total = (
            None
            if result.final is None
            else np.full(resamples, hundredths(*result.final.as_integer_ratio()), dtype=np.int64)
        )
        return _Figures(total, None, between)
    totals, groups = _columns(result, standing)
    picks = _picks(seed, range(resamples), result.entry.label, len(totals.values))
    return _Figures(totals.cents(picks), groups.cents(picks) if groups else None, between)


def _columns(result: Result, standing: Standing) -> tuple[_Column, _Column | None]:
    """Return what the draws are of: the totals, and group three where the standard has one."""
    panel, alpha = result.panel, standing.terms.alpha
    assert panel is not None  # the caller has looked
    scorers = {filled.figures.sheet_id: filled.scorer for filled in result.entry.sheets}
    leniencies = standing.adjustment.leniencies if standing.counted == Counting.ADJUSTED else {}
    off = [leniencies.get(scorers[sheet.sheet_id], Fraction()) for sheet in panel.sheets]
    scale = math.lcm(panel.scale, *(each.denominator for each in off))
    factor = scale // panel.scale
    values = tuple(row[0] * factor - int(each * scale) for row, each in zip(panel.scaled, off, strict=True))
    is_large = len(panel.sheets) >= TRIM_FROM
    base = alpha * (result.entry.district or 0)
    totals = _Column(values, scale, is_large and standing.counted == Counting.TRIMMED, base, 1 - alpha)
    if result.group_three is None:
        return totals, None
    thirds = tuple(row[GROUP_THREE + 1] for row in panel.scaled)
    return totals, _Column(thirds, panel.scale, is_large and standing.counted != Counting.RAW)


def _keys(figures: Sequence[_Figures], resamples: int) -> Numbers:
    """Return one whole number per subject and resample; the smaller one is the better place.

    It is written in a system of mixed radix: the total, what no draw changes, group three, each from its best down, and
    after its worst whoever has no figure.
    """
    best_total, totals = _span([each.total for each in figures])
    best_group, groups = _span([each.group for each in figures])
    steps = max(each.between for each in figures) + 1
    kind = kind_for((totals + 2) * steps * (groups + 2))
    rows = [
        (_down(each.total, best_total, totals, resamples, kind) * steps + each.between) * (groups + 2)
        + _down(each.group, best_group, groups, resamples, kind)
        for each in figures
    ]
    return np.stack(rows)


def _span(columns: Sequence[Numbers | None]) -> tuple[int, int]:
    """Return the best figure of all, and how far the worst lies below it."""
    there = [column for column in columns if column is not None]
    best = max((int(column.max()) for column in there), default=0)
    return best, best - min((int(column.min()) for column in there), default=0)


def _down(column: Numbers | None, best: int, span: int, resamples: int, kind: type[Any]) -> Numbers:
    """Return how far below the best each figure lies; no figure lies below every other."""
    return np.full(resamples, span + 1, dtype=kind) if column is None else best - column.astype(kind)


def _between(standing: Standing) -> Mapping[UUID, int]:
    """Return how each subject stands by the figures that no draw changes."""
    places = ranking.rank([place.candidate for place in standing.places], BETWEEN)
    return {place.candidate.subject_id: place.rank for place in places}
