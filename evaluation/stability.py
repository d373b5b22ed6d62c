"""How much of an order is chance: the sheets of every subject drawn again, with replacement, a thousand times.

Each resample draws for each subject as many of its own sheets as it has, with replacement, and ranks anew by the same
rules. The draws come from SHA-256 in counter mode, which gives the same numbers on every machine and in every version
of everything: block b of resample r for the subject labelled L is ``SHA-256("{seed}/{r}/{L}/{b}")`` in UTF-8, with r
and b counted from 0; its 32 bytes are eight big-endian numbers u of 32 bits, and each draws the sheet with index
``u·n ÷ 2³²`` (rounded down) of the subject's n sheets in ascending order of total, then of the groups' scores, then id.

Where the adjusted figure counts, the leniencies stay those of all sheets: they belong to the measure, not to the draw.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from evaluation import ranking
from evaluation.contest import GROUP_THREE, Result, Standing
from evaluation.enums import Counting, Criterion
from evaluation.scoring import TRIM_FROM

RESAMPLES = 1_000
WORD, WORDS = 4, 8
BETWEEN = tuple(
    key
    for key in ranking.CHAIN
    if key.code not in {Criterion.TOTAL.value, Criterion.GROUP_THREE.value, Criterion.DECISION.value}
)

SortKey = tuple[bool, int, int, bool, int]


class Share(NamedTuple):
    """In how many of the resamples a subject was within the places, and in how many it was tied across the cut line."""

    within: int
    tied: int


@dataclass(frozen=True, slots=True)
class _Urn:
    """The sheets of one subject, ready to be drawn from: total and group three as whole multiples of 1 ÷ ``scale``."""

    label: str
    totals: tuple[int, ...]
    groups: tuple[int, ...] | None
    scale: int
    trims: tuple[bool, bool]  # the total, the group
    base: Fraction
    share: Fraction
    between: int

    def key(self, seed: str, resample: int) -> SortKey:
        """Draw once, and return what places the subject by it; what sorts first is better."""
        picks = drawn(seed, resample, self.label, len(self.totals))
        total = self.base + self.share * self._mean(self.totals, picks, self.trims[0])
        if self.groups is None:
            return (False, -_cents(total), self.between, True, 0)
        group = self._mean(self.groups, picks, self.trims[1])
        return (False, -_cents(total), self.between, False, -_cents(group))

    def _mean(self, values: Sequence[int], picks: Sequence[int], trims: bool) -> Fraction:
        column = sorted([values[pick] for pick in picks])
        counted = column[1:-1] if trims else column
        return Fraction(sum(counted), self.scale * len(counted))


def bootstrap(standing: Standing, *, seed: str, resamples: int = RESAMPLES) -> dict[UUID, Share]:
    """Return, subject by subject, in how many resamples of the sheets it stays within the places."""
    urns = _urns(standing)
    fixed = {pk: key for pk, key in _fixed_keys(standing).items() if pk not in urns}
    within, tied = dict.fromkeys(standing.results, 0), dict.fromkeys(standing.results, 0)
    for resample in range(resamples):
        keys = fixed | {pk: urn.key(seed, resample) for pk, urn in urns.items()}
        last, first_out = _line(sorted(keys.values()), standing.terms.places)
        for pk, key in keys.items():
            if last is not None and key <= last:
                into = tied if key == first_out else within
                into[pk] += 1
    return {pk: Share(within[pk], tied[pk]) for pk in standing.results}


def drawn(seed: str, resample: int, label: str, count: int) -> list[int]:
    """Return which of ``count`` sheets are drawn, ``count`` times, as the text above lays down."""
    picks: list[int] = []
    for block in range(-(-count // WORDS)):
        content = hashlib.sha256(f"{seed}/{resample}/{label}/{block}".encode()).digest()
        picks += [int.from_bytes(content[i : i + WORD], "big") * count >> 32 for i in range(0, WORD * WORDS, WORD)]
    return picks[:count]


def _line(keys: Sequence[SortKey], places: int) -> tuple[SortKey | None, SortKey | None]:
    """Return the last key within the places and the first one outside."""
    last = keys[min(places, len(keys)) - 1] if places else None
    return last, keys[places] if places < len(keys) else None


def _urns(standing: Standing) -> dict[UUID, _Urn]:
    between = _between(standing)
    return {
        pk: _urn(result, standing, between[pk])
        for pk, result in standing.results.items()
        if result.panel is not None and result.final is not None
    }


def _urn(result: Result, standing: Standing, between: int) -> _Urn:
    panel, alpha = result.panel, standing.terms.alpha
    assert panel is not None  # the caller has looked
    scorers = {filled.figures.sheet_id: filled.scorer for filled in result.entry.sheets}
    leniencies = standing.adjustment.leniencies if standing.counted == Counting.ADJUSTED else {}
    off = [leniencies.get(scorers[sheet.sheet_id], Fraction()) for sheet in panel.sheets]
    scale = math.lcm(panel.scale, *(each.denominator for each in off))
    factor = scale // panel.scale
    is_large = len(panel.sheets) >= TRIM_FROM
    return _Urn(
        label=result.entry.label,
        totals=tuple(row[0] * factor - int(each * scale) for row, each in zip(panel.scaled, off, strict=True)),
        groups=None if result.group_three is None else tuple(row[GROUP_THREE + 1] * factor for row in panel.scaled),
        scale=scale,
        trims=(is_large and standing.counted == Counting.TRIMMED, is_large and standing.counted != Counting.RAW),
        base=alpha * (result.entry.district or 0),
        share=1 - alpha,
        between=between,
    )


def _between(standing: Standing) -> dict[UUID, int]:
    """Return how each subject stands by the figures that no draw changes."""
    places = ranking.rank([place.candidate for place in standing.places], BETWEEN)
    return {place.candidate.subject_id: place.rank for place in places}


def _fixed_keys(standing: Standing) -> Mapping[UUID, SortKey]:
    """Return the keys of subjects without a sheet to draw: their figures stay as they are."""
    between = _between(standing)
    return {
        pk: (result.final is None, 0 if result.final is None else -_cents(result.final), between[pk], True, 0)
        for pk, result in standing.results.items()
    }


def _cents(value: Fraction) -> int:
    """Return hundredths, half up: the published two places."""
    return (200 * value.numerator + value.denominator) // (2 * value.denominator)
