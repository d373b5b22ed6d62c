"""How far a campaign has come, in numbers: by state, and by district with its two papers (city overview)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from accounts.actors import Actor
from accounts.models import Organization
from nominations.models import Campaign, CampaignDistrict, Nomination, RecommendationSummary, WorkReport


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


def _papers(
    model: type[RecommendationSummary | WorkReport], campaign: Campaign, actor: Actor
) -> list[tuple[UUID, str]]:
    return list(model.objects.visible_to(actor).filter(campaign=campaign).values_list("district", "state"))
