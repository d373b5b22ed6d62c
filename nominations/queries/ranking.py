"""What a ranking is made of: the evaluated communities, their sheets, and the figures that break ties (S-12, S-15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from evaluation import queries as evaluation
from evaluation.contest import Entry, Filled, Standing, Terms, stand
from evaluation.enums import Counting, Criterion, SheetState
from evaluation.queries import HandedIn
from evaluation.ranking import Figure
from nominations.enums import NominationState, Window
from nominations.models import Assignment, Campaign, ComplaintFigure, Extension, Nomination
from nominations.queries.sheets import PANEL

# What takes part in a ranking: evaluated, and everything that a selection has decided since.
RANKED = (
    NominationState.EVALUATED,
    NominationState.RESERVED,
    NominationState.SHORTLISTED,
    NominationState.NOT_SELECTED,
)
ON_THE_WAY = (NominationState.SUBMITTED, NominationState.RETURNED)


@dataclass(frozen=True, slots=True)
class Roll:
    """The communities of a campaign that are ranked, and their sheets; evaluators go by codes such as ``E03``.

    A code is a place among the evaluators of the campaign; whose it is, ``codes`` tells, which stays in the house.
    """

    campaign: Campaign
    nominations: Mapping[UUID, Nomination]
    sheets: Mapping[UUID, Sequence[HandedIn]]
    codes: Mapping[int, str]
    entries: tuple[Entry, ...]

    @property
    def terms(self) -> Terms:
        """Return what the campaign laid down before the first sheet."""
        campaign = self.campaign
        return Terms(Counting(campaign.counting), Fraction(campaign.district_share), campaign.places)

    def standing(self) -> Standing:
        """Count every panel and put the communities in order."""
        return stand(self.entries, self.terms)


def roll_of(campaign: Campaign) -> Roll:
    """Return everything that enters the ranking of a campaign, in four queries."""
    found = Nomination.objects.filter(campaign=campaign, state__in=RANKED)
    nominations = {n.pk: n for n in found.select_related("community", "district", "review").order_by("number", "pk")}
    sheets = evaluation.handed_in_sheets(
        subject_kind=Nomination.flow, subject_ids=list(nominations), kind=PANEL, among=_counting(list(nominations))
    )
    complaints = {figure.community_id: figure for figure in ComplaintFigure.objects.filter(campaign=campaign)}
    scorers = sorted({sheet.scorer_id for panel in sheets.values() for sheet in panel})
    codes = {scorer: f"E{number:02}" for number, scorer in enumerate(scorers, start=1)}
    entries = tuple(
        _entry(n, sheets.get(n.pk, ()), codes, complaints.get(n.community_id)) for n in nominations.values()
    )
    return Roll(campaign, nominations, sheets, codes, entries)


def being_evaluated(campaign: Campaign, at: datetime) -> int:
    """Count the communities whose evaluation is not over: with evaluators, or still able to come there.

    While there is one, nothing that compares communities is shown to anybody. What its district has not decided when
    the district's time has run out, extensions included, can no longer come.
    """
    waiting = Q(state=NominationState.RECOMMENDED)
    if at < _last_recommendation(campaign):
        waiting |= Q(state__in=ON_THE_WAY)
    return Nomination.objects.filter(waiting, campaign=campaign).count()


def short_of_sheets(campaign: Campaign) -> Iterator[tuple[Nomination, int]]:
    """Yield the evaluated communities with fewer sheets that count than the campaign asks for, and how many they have.

    They had enough when their evaluation was completed; a conflict of interest that was found since has voided some.
    """
    counting = Q(assignments__ended_at__isnull=True, assignments__sheet__state=SheetState.HANDED_IN)
    evaluated = Nomination.objects.filter(campaign=campaign, state=NominationState.EVALUATED)
    counted: QuerySet[Any] = evaluated.annotate(counting=Count("assignments", filter=counting))
    short = counted.filter(counting__lt=campaign.minimum_sheets).select_related("community")
    yield from ((one, one.counting) for one in short.order_by("number", "pk"))


def complaint_rate(complaints: ComplaintFigure | None) -> Decimal | None:
    """Return complaints per household as it is published, six places: nobody is placed by digits that nobody sees."""
    if complaints is None:
        return None
    exact = Decimal(complaints.complaints) / Decimal(complaints.households)
    return exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def figure_of(nomination: Nomination, name: str) -> Decimal | None:
    """Return a figure of the form exactly as it was filled in, ``None`` when it was not."""
    value = nomination.form.get("figures", {}).get(name)
    return Decimal(value) if value not in (None, "") else None


def district_score(nomination: Nomination) -> Decimal | None:
    """Return the district's score of the community, ``None`` without a completed review."""
    review = getattr(nomination, "review", None)
    return review.score if review is not None else None


def _last_recommendation(campaign: Campaign) -> datetime:
    extended = Extension.objects.filter(campaign=campaign, window=Window.DISTRICT, approved_at__isnull=False)
    return max([campaign.district_closes_at, *extended.values_list("until", flat=True)])


def _entry(
    nomination: Nomination, sheets: Sequence[HandedIn], codes: Mapping[int, str], complaints: ComplaintFigure | None
) -> Entry:
    score = district_score(nomination)
    figures: dict[str, Figure | None] = {
        Criterion.SATISFACTION.value: figure_of(nomination, "satisfaction_rate"),
        Criterion.COMPLAINT_RATE.value: complaint_rate(complaints),
        Criterion.FEE_COLLECTION.value: figure_of(nomination, "fee_collection_rate"),
    }
    return Entry(
        subject_id=nomination.pk,
        label=nomination.number,
        sheets=tuple(Filled(sheet.figures, codes[sheet.scorer_id]) for sheet in sheets),
        district=None if score is None else Fraction(score),
        figures=figures,
    )


def _counting(nomination_ids: Sequence[UUID]) -> list[UUID]:
    """Return the sheets of who is on the panel; those of who left it, for a conflict above all, count for nothing."""
    active = Assignment.objects.active().filter(nomination__in=nomination_ids, sheet__isnull=False)
    return list(active.values_list("sheet", flat=True))
