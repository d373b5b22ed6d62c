"""A contest: the sheets of many subjects, counted in three ways side by side, and the order that one of them makes.

Pure and exact. ``raw`` is the mean of all sheets, ``trimmed`` the mean without the highest and the lowest from five
sheets on, ``adjusted`` the mean less the leniency of the evaluators (`severity`). The terms say beforehand which one
counts. Where ``adjusted`` should count and the panels do not hang together, ``trimmed`` counts instead, and the
standing says so: the same rule for everybody, written down before the first sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from evaluation import ranking
from evaluation.enums import Counting, Criterion
from evaluation.scoring import PanelScore, SheetFigures, final_score, panel_score, rounded
from evaluation.severity import Adjustment, Reading, adjust

GROUP_THREE = 2


class Filled(NamedTuple):
    """A sheet that counts, and who filled it in, by the name that the contest knows the evaluator by."""

    figures: SheetFigures
    scorer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject: the label that people call it by, its sheets, its district's score, its other tie-break figures."""

    subject_id: UUID
    label: str
    sheets: tuple[Filled, ...]
    district: Fraction | None
    figures: Mapping[str, ranking.Figure | None]

    def without(self, scorer: str) -> Entry:
        """Return the entry as if one evaluator had not taken part."""
        return replace(self, sheets=tuple(sheet for sheet in self.sheets if sheet.scorer != scorer))


@dataclass(frozen=True, slots=True)
class Terms:
    """What was laid down beforehand: which figure counts, the share of the district's score, how many places."""

    counting: Counting
    alpha: Fraction
    places: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one subject's sheets came to; every figure is unrounded and ``None`` where there is no sheet for it."""

    entry: Entry
    panel: PanelScore | None
    raw: Fraction | None
    trimmed: Fraction | None
    adjusted: Fraction | None
    counted: Fraction | None
    final: Fraction | None
    group_three: Fraction | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The outcome: ``counted`` is the figure that counted, ``places`` the order with the reason for every step."""

    terms: Terms
    counted: Counting
    adjustment: Adjustment
    results: Mapping[UUID, Result]
    places: tuple[ranking.Place, ...]

    def ranks(self) -> dict[UUID, int]:
        """Return the rank of each subject."""
        return {place.candidate.subject_id: place.rank for place in self.places}

    def inside(self) -> frozenset[UUID]:
        """Return who is certainly within the places; a tie across the cut line is not."""
        cut = ranking.cut_at(self.places, self.terms.places)
        return frozenset(place.candidate.subject_id for place in cut.inside)


def stand(entries: Sequence[Entry], terms: Terms) -> Standing:
    """Count every panel in three ways and put the subjects in order by the one that counts (S-12, S-15)."""
    adjustment = adjust(readings_of(entries))
    counted = terms.counting
    if counted == Counting.ADJUSTED and not adjustment.is_identified:
        counted = Counting.TRIMMED
    results = {entry.subject_id: _result(entry, terms, counted, adjustment) for entry in entries}
    places = ranking.rank(_candidate(result) for result in results.values())
    return Standing(terms, counted, adjustment, results, places)


def readings_of(entries: Iterable[Entry]) -> list[Reading]:
    """Return the total of every sheet, as strictness is told from it."""
    return [Reading(e.subject_id, filled.scorer, filled.figures.exact) for e in entries for filled in e.sheets]


def _result(entry: Entry, terms: Terms, counted: Counting, adjustment: Adjustment) -> Result:
    adjusted = adjustment.scores.get(entry.subject_id)
    if not entry.sheets:
        final = final_score(alpha=terms.alpha, district=entry.district, panel=None)
        return Result(entry, None, None, None, adjusted, None, final, None)
    panel = panel_score([filled.figures for filled in entry.sheets])
    by_kind = {Counting.RAW: panel.raw, Counting.TRIMMED: panel.exact, Counting.ADJUSTED: adjusted}
    final = final_score(alpha=terms.alpha, district=entry.district, panel=by_kind[counted])
    group_three = (
        panel.group_alone(GROUP_THREE, trimmed=counted != Counting.RAW) if len(panel.groups) > GROUP_THREE else None
    )
    return Result(entry, panel, panel.raw, panel.exact, adjusted, by_kind[counted], final, group_three)


def _candidate(result: Result) -> ranking.Candidate:
    """Return the subject with its published figures: nobody is placed by digits that nobody can see."""
    figures = {
        Criterion.TOTAL.value: _published(result.final),
        **result.entry.figures,
        Criterion.GROUP_THREE.value: _published(result.group_three),
    }
    return ranking.Candidate("nomination", result.entry.subject_id, figures)


def _published(figure: Fraction | None) -> ranking.Figure | None:
    return None if figure is None else rounded(figure)
