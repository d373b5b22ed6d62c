"""Why a community stands where it stands, line by line, so that anybody can check it with pencil and paper (S-15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation.enums import Counting, Criterion
from evaluation.queries import FilledSheet, filled_sheet
from evaluation.ranking import Candidate, compare
from evaluation.scoring import plain, rounded
from nominations.models import Ranking

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Explained:
    """A community's row of a frozen ranking, its sheets as they were filled in, and the arithmetic in words.

    ``why`` says what puts it above the next one, ``why_not_above`` what keeps it below the one before: in the reader's
    language, while the ranking keeps the code of the criterion and both figures.
    """

    ranking: Ranking
    row: Row
    above: Row | None
    below: Row | None
    sheets: tuple[FilledSheet, ...]
    arithmetic: tuple[str, ...]
    why: str
    why_not_above: str


def ranking_in_force(campaign_id: UUID) -> Ranking | None:
    """Return the frozen ranking that has not been superseded."""
    return Ranking.objects.filter(campaign=campaign_id, superseded_at__isnull=True).select_related("campaign").first()


def explain(ranking: Ranking, *, number: str = "", nomination_id: UUID | None = None) -> Explained | None:
    """Return why a community, named by its number or its id, stands where it does; ``None`` when it is not ranked."""
    rows = ranking.figures["rows"]
    found = (i for i, row in enumerate(rows) if number == row["number"] or str(nomination_id) == row["nomination"])
    index = next(found, None)
    if index is None:
        return None
    row = rows[index]
    sheets = tuple(filled_sheet(UUID(sheet["sheet"])) for sheet in row["sheets"])
    above = rows[index - 1] if index else None
    below = rows[index + 1] if index + 1 < len(rows) else None
    why, why_not_above = _why(row, below) if below else "", _why(above, row) if above else ""
    places = _place_lines(ranking.figures, row, why, why_not_above)
    arithmetic = (*_arithmetic(ranking.figures, row, sheets), *places)
    return Explained(ranking, row, above, below, sheets, arithmetic, why, why_not_above)


def _arithmetic(figures: Row, row: Row, sheets: tuple[FilledSheet, ...]) -> Iterator[str]:
    for sheet, filled in zip(row["sheets"], sheets, strict=True):
        yield from _sheet_lines(sheet, filled)
    if row["sheets"]:
        yield from _panel_lines(figures, row)
    yield from _total_lines(figures, row)


def _sheet_lines(sheet: Row, filled: FilledSheet) -> Iterator[str]:
    names = {"evaluator": sheet["evaluator"], "total": sheet["total"], "exact": _spelled(sheet["exact"])}
    for group in filled.score.groups if filled.score else ():
        line = {"evaluator": sheet["evaluator"], "group": group.group.number, "formula": group.formula}
        yield _("%(evaluator)s, group %(group)s: %(formula)s") % line
    yield _("%(evaluator)s: total %(exact)s, shown %(total)s") % names


def _panel_lines(figures: Row, row: Row) -> Iterator[str]:
    scores = row["scores"]
    every = [Fraction(sheet["exact"]) for sheet in row["sheets"]]
    kept = every[1:-1] if len(every) >= 5 else every
    yield _("Raw: %(formula)s") % {"formula": _mean(every, scores["raw"])}
    yield _("Trimmed (from five sheets on without the lowest and the highest): %(formula)s") % {
        "formula": _mean(kept, scores["trimmed"])
    }
    if scores["adjusted"]["exact"] is None:
        yield _(
            "Adjusted: not worked out, because the panels fall into %(parts)s parts without a common evaluator."
        ) % {"parts": figures["adjustment"]["parts"]}
        return
    leniencies = figures["adjustment"]["leniencies"]
    less = [Fraction(sheet["exact"]) - Fraction(leniencies[sheet["evaluator"]]) for sheet in row["sheets"]]
    yield _("Adjusted (each sheet less the leniency of its evaluator): %(formula)s") % {
        "formula": _mean(less, scores["adjusted"])
    }


def _total_lines(figures: Row, row: Row) -> Iterator[str]:
    counted, final = row["scores"]["counted"], row["scores"]["final"]
    label = Counting(figures["counted"]).label
    yield _("What counts: %(label)s, %(value)s") % {"label": label, "value": counted["shown"] or "–"}
    share = Fraction(figures["district_share"])
    if share:
        params = {
            "share": plain(share),
            "district": row["district_score"] or "–",
            "rest": plain(1 - share),
            "panel": _spelled(counted["exact"]),
            "total": final["shown"] or "–",
        }
        yield _("Total: %(share)s × %(district)s + %(rest)s × %(panel)s = %(total)s") % params
    else:
        yield _("Total: %(total)s") % {"total": final["shown"] or "–"}


def _place_lines(figures: Row, row: Row, why: str, why_not_above: str) -> Iterator[str]:
    for criterion in (
        Criterion.SATISFACTION,
        Criterion.COMPLAINT_RATE,
        Criterion.FEE_COLLECTION,
        Criterion.GROUP_THREE,
    ):
        value = row["figures"].get(criterion.value)
        yield _("Tie-break, %(criterion)s: %(value)s") % {"criterion": criterion.label, "value": value or "–"}
    yield _("Rank %(rank)s of %(count)s") % {"rank": row["rank"], "count": len(figures["rows"])}
    if why_not_above:
        yield _("Why not the place above: %(why)s") % {"why": why_not_above}
    if why:
        yield _("Why above the next: %(why)s") % {"why": why}
    told = {"within": row["stability"]["within"], "tied": row["stability"]["tied"], "resamples": figures["resamples"]}
    yield _("Within the places in %(within)s of %(resamples)s resamples, tied at the cut line in %(tied)s") % told


def _why(above: Row, below: Row) -> str:
    """Return what told two neighbors apart, from their frozen figures."""
    return compare(_candidate(above), _candidate(below)).sentence()


def _candidate(row: Row) -> Candidate:
    figures = {code: None if value is None else Decimal(value) for code, value in row["figures"].items()}
    return Candidate("nomination", UUID(row["nomination"]), figures)


def _mean(values: list[Fraction], result: Row) -> str:
    added = " + ".join(_spelled(value) for value in values)
    formula = f"({added}) ÷ {len(values)} = {_spelled(result['exact'])}"
    return formula if _spelled(result["exact"]) == result["shown"] else f"{formula} ≈ {result['shown']}"


def _spelled(value: str | Fraction | None) -> str:
    """Write an exact figure shortly where it has at most three places, else as a fraction."""
    if value is None:
        return "–"
    exact = Fraction(value)
    return str(rounded(exact)) if (100 * exact).denominator == 1 and exact >= 0 else plain(exact)
