"""What hangs on one evaluator: the order that the others alone would have made, evaluator by evaluator.

Every figure is that of a contest without the evaluator's sheets, to the last digit. It is quick because little is done
twice: only the panels that the evaluator sat on are counted anew; where the adjusted figure counts, which hangs on
everybody, the others' leniencies are worked out once for each evaluator and stay whole numbers above one denominator
(decision 32).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import numpy as np

from evaluation import ranking
from evaluation.contest import GROUP_THREE, Entry, Standing, Terms, readings_of
from evaluation.enums import Counting, Criterion
from evaluation.equations import Numbers
from evaluation.scoring import PanelScore, final_score, hundredths, panel_score
from evaluation.severity import Panels, Solution, panels_of

# What no sheet changes: the figures between total and group three, and what people have decided.
BETWEEN = tuple(key for key in ranking.CHAIN if key.code not in {Criterion.TOTAL.value, Criterion.GROUP_THREE.value})


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change without one evaluator's sheets; ``exchanged`` counts the pairs that would swap their order."""

    scorer: str
    counted: Counting
    ranks: Mapping[UUID, int]
    exchanged: int
    entering: frozenset[UUID]
    leaving: frozenset[UUID]
    unscored: frozenset[UUID]


Key = tuple[bool, int, int, bool, int, int]  # as subjects are sorted; missing figures last, higher ones first


class _Subject(NamedTuple):
    """One subject: what no sheet changes, the keys that its whole panel gives, trimmed or not, and its sheets' totals.

    ``given`` are whole multiples of ``1 / scale``; ``base`` is what the district's score adds to the final one.
    """

    entry: Entry
    fixed: tuple[int, int]
    keys: Mapping[bool, Key]
    given: Sequence[tuple[str, int]]
    base: Fraction


@dataclass(frozen=True, slots=True)
class _Field:
    """All that is worked out once: the subjects, who scored what, and the order of all sheets."""

    subjects: Sequence[_Subject]
    panels: Panels
    terms: Terms
    counted: Counting
    inside: frozenset[UUID]
    earlier: Numbers  # for each pair, whether the first is better placed


def without_each(entries: Sequence[Entry], whole: Standing) -> list[Effect]:
    """Return, evaluator by evaluator, what order the others alone would have made."""
    field = _field(entries, whole)
    return [_effect(field, scorer) for scorer in sorted({sheet.scorer for entry in entries for sheet in entry.sheets})]


def _field(entries: Sequence[Entry], whole: Standing) -> _Field:
    candidates = [place.candidate for place in whole.places]
    between, decided = (
        {place.candidate.subject_id: place.rank for place in ranking.rank(candidates, chain)}
        for chain in (BETWEEN[:-1], BETWEEN[-1:])
    )
    panels, ranks, alpha = panels_of(readings_of(entries)), whole.ranks(), whole.terms.alpha
    subjects = []
    for entry in entries:
        panel, fixed = whole.results[entry.subject_id].panel, (between[entry.subject_id], decided[entry.subject_id])
        keys = {trimmed: _key(entry, panel, fixed, whole.terms, trimmed=trimmed) for trimmed in (True, False)}
        given = [(sheet.scorer, int(sheet.figures.exact * panels.scale)) for sheet in entry.sheets]
        subjects.append(_Subject(entry, fixed, keys, given, alpha * (entry.district or 0)))
    ours = np.array([ranks[entry.subject_id] for entry in entries], dtype=np.int32)
    return _Field(subjects, panels, whole.terms, whole.counted, whole.inside(), ours[:, None] < ours)


def _effect(field: _Field, scorer: str) -> Effect:
    rest = {
        one.entry.subject_id: _panel_of(one.entry.without(scorer))
        for one in field.subjects
        if any(sheet.scorer == scorer for sheet in one.entry.sheets)
    }
    counted, keys = _keys(field, scorer, rest)
    ranks = _ranks(keys)
    theirs = np.array([ranks[one.entry.subject_id] for one in field.subjects], dtype=np.int32)
    after = _inside(ranks, field.terms.places)
    return Effect(
        scorer=scorer,
        counted=counted,
        ranks=ranks,
        exchanged=int(np.count_nonzero(field.earlier & (theirs[:, None] > theirs))),
        entering=after - field.inside,
        leaving=field.inside - after,
        unscored=frozenset(pk for pk, panel in rest.items() if panel is None),
    )


def _keys(field: _Field, scorer: str, rest: Mapping[UUID, PanelScore | None]) -> tuple[Counting, dict[UUID, Key]]:
    """Return which figure counts without the evaluator, and by what each subject is placed then."""
    counted, solution = field.counted, None
    if field.terms.counting == Counting.ADJUSTED:
        solution = field.panels.solve(without=scorer)
        counted = Counting.ADJUSTED if solution.parts == 1 else Counting.TRIMMED
    trimmed = counted != Counting.RAW
    keys = {}
    for one in field.subjects:
        pk = one.entry.subject_id
        key = _key(one.entry, rest[pk], one.fixed, field.terms, trimmed=trimmed) if pk in rest else one.keys[trimmed]
        keys[pk] = _adjusted(key, one, field, scorer, solution) if solution and solution.parts == 1 else key
    return counted, keys


def _key(entry: Entry, panel: PanelScore | None, fixed: tuple[int, int], terms: Terms, *, trimmed: bool) -> Key:
    figure = None if panel is None else panel.exact if trimmed else panel.raw
    final = final_score(alpha=terms.alpha, district=entry.district, panel=figure)
    group = panel.group_alone(GROUP_THREE, trimmed=trimmed) if panel and len(panel.groups) > GROUP_THREE else None
    total, third = (None if each is None else hundredths(*each.as_integer_ratio()) for each in (final, group))
    return (total is None, -(total or 0), fixed[0], third is None, -(third or 0), fixed[1])


def _adjusted(key: Key, one: _Subject, field: _Field, scorer: str, solution: Solution) -> Key:
    """Return the key with the adjusted total in it; all in whole numbers above one denominator."""
    kept = [(name, total) for name, total in one.given if name != scorer]
    if not kept or key[0]:
        return key
    over = solution.below * sum(total for _name, total in kept) - sum(solution.above[name] for name, _total in kept)
    under = solution.below * field.panels.scale * len(kept)
    base, share = (each.as_integer_ratio() for each in (one.base, 1 - field.terms.alpha))
    above = base[0] * share[1] * under + base[1] * share[0] * over
    return (False, -hundredths(above, base[1] * share[1] * under), *key[2:])


def _panel_of(entry: Entry) -> PanelScore | None:
    return panel_score([sheet.figures for sheet in entry.sheets]) if entry.sheets else None


def _ranks(keys: Mapping[UUID, Key]) -> dict[UUID, int]:
    """Return the rank of each subject; subjects with equal keys share one."""
    ranks: dict[UUID, int] = {}
    for _same, tie in groupby(sorted(keys, key=keys.__getitem__), key=keys.__getitem__):
        ranks |= dict.fromkeys(tie, len(ranks) + 1)
    return ranks


def _inside(ranks: Mapping[UUID, int], places: int) -> frozenset[UUID]:
    """Return who is certainly within the places: a rank is, when all that share it fit in."""
    shared = Counter(ranks.values())
    return frozenset(pk for pk, rank in ranks.items() if rank + shared[rank] - 1 <= places)
