"""What goes to the province: the list, and the dossier of each community with whatever it lacks (rows S-14, S-16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Organization
from common.refusals import Sentence
from nominations.enums import NominationState, SummaryState, WorkReportState
from nominations.models import Nomination, ProvincialReport, Ranking, RecommendationSummary, WorkReport
from nominations.models.dossier import pieces_held
from nominations.rules.reporting import PIECES
from workflow.errors import NotFound

# Whose dossiers a report consists of: before it is sent, and ever after.
REPORTED = (
    NominationState.SHORTLISTED,
    NominationState.REPORTED,
    NominationState.AWARDED,
    NominationState.NOT_AWARDED,
    NominationState.REVOKED,
)
TITLES: Mapping[str, Sentence] = {
    **PIECES,
    "summary": _("Recommendation summary received"),
    "work_report": _("Work report accepted"),
}
# Where a piece that hangs on the nomination is mended, as an address below it.
MENDED_AT: Mapping[str, str] = {
    "form": "confirmation/",
    "sealed_copy": "attachments/",
    "review": "district-review/",
    "visit": "visits/",
    "sheets": "assignments/",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a dossier: its name and title, whether it is there, and the address at which it is mended."""

    name: str
    title: Sentence
    is_there: bool
    fix: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """The dossier of one community."""

    nomination: Nomination
    pieces: tuple[Piece, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return all(piece.is_there for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class DistrictStanding:
    """One district of the campaign: how far its two papers have come, and how many of its communities wait for them."""

    district: Organization
    summary: str
    work_report: str
    work_report_id: UUID
    communities: int

    @property
    def holds_up(self) -> bool:
        """Tell whether a missing paper keeps communities of this district from being reported (row S-14)."""
        ready = self.work_report == WorkReportState.ACCEPTED and self.summary == SummaryState.RECEIVED
        return self.communities > 0 and not ready


@dataclass(frozen=True, slots=True)
class Completeness:
    """A report in preparation: a dossier per community, a standing per district."""

    dossiers: tuple[Dossier, ...]
    districts: tuple[DistrictStanding, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether there is a dossier, and nothing is missing from any."""
        return bool(self.dossiers) and all(dossier.is_complete for dossier in self.dossiers)


def completeness_of(report_id: UUID, *, actor: Actor) -> Completeness:
    """Return the matrix of communities and pieces, and how each district stands: three queries, however many there are.

    Raises ``NotFound`` outside the actor's scope.
    """
    report = ProvincialReport.objects.visible_to(actor).filter(pk=report_id).first()
    if report is None:
        raise NotFound
    rows = list(_with_pieces(report.campaign_id))
    districts = _districts(report.campaign_id, rows)
    papers = {one.district.pk: one.work_report_id for one in districts}
    dossiers = tuple(Dossier(row, tuple(_pieces(row, papers[row.district_id]))) for row in rows)
    return Completeness(dossiers, tuple(districts))


def reported_list(campaign_id: UUID) -> list[dict[str, Any]]:
    """Return the list that goes with the letter: the shortlisted communities in the order of the ranking. Two queries.

    It holds what the paper says and nothing that would not be the same tomorrow.
    """
    ranking = Ranking.objects.filter(campaign=campaign_id, superseded_at__isnull=True).first()
    places = {row["nomination"]: row for row in ranking.figures.get("rows", ())} if ranking else {}
    related = ("community", "district", "company")
    shortlisted = Nomination.objects.filter(campaign=campaign_id, state=NominationState.SHORTLISTED)
    rows = [_listed(one, places.get(str(one.pk), {})) for one in shortlisted.select_related(*related)]
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"], row["number"], row["nomination"]))


def _listed(nomination: Nomination, place: Mapping[str, Any]) -> dict[str, Any]:
    community = nomination.community
    return {
        "nomination": str(nomination.pk),
        "number": nomination.number,
        "rank": place.get("rank"),
        "total": place.get("figures", {}).get("total"),
        "community": community.name,
        "district": nomination.district.name,
        "subdistrict": community.subdistrict,
        "neighborhood": community.neighborhood,
        "company": nomination.company.name,
        "form": nomination.content_digest,
    }


def _with_pieces(campaign_id: UUID) -> QuerySet[Any]:
    accepted = WorkReport.objects.filter(
        campaign=OuterRef("campaign"), district=OuterRef("district"), state=WorkReportState.ACCEPTED
    )
    papers = {"summary": Q(summary__state=SummaryState.RECEIVED), "work_report": Exists(accepted)}
    conditions: dict[str, Any] = {**pieces_held(), **papers}
    held = {f"holds_{name}": Case(When(holds, then=True), default=False) for name, holds in conditions.items()}
    rows: QuerySet[Any] = Nomination.objects.filter(campaign=campaign_id, state__in=REPORTED).annotate(**held)
    return rows.select_related("community", "district", "company").order_by("number", "pk")


def _pieces(row: Any, work_report_id: UUID) -> list[Piece]:
    """Return the pieces in the order in which they come about, the papers of the district last."""
    summary = f"recommendation-summaries/{row.summary_id}/"
    mended_at = {name: f"nominations/{row.pk}/{address}" for name, address in MENDED_AT.items()}
    mended_at |= {"description": summary, "summary": summary, "work_report": f"work-reports/{work_report_id}/"}
    return [Piece(name, title, getattr(row, f"holds_{name}"), mended_at[name]) for name, title in TITLES.items()]


def _districts(campaign_id: UUID, rows: list[Any]) -> list[DistrictStanding]:
    """Return how the papers of each district stand, those without a community among the reported included."""
    communities = Counter(row.district_id for row in rows)
    summary = RecommendationSummary.objects.filter(campaign=OuterRef("campaign"), district=OuterRef("district"))
    reports = WorkReport.objects.filter(campaign=campaign_id).annotate(summary=Subquery(summary.values("state")[:1]))
    return [
        DistrictStanding(one.district, one.summary or "", one.state, one.pk, communities[one.district_id])
        for one in reports.select_related("district").order_by("district__pinyin", "pk")
    ]
