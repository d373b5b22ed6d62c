"""The district's table (form 4) as its desk shows it: who is on it, why there, and what is still missing where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from attachments import queries as attachments
from attachments.models import Attachment
from evaluation import ranking
from evaluation.contest import GROUP_THREE
from evaluation.enums import Criterion
from evaluation.scoring import rounded
from nominations.enums import NominationState
from nominations.models import ComplaintFigure, DistrictReview, Nomination, RecommendationSummary, SummaryRow
from nominations.queries.ranking import complaint_rate, figure_of
from nominations.rules.narrative import COLUMNS
from nominations.rules.recommendation import decided_places

ROW, DESCRIPTION = "summary_row", "description"
RANKED_BY = (
    "community_id",
    "form",
    "review__score",
    "review__sheet__group_numerators",
    "review__sheet__group_denominators",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One community of the table with its descriptions, and why it stands above the next."""

    row: SummaryRow
    descriptions: tuple[Attachment, ...]
    why: str = ""

    @property
    def written(self) -> int:
        """Return how many of the narrative columns say something."""
        return sum(bool(getattr(self.row, name)) for name in COLUMNS)

    @property
    def columns(self) -> int:
        """Return how many narrative columns there are."""
        return len(COLUMNS)


@dataclass(frozen=True, slots=True)
class Table:
    """A summary with its rows, the cases that are not on it, and the ties that people may part."""

    summary: Any
    rows: tuple[Listed, ...]
    others: tuple[Any, ...]
    ties: tuple[tuple[Listed, ...], ...]
    sealed_copy: Attachment | None


def table_of(summary: Any) -> Table:
    """Return what the desk shows of a summary that the asker may see; the queries do not grow with its rows."""
    known = summary.rows.select_related("nomination__community").defer("nomination__form")
    rows = sorted(known, key=lambda row: (row.rank is None, row.rank, row.nomination.number))
    files = attachments.by_subject(ROW, [row.pk for row in rows])
    candidates = candidates_of(summary)
    places = _ranked(summary, candidates)
    why = {place.candidate.subject_id: place.after.sentence() for place in places if place.after}
    listed = [Listed(row, tuple(files.get(row.pk, ())), why.get(row.nomination_id, "")) for row in rows]
    by_nomination = {one.row.nomination_id: one for one in listed}
    return Table(
        summary=summary,
        rows=tuple(listed),
        others=tuple(_others(summary, by_nomination)),
        ties=tuple(
            tuple(sorted((by_nomination[key] for key in tie), key=_decided_first))
            for tie in ties_among(candidates)
            if set(tie) <= set(by_nomination)
        ),
        sealed_copy=Attachment.objects.present().filter(pk=summary.sealed_copy_id).first(),
    )


def ranked(summary: RecommendationSummary) -> tuple[ranking.Place, ...]:
    """Rank the recommended communities, ties parted where people have decided them."""
    return _ranked(summary, candidates_of(summary))


def _ranked(summary: RecommendationSummary, candidates: Sequence[ranking.Candidate]) -> tuple[ranking.Place, ...]:
    rows = summary.rows.filter(decided_place__isnull=False).values_list("nomination", "decided_place")
    places = {key: place for key, place in rows if place is not None}
    decided = decided_places(ties_among(candidates), places)
    return ranking.rank(with_decisions(candidates, decided))


def candidates_of(summary: RecommendationSummary) -> list[ranking.Candidate]:
    """Return what each recommended community is ranked by, decisions left out: two queries."""
    nominations = list(recommended_in(summary).select_related(None).select_related("review__sheet").only(*RANKED_BY))
    communities = [nomination.community_id for nomination in nominations]
    figures = ComplaintFigure.objects.filter(campaign=summary.campaign_id, community__in=communities)
    complaints = {figure.community_id: figure for figure in figures}
    return [_candidate(nomination, complaints.get(nomination.community_id)) for nomination in nominations]


def recommended_in(summary: RecommendationSummary) -> QuerySet[Nomination]:
    """Return the communities that the district has recommended."""
    rows = Nomination.objects.filter(summary=summary, state=NominationState.RECOMMENDED)
    return rows.select_related("community", "review__sheet").order_by("pk")


def ties_among(candidates: Iterable[ranking.Candidate]) -> list[list[UUID]]:
    """Return the communities that are equal in every criterion, group by group."""
    shared = [place for place in ranking.rank(candidates) if place.is_shared]
    return [[place.candidate.subject_id for place in tie] for _rank, tie in groupby(shared, lambda place: place.rank)]


def with_decisions(candidates: Sequence[ranking.Candidate], decided: Mapping[UUID, int]) -> list[ranking.Candidate]:
    """Return the candidates with the places that people have decided as their last figure."""
    return [
        replace(one, figures={**one.figures, Criterion.DECISION.value: decided.get(one.subject_id)})
        for one in candidates
    ]


def _others(summary: Any, listed: Mapping[UUID, Listed]) -> Iterable[Any]:
    """Return the cases of the district that are not on the table, drafts left out: they are the company's own."""
    rows = Nomination.objects.filter(summary=summary).exclude(state=NominationState.DRAFT).exclude(pk__in=listed)
    return rows.select_related("community", "company", "review", "claimed_by").order_by("number", "pk")


def _decided_first(listed: Listed) -> tuple[bool, int, str]:
    place = listed.row.decided_place
    return (place is None, place or 0, listed.row.nomination.number)


def _candidate(nomination: Nomination, complaints: ComplaintFigure | None) -> ranking.Candidate:
    """Return what the community is ranked by: the district's score, then the figures of the tie-breaks (row S-12)."""
    figures: dict[str, ranking.Figure | None] = {
        Criterion.TOTAL.value: nomination.review.score,
        Criterion.SATISFACTION.value: figure_of(nomination, "satisfaction_rate"),
        Criterion.COMPLAINT_RATE.value: complaint_rate(complaints),
        Criterion.FEE_COLLECTION.value: figure_of(nomination, "fee_collection_rate"),
        Criterion.GROUP_THREE.value: _group_three(nomination.review),
    }
    return ranking.Candidate(Nomination.flow, nomination.pk, figures)


def _group_three(review: DistrictReview) -> Decimal | None:
    """Return the score of the third group on the district's sheet, ``None`` where the standard has no third group."""
    sheet = review.sheet
    if sheet is None or len(sheet.group_numerators) <= GROUP_THREE:
        return None
    return rounded(Fraction(sheet.group_numerators[GROUP_THREE], sheet.group_denominators[GROUP_THREE]))
