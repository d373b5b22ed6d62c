"""The whole city on one page: how far everything has come, until when, and which office is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.actors import Actor
from accounts.models import Organization
from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.enums import SummaryState, WorkReportState
from nominations.models import Campaign
from nominations.queries.progress import DistrictProgress, Progress, funnel_of, late_in, progress_of
from web import kit
from web.acting import for_members
from web.city.campaigns import chosen
from web.city.cases import GROUPS
from web.dates import due
from web.kit import Due, Tag
from web.looks import state_tag
from web.tables import Table, hand_out
from workflow import calendar

FUNNEL: Mapping[str, Sentence] = {
    "communities": _("Registered communities"),
    "begun": _("Forms begun"),
    "submitted": pgettext_lazy("funnel", "Submitted"),
    "recommended": pgettext_lazy("funnel", "Recommended"),
    "evaluated": pgettext_lazy("funnel", "Evaluated"),
    "selected": pgettext_lazy("funnel", "Selected"),
    "reported": pgettext_lazy("funnel", "Reported"),
    "awarded": pgettext_lazy("funnel", "Awarded"),
}
# The closing dates in their order, and the states in which something still waits for each.
CLOSINGS: tuple[tuple[str, Sentence, tuple[str, ...]], ...] = (
    ("application_closes_at", _("Companies submit their forms"), (S.DRAFT, S.RETURNED)),
    ("district_closes_at", _("Districts recommend"), (S.SUBMITTED,)),
    ("evaluation_closes_at", _("The city evaluates on site"), (S.RECOMMENDED,)),
    ("work_report_closes_at", _("Districts send their work reports"), ()),
    ("report_closes_at", _("The city reports to the province"), (S.EVALUATED, S.RESERVED, S.SHORTLISTED)),
)
COUNTED: tuple[Sentence, ...] = (
    *(title for title, _states in GROUPS.values()),
    pgettext_lazy("cases", "In all"),
    _("Quota"),
)

HEAD: tuple[Sentence, ...] = (
    _("District bureau"),
    *COUNTED,
    _("Summary (form 4)"),
    _("Work report"),
    _("Late with"),
)


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing date: until when, and how many cases still wait for it."""

    title: Sentence
    due: Due
    waiting: int
    url: str


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """One district: its cases by where they lie and in all, its two papers, and what it is late with."""

    district: Organization
    url: str
    cells: list[tuple[int, str]]
    quota: int | None
    summary: Tag | None
    work_report: Tag | None
    late: list[str]


@for_members
def show(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the campaign in numbers; every number leads to the list behind it."""
    shown = chosen(request, actor)
    progress = progress_of(shown.campaign, actor=actor)
    late = late_in(shown.campaign, actor=actor, at=at)
    lines = [_line(row, late.get(row.district.pk, {}), shown.campaign) for row in progress.districts]
    page = {
        "chosen": shown,
        "campaign": shown.campaign,
        "funnel": kit.funnel([(FUNNEL[name], count) for name, count in _funnel(shown.campaign, actor).items()]),
        "closings": _closings(shown.campaign, progress, at),
        "lines": lines,
        "counted": COUNTED,
        "sums": _sums(shown.campaign, progress),
        "quotas": _quotas(progress),
        "late": [line for line in lines if line.late],
        "by_district": kit.bars([(row.district.name, sum(row.states.values())) for row in progress.districts]),
        "total": sum(progress.states.values()),
    }
    return render(request, "city/overview.html", page)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the districts with their cases and papers, or hand them out as a workbook."""
    campaign = chosen(request, actor).campaign
    late = late_in(campaign, actor=actor, at=at)
    progress = progress_of(campaign, actor=actor)
    lines = [_line(row, late.get(row.district.pk, {}), campaign) for row in progress.districts]
    counts = [count for count, _url in _sums(campaign, progress)]
    sums = [str(pgettext_lazy("cases", "In all")), *counts, _quotas(progress), "", "", ""]
    back = f"{reverse('web:city:overview')}?campaign={campaign.pk}"
    title = _("Cases and papers of each district")
    listed = Table("districts", title, campaign.title, HEAD, map(_cells, lines), back, sums)
    return hand_out(request, listed, actor=actor, at=at)


def list_of(campaign: Campaign, **narrowed: Any) -> str:
    """Return the address of the list of cases, narrowed."""
    query = urlencode({"campaign": campaign.pk, **narrowed}, doseq=True)
    return f"{reverse('web:city:cases')}?{query}"


def _funnel(campaign: Campaign, actor: Actor) -> dict[str, int]:
    counted = funnel_of(campaign, actor=actor)
    return {name: counted[name] for name in FUNNEL}


def _closings(campaign: Campaign, progress: Progress, at: datetime) -> list[Closing]:
    known = calendar.load()
    return [
        Closing(
            title,
            due(getattr(campaign, name), at=at, calendar=known),
            sum(progress.states[state] for state in states) if states else _unreported(progress),
            list_of(campaign, state=states) if states else f"{reverse('web:city:papers')}?campaign={campaign.pk}",
        )
        for name, title, states in CLOSINGS
    ]


def _unreported(progress: Progress) -> int:
    return sum(row.work_report in {WorkReportState.DRAFT, WorkReportState.RETURNED} for row in progress.districts)


def _line(row: DistrictProgress, late: Mapping[str, int], campaign: Campaign) -> DistrictLine:
    return DistrictLine(
        row.district,
        list_of(campaign, district=row.district.pk),
        _counts(row.states, campaign, district=row.district.pk),
        row.quota,
        state_tag(row.summary, SummaryState(row.summary).label) if row.summary else None,
        state_tag(row.work_report, WorkReportState(row.work_report).label) if row.work_report else None,
        [_debt(name, count) for name, count in late.items()],
    )


def _counts(states: Mapping[str, int], campaign: Campaign, **narrowed: Any) -> list[tuple[int, str]]:
    """Return how many cases lie in each column and in all, each with the list behind it."""
    counts = [
        (sum(states[state] for state in column), list_of(campaign, **narrowed, state=column))
        for _title, column in GROUPS.values()
    ]
    return [*counts, (sum(states.values()), list_of(campaign, **narrowed))]


def _sums(campaign: Campaign, progress: Progress) -> list[tuple[int, str]]:
    return _counts(progress.states, campaign)


def _quotas(progress: Progress) -> int | None:
    """Return the quotas of all districts together, nothing where one has none."""
    quotas = [row.quota for row in progress.districts]
    return None if None in quotas else sum(quota for quota in quotas if quota is not None)


def _cells(line: DistrictLine) -> list[Any]:
    papers = [str(paper.label) if paper else "" for paper in (line.summary, line.work_report)]
    return [line.district.name, *(count for count, _url in line.cells), line.quota, *papers, "；".join(line.late)]


def _debt(name: str, count: int) -> str:
    words = {
        "decisions": ngettext("%(count)s case not decided", "%(count)s cases not decided", count),
        "summaries": ngettext("summary not sent", "summary not sent", count),
        "evaluations": ngettext(
            "%(count)s community not evaluated (city)", "%(count)s communities not evaluated (city)", count
        ),
        "work_reports": ngettext("work report not sent", "work report not sent", count),
    }
    return words[name] % {"count": count}
