"""The figures of a ranking as they are frozen and shown: text and whole numbers only, nothing rounded twice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from common.digest import canonical_digest
from evaluation import ranking
from evaluation.contest import Filled, Result, Standing
from evaluation.enums import Counting
from evaluation.influence import Effect, without_each
from evaluation.queries import HandedIn
from evaluation.scoring import rounded
from evaluation.stability import RESAMPLES, Share, bootstrap
from nominations.queries.ranking import Roll, district_score

FORMAT = 3


def ranking_figures(roll: Roll) -> dict[str, Any]:
    """Return everything that makes the order (S-12, S-15): terms, every figure, why each stands there, how firmly.

    Exact figures are written as fractions, such as ``265/3``; ``shown`` ones are rounded once, half up, two places. The
    seed of the resampling is a digest of the sheets, so that nobody chooses it.
    """
    standing = roll.standing()
    seed = seed_of(roll)
    shares = bootstrap(standing, seed=seed)
    return {
        "format": FORMAT,
        "campaign": roll.campaign.code,
        "places": roll.campaign.places,
        "district_share": str(roll.campaign.district_share),
        "counting": standing.terms.counting.value,
        "counted": standing.counted.value,
        "chain": [key.code for key in ranking.CHAIN],
        "adjustment": _adjustment(standing),
        "seed": seed,
        "resamples": RESAMPLES,
        "rows": [_row(place, roll, standing, shares) for place in standing.places],
        "without": [_effect(effect, roll) for effect in without_each(roll.entries, standing)],
    }


def seed_of(roll: Roll) -> str:
    """Return the seed of the resampling: the first 32 hexadecimal digits of the digest of the sheets' digests."""
    digests = sorted(sheet.digest for panel in roll.sheets.values() for sheet in panel)
    return canonical_digest(digests)[:32]


def exact(value: Fraction | None) -> str | None:
    """Write an exact figure, as a fraction where it is no whole number."""
    return None if value is None else str(value)


def shown(value: Fraction | None) -> str | None:
    """Write a figure as it is published."""
    return None if value is None else str(rounded(value))


def _adjustment(standing: Standing) -> dict[str, Any]:
    """Tell whether strictness can be told apart from quality, and if so, how lenient each evaluator was."""
    adjustment = standing.adjustment
    leniencies = {str(scorer): exact(value) for scorer, value in sorted(adjustment.leniencies.items(), key=str)}
    return {"identified": adjustment.is_identified, "parts": adjustment.parts, "leniencies": leniencies}


def _row(place: ranking.Place, roll: Roll, standing: Standing, shares: Mapping[UUID, Share]) -> dict[str, Any]:
    nomination = roll.nominations[place.candidate.subject_id]
    result = standing.results[nomination.pk]
    score = district_score(nomination)
    return {
        "rank": place.rank,
        "shared": place.is_shared,
        "nomination": str(nomination.pk),
        "number": nomination.number,
        "community": nomination.community.name,
        "district": nomination.district.name,
        "figures": {code: _spelled(figure) for code, figure in place.candidate.figures.items()},
        "scores": {
            Counting.RAW.value: _both(result.raw),
            Counting.TRIMMED.value: _both(result.trimmed),
            Counting.ADJUSTED.value: _both(result.adjusted),
            "counted": _both(result.counted),
            "final": _both(result.final),
        },
        "district_score": None if score is None else str(score),
        "sheets": _sheets(result, roll, standing),
        "decided_by": place.after.key.code if place.after and place.after.key else None,
        "stability": shares[nomination.pk]._asdict(),
    }


def _sheets(result: Result, roll: Roll, standing: Standing) -> list[dict[str, Any]]:
    """Return the sheets, the lowest first; one is dropped where the trimmed mean counts."""
    if result.panel is None:
        return []
    dropped = {sheet.sheet_id for sheet in result.panel.dropped} if standing.counted == Counting.TRIMMED else set()
    filled = {sheet.figures.sheet_id: sheet for sheet in result.entry.sheets}
    sealed = {sheet.figures.sheet_id: sheet for sheet in roll.sheets[result.entry.subject_id]}
    return [
        _sheet(filled[sheet.sheet_id], sealed[sheet.sheet_id]) | {"dropped": sheet.sheet_id in dropped}
        for sheet in result.panel.sheets
    ]


def _sheet(filled: Filled, sealed: HandedIn) -> dict[str, Any]:
    figures = filled.figures
    return {
        "sheet": str(figures.sheet_id),
        "evaluator": filled.scorer,
        "capacity": sealed.scorer_role,
        "total": str(figures.total),
        "exact": exact(figures.exact),
        "groups": [str(Fraction(*pair)) for pair in zip(figures.numerators, figures.denominators, strict=True)],
        "digest": sealed.digest,
    }


def _effect(effect: Effect, roll: Roll) -> dict[str, Any]:
    def numbers(ids: frozenset[UUID]) -> list[str]:
        return sorted(roll.nominations[pk].number for pk in ids)

    return {
        "evaluator": effect.scorer,
        "counted": effect.counted.value,
        "exchanged": effect.exchanged,
        "entering": numbers(effect.entering),
        "leaving": numbers(effect.leaving),
        "unscored": numbers(effect.unscored),
        "ranks": {
            roll.nominations[pk].number: rank for pk, rank in sorted(effect.ranks.items(), key=lambda pair: pair[1])
        },
    }


def _both(value: Fraction | None) -> dict[str, str | None]:
    return {"exact": exact(value), "shown": shown(value)}


def _spelled(figure: ranking.Figure | None) -> str | None:
    return None if figure is None else format(figure, "f") if isinstance(figure, Decimal) else str(figure)
