"""The order of the evaluated communities, with every figure that makes it (rows S-12, S-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from evaluation import queries as evaluation
from evaluation import ranking
from evaluation.enums import Criterion
from evaluation.scoring import PanelScore, final_score, rounded
from nominations.enums import NominationState
from nominations.models import Assignment, Campaign, ComplaintFigure, Nomination

# What takes part in a ranking: evaluated, and everything that a selection has decided since.
RANKED = (
    NominationState.EVALUATED,
    NominationState.RESERVED,
    NominationState.SHORTLISTED,
    NominationState.NOT_SELECTED,
)
GROUP_THREE = 2


def ranking_figures(campaign: Campaign) -> list[dict[str, Any]]:
    """Return one row per evaluated community, best first: rank, figures as strings, sheets, and why it stands there.

    The final score is α·district + (1−α)·panel in exact fractions, rounded once, half up, two places. Five queries.
    """
    nominations = list(
        Nomination.objects.filter(campaign=campaign, state__in=RANKED).select_related("community", "district", "review")
    )
    ids = [nomination.pk for nomination in nominations]
    panels = evaluation.panels_of(
        subject_kind=Nomination.flow, subject_ids=ids, kind="panel", without=_sheets_in_conflict(ids)
    )
    complaints = {figure.community_id: figure for figure in ComplaintFigure.objects.filter(campaign=campaign)}
    figures = {n.pk: _figures(campaign, n, panels.get(n.pk), complaints.get(n.community_id)) for n in nominations}
    candidates = [ranking.Candidate(Nomination.flow, pk, values) for pk, values in figures.items()]
    by_id = {nomination.pk: nomination for nomination in nominations}
    return [_row(place, by_id, panels) for place in ranking.rank(candidates)]


def _figures(
    campaign: Campaign, nomination: Nomination, panel: PanelScore | None, complaints: ComplaintFigure | None
) -> dict[str, ranking.Figure | None]:
    return {
        Criterion.TOTAL.value: _total(campaign, nomination, panel),
        Criterion.SATISFACTION.value: figure_of(nomination, "satisfaction_rate"),
        Criterion.COMPLAINT_RATE.value: complaint_rate(complaints),
        Criterion.FEE_COLLECTION.value: figure_of(nomination, "fee_collection_rate"),
        Criterion.GROUP_THREE.value: _group_three(panel),
    }


def _sheets_in_conflict(nomination_ids: Sequence[UUID]) -> list[UUID]:
    """Return the sheets of evaluators with a conflict of interest: they count for nothing."""
    conflicted = Assignment.objects.filter(nomination__in=nomination_ids, sheet__isnull=False)
    return list(conflicted.exclude(conflict_reason="").values_list("sheet", flat=True))


def complaint_rate(complaints: ComplaintFigure | None) -> Decimal | None:
    """Return complaints per household as it is published, six places: nobody is placed by digits that nobody sees."""
    if complaints is None:
        return None
    exact = Decimal(complaints.complaints) / Decimal(complaints.households)
    return exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def _total(campaign: Campaign, nomination: Nomination, panel: PanelScore | None) -> Decimal | None:
    review = getattr(nomination, "review", None)
    district = Fraction(review.score) if review is not None and review.score is not None else None
    final = final_score(
        alpha=Fraction(campaign.district_share), district=district, panel=panel.exact if panel else None
    )
    return rounded(final) if final is not None else None


def _row(
    place: ranking.Place, nominations: Mapping[UUID, Nomination], panels: Mapping[UUID, PanelScore]
) -> dict[str, Any]:
    nomination = nominations[place.candidate.subject_id]
    panel = panels.get(nomination.pk)
    return {
        "rank": place.rank,
        "shared": place.is_shared,
        "nomination": str(nomination.pk),
        "number": nomination.number,
        "community": nomination.community.name,
        "district": nomination.district.name,
        "figures": {code: _spelled(figure) for code, figure in place.candidate.figures.items()},
        "sheets": _sheets(panel),
        "decided_by": place.after.key.code if place.after and place.after.key else None,
        "why": place.after.sentence() if place.after else "",
    }


def _group_three(panel: PanelScore | None) -> Decimal | None:
    """Return the panel's score of the third group, ``None`` where the standard has no third group."""
    return rounded(panel.group_alone(GROUP_THREE)) if panel and len(panel.groups) > GROUP_THREE else None


def _sheets(panel: PanelScore | None) -> list[dict[str, Any]]:
    if panel is None:
        return []
    dropped = {sheet.sheet_id for sheet in panel.dropped}
    return [
        _sheet(sheet.sheet_id, sheet.total, sheet.numerators, sheet.denominators, dropped) for sheet in panel.sheets
    ]


def _sheet(
    sheet_id: UUID, total: Decimal, numerators: Sequence[int], denominators: Sequence[int], dropped: set[UUID]
) -> dict[str, Any]:
    groups = [str(Fraction(*pair)) for pair in zip(numerators, denominators, strict=True)]
    return {"sheet": str(sheet_id), "total": str(total), "groups": groups, "dropped": sheet_id in dropped}


def figure_of(nomination: Nomination, name: str) -> Decimal | None:
    """Return a figure of the form exactly as it was filled in, ``None`` when it was not."""
    value = nomination.form.get("figures", {}).get(name)
    return Decimal(value) if value not in (None, "") else None


def _spelled(figure: ranking.Figure | None) -> str | None:
    return None if figure is None else str(figure)
