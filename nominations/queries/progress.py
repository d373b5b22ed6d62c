"""How far a campaign has come, in numbers: by state, and by district with its two papers (city overview)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from accounts.actors import Actor
from accounts.models import Organization
from nominations.enums import DeadlineKind, SummaryState, WorkReportState
from nominations.enums import NominationState as S
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Community,
    Nomination,
    RecommendationSummary,
    WorkReport,
)
from workflow.models import Deadline

# The states in which a nomination has come at least as far as a stage of the funnel, the furthest first.
_AWARDED = (S.AWARDED, S.REVOKED)
_REPORTED = (*_AWARDED, S.REPORTED, S.NOT_AWARDED)
_SELECTED = (*_REPORTED, S.SHORTLISTED)
_EVALUATED = (*_SELECTED, S.EVALUATED, S.RESERVED, S.NOT_SELECTED)
_RECOMMENDED = (*_EVALUATED, S.RECOMMENDED)
STAGES: dict[str, tuple[S, ...]] = {
    "recommended": _RECOMMENDED,
    "evaluated": _EVALUATED,
    "selected": _SELECTED,
    "reported": _REPORTED,
    "awarded": _AWARDED,
}
# What an office still owes while it stands in these states, and the deadline that tells since when it is late.
OWED: tuple[tuple[str, Any, tuple[str, ...], DeadlineKind], ...] = (
    ("decisions", Nomination, (S.SUBMITTED,), DeadlineKind.DISTRICT_CLOSES),
    (
        "summaries",
        RecommendationSummary,
        (SummaryState.DRAFT, SummaryState.APPROVED, SummaryState.RETURNED),
        DeadlineKind.DISTRICT_CLOSES,
    ),
    ("evaluations", Nomination, (S.RECOMMENDED,), DeadlineKind.EVALUATION_CLOSES),
    (
        "work_reports",
        WorkReport,
        (WorkReportState.DRAFT, WorkReportState.RETURNED),
        DeadlineKind.WORK_REPORT_CLOSES,
    ),
)


@dataclass(frozen=True, slots=True)
class DistrictProgress:
    """One district: its nominations by state, and the states of its summary and its work report."""

    district: Organization
    quota: int | None
    states: Counter[str]
    summary: str
    work_report: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign in numbers, as far as the asker may see."""

    states: Counter[str]
    districts: tuple[DistrictProgress, ...]


def progress_of(campaign: Campaign, *, actor: Actor) -> Progress:
    """Count the nominations in the actor's scope by state and district; four queries, however many there are.

    Districts are listed in the order of their pinyin; those outside the actor's scope are left out.
    """
    visible = Nomination.objects.visible_to(actor).filter(campaign=campaign)
    by_district: dict[UUID, Counter[str]] = defaultdict(Counter)
    for district, state, number in visible.order_by().values_list("district", "state").annotate(Count("pk")):
        by_district[district][state] += number
    summaries = dict(_papers(RecommendationSummary, campaign, actor))
    reports = dict(_papers(WorkReport, campaign, actor))
    parts = CampaignDistrict.objects.filter(campaign=campaign, district__in={*by_district, *summaries, *reports})
    rows = [
        DistrictProgress(
            part.district,
            part.quota,
            by_district[part.district_id],
            summaries.get(part.district_id, ""),
            reports.get(part.district_id, ""),
        )
        for part in parts.select_related("district").order_by("district__pinyin", "pk")
    ]
    return Progress(sum(by_district.values(), Counter()), tuple(rows))


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """How far one district has come in a campaign: from its registered communities to those that it recommends."""

    campaign: Campaign
    communities: int
    submitted: int
    taken_up: int
    decided: int
    recommended: int
    quota: int | None


def own_progress(actor: Actor) -> OwnProgress | None:
    """Count how far the actor's district has come in its newest campaign, ``None`` without one; three queries."""
    parts = CampaignDistrict.objects.filter(district=actor.organization_id).select_related("campaign")
    part = parts.order_by("-campaign__year", "-campaign__application_opens_at").first()
    if part is None:
        return None
    arrived, decided = Q(submitted_at__isnull=False), Q(state__in=(*_RECOMMENDED, S.NOT_RECOMMENDED))
    counts = {
        "submitted": arrived,
        "taken_up": arrived & (decided | Q(claimed_by__isnull=False)),
        "decided": decided,
        "recommended": Q(state__in=_RECOMMENDED),
    }
    cases = Nomination.objects.visible_to(actor).filter(campaign=part.campaign_id).order_by()
    found = cases.aggregate(**{name: Count("pk", filter=which) for name, which in counts.items()})
    communities = Community.objects.visible_to(actor).count()
    return OwnProgress(part.campaign, communities, quota=part.quota, **found)


def funnel_of(campaign: Campaign, *, actor: Actor) -> dict[str, int]:
    """Count how far nominations have come, from the city's registered communities on; two queries."""
    communities = Community.objects.filter(authority__parent=campaign.city_id).count()
    reached = {name: Count("pk", filter=Q(state__in=states)) for name, states in STAGES.items()}
    submitted = Count("pk", filter=Q(submitted_at__isnull=False))
    visible = Nomination.objects.visible_to(actor).filter(campaign=campaign).order_by()
    return {"communities": communities} | visible.aggregate(begun=Count("pk"), submitted=submitted, **reached)


def late_in(campaign: Campaign, *, actor: Actor, at: datetime) -> dict[UUID, dict[str, int]]:
    """Count what each district's cases and papers owe past their deadlines, extensions included; one query a kind.

    ``evaluations`` are the city's own debt, told by the district whose communities wait.
    """
    late: dict[UUID, dict[str, int]] = defaultdict(dict)
    for name, district, number in _late(campaign, actor, at):
        late[district][name] = number
    return dict(late)


def _late(campaign: Campaign, actor: Actor, at: datetime) -> Iterator[tuple[str, UUID, int]]:
    for name, model, states, kind in OWED:
        overdue = Deadline.objects.filter(subject_id=OuterRef("pk"), kind=kind, due_at__lte=at)
        rows = model.objects.visible_to(actor).filter(Exists(overdue), campaign=campaign, state__in=states)
        for district, number in rows.order_by().values_list("district").annotate(Count("pk")):
            yield name, district, number


def _papers(
    model: type[RecommendationSummary | WorkReport], campaign: Campaign, actor: Actor
) -> list[tuple[UUID, str]]:
    return list(model.objects.visible_to(actor).filter(campaign=campaign).values_list("district", "state"))
