"""The queue: every case of the district, narrowed by the address, and the named filters of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from accounts.operations import forget_filter, keep_filter
from accounts.queries import filters_of
from common.errors import DomainError
from common.refusals import Sentence
from nominations.models import Campaign
from nominations.queries import queue as queries
from nominations.queries.queue import Narrowing, Whole
from web.acting import for_members
from web.campaigns import short_names
from web.dates import due
from web.district import filters
from web.district.standing import next_of, standing_of
from web.kit import Due, Problem, Tag, problems_of
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out
from workflow import calendar
from workflow.calendar import Calendar

HEAD: tuple[Sentence, ...] = (
    gettext_lazy("Number"),
    gettext_lazy("Community"),
    gettext_lazy("Company"),
    gettext_lazy("Subdistrict"),
    gettext_lazy("State"),
    gettext_lazy("What to do"),
    gettext_lazy("Taken up by"),
    gettext_lazy("Requirements judged"),
    gettext_lazy("Items scored"),
    gettext_lazy("Submitted on"),
    gettext_lazy("Due"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the queue."""

    case: Any
    what: Sentence
    standing: Tag
    due: Due | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see, and what there is to choose from."""

    campaigns: list[Campaign]
    subdistricts: list[str]
    wanted: Narrowing

    @property
    def named(self) -> list[tuple[Campaign, str]]:
        """Return the campaigns with the short names that tell them apart."""
        return list(zip(self.campaigns, short_names(self.campaigns), strict=True))

    @property
    def campaign(self) -> Campaign | None:
        """Return the campaign whose cases are shown."""
        return next((one for one in self.campaigns if one.pk == self.wanted.campaign), None)


@for_members
def queue(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the district's cases, by due date unless asked otherwise."""
    return _page(request, actor, at)


@for_members
def keep(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Keep the present filters under a name, or drop a kept one."""
    gone, query = request.POST.get("forget", ""), plain_query(request.POST.get("query", ""))
    if gone.isdecimal() and len(gone) < 18:
        forget_filter(user_id=actor.person_id, filter_id=int(gone))
        return _back_to(query)
    try:
        name = request.POST.get("name", "")
        keep_filter(user_id=actor.person_id, listing=filters.LISTING, name=name, query=query)
    except DomainError as error:
        return _page(request, actor, at, problems=problems_of(error))
    return _back_to(query)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the list as it is narrowed, or hand it out as a workbook."""
    asked = asked_for(request, actor)
    rows = _rows(queries.queue_of(actor, asked.wanted, at=at)[:MOST_ROWS], asked, at)
    listed = Table(
        "queue",
        _("Cases of the district"),
        asked.campaign.title if asked.campaign else "",
        HEAD,
        [_cells(row) for row in rows],
        f"{reverse('web:district:queue')}?{filters.query_of(asked.wanted)}",
    )
    return hand_out(request, listed, actor=actor, at=at)


def asked_for(request: HttpRequest, actor: Actor) -> Asked:
    """Return what the address asks for, beside what can be asked for: two queries."""
    campaigns = queries.campaigns_of(actor)
    campaign = filters.campaign_in(request.GET.get("campaign", ""), campaigns)
    subdistricts = queries.subdistricts_of(actor, campaign)
    return Asked(campaigns, subdistricts, filters.narrowing_of(request, campaigns, subdistricts))


def _page(request: HttpRequest, actor: Actor, at: datetime, problems: list[Problem] | None = None) -> HttpResponse:
    asked = asked_for(request, actor)
    found = page_of_rows(request, queries.queue_of(actor, asked.wanted, at=at))
    page = {
        "asked": asked,
        "wanted": asked.wanted,
        "page": found,
        "rows": _rows(found.object_list, asked, at),
        "chips": filters.stage_chips(asked.wanted, queries.counts_by_stage(actor, asked.wanted.campaign)),
        "kept": filters_of(actor.person_id, filters.LISTING),
        "query": filters.query_of(asked.wanted),
        "is_narrowed": filters.is_narrowed(asked.wanted),
        "claimed_choices": filters.CLAIMED_LABELS.items(),
        "due_choices": filters.DUE_LABELS.items(),
        "sort_choices": filters.SORT_LABELS.items(),
        "is_approver": actor.role == Role.DISTRICT_APPROVER,
        "problems": problems or [],
        "at": at,
    }
    return render(request, "district/queue.html", page, status=422 if problems else 200)


def _rows(found: Any, asked: Asked, at: datetime) -> list[Row]:
    cases = list(found)
    if not cases or asked.campaign is None:
        return []
    known, whole = calendar.load(), queries.whole_of(asked.campaign)
    return [_row(case, whole, known, at) for case in cases]


def _row(case: Any, whole: Whole, known: Calendar, at: datetime) -> Row:
    case.whole = whole
    until = due(case.due_at, at=at, calendar=known) if case.due_at else None
    return Row(case, next_of(case, whole), standing_of(case), until)


def _cells(row: Row) -> list[Any]:
    case = row.case
    return [
        case.number,
        case.community.name,
        case.company.name,
        case.community.subdistrict,
        str(row.standing.label),
        str(row.what),
        case.claimed_by.name if case.claimed_by else "",
        case.judged,
        case.scored,
        case.submitted_at,
        row.due.day if row.due else "",
    ]


def plain_query(query: str) -> str:
    """Return the query with the known filters only: a kept filter leads to the queue and nowhere else."""
    known = QueryDict(query, mutable=True)
    for name in set(known) - {"stage", "claimed", "due", "street", "q", "sort"}:
        del known[name]
    return known.urlencode()


def _back_to(query: str) -> HttpResponse:
    plain = plain_query(query)
    return redirect(f"{reverse('web:district:queue')}?{plain}" if plain else reverse("web:district:queue"))
