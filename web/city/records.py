"""Records of all districts: publications, good practice, third parties' assessments, honors (S-13, S-17, S-18).

One list and one page for each record, whatever the kind; how a kind is listed and narrowed, stands in ``LISTS``. The
districts keep them; the city's reviewer enters and corrects what third parties found and what honors there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from attachments.queries import by_subject
from common.name_search import wanted_in
from common.refusals import Sentence
from nominations.enums import HonorStatus
from nominations.models import Campaign, CampaignDistrict
from nominations.operations.third_party import KIND
from web import third_party
from web.acting import for_members
from web.city.campaigns import chosen
from web.dates import spell_date, spell_period
from web.kit import Fact, Field, Link, Problem
from web.paging import page_of_rows
from web.records import KINDS, facts_of, title_of, worded
from web.tables import MOST_ROWS, Table, hand_out
from workflow.errors import NotFound

Choices = Sequence[tuple[str, Sentence]]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed by beside district and text: a select, its choices, and the filter of one choice."""

    label: Sentence
    everything: Sentence
    choices: Callable[[Campaign], Choices]
    keeps: Callable[[str], Q]


@dataclass(frozen=True, slots=True)
class List:
    """How a kind is listed: its columns beside title and district, and what it is narrowed and searched by."""

    columns: Sequence[tuple[Sentence, Callable[[Any], str]]]
    district: str
    searched: Sequence[str]
    of_campaign: Callable[[Campaign], Q]
    related: Sequence[str] = ()
    narrowing: Narrowing | None = None
    is_of_a_case: bool = False


def _community_of(one: Any) -> str:
    """Return the name of the community that a record is about, empty for one about a whole district."""
    about = getattr(one, "nomination", None) or one
    community = getattr(about, "community", None)
    return str(community.name) if community else ""


def _names(offered: Sequence[str]) -> Choices:
    return [(name, name) for name in offered]


CHANNELS = Narrowing(
    _("Channel"),
    _("Every channel"),
    lambda campaign: _names(campaign.publicity_channels),
    lambda wanted: Q(channel=wanted),
)
TAGS = Narrowing(
    _("Tags"),
    _("Every tag"),
    lambda campaign: _names(campaign.practice_tags),
    lambda wanted: Q(tags__contains=[wanted]),
)
STATUSES = Narrowing(
    _("Status"), _("Every status"), lambda _campaign: HonorStatus.choices, lambda wanted: Q(status=wanted)
)
LISTS: Mapping[str, List] = {
    "publicity": List(
        ((_("Channel"), lambda one: one.channel), (_("Published on"), lambda one: spell_date(one.published_on))),
        "district",
        ("title", "channel"),
        lambda campaign: Q(campaign=campaign),
        narrowing=CHANNELS,
    ),
    "practices": List(
        (
            (_("Community"), lambda one: _community_of(one) or str(_("The whole district"))),
            (_("Tags"), lambda one: "、".join(one.tags)),
        ),
        "district",
        ("title", "summary"),
        lambda campaign: Q(campaign=campaign),
        narrowing=TAGS,
    ),
    "third-party": List(
        (
            (_("Community"), lambda one: one.nomination.community.name),
            (pgettext_lazy("assessment", "Period"), lambda one: spell_period(one.began_on, one.ended_on)),
        ),
        "nomination__district",
        ("organization", "nomination__community__name"),
        lambda campaign: Q(nomination__campaign=campaign),
        is_of_a_case=True,
    ),
    "honors": List(
        (
            (_("Community"), lambda one: one.community.name),
            (_("Status"), lambda one: f"{one.get_status_display()}，{one.year}"),
        ),
        "community__authority",
        ("programme", "community__name", "document"),
        lambda campaign: Q(community__in=campaign.nominations.values("community")),
        ("community__authority",),
        STATUSES,
        is_of_a_case=True,
    ),
}


@for_members
def listed(request: HttpRequest, kind: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the records of every district, narrowed in the address; a fixed number of queries."""
    shown, what = chosen(request, actor), LISTS[kind]
    page = page_of_rows(request, rows_of(kind, request, shown.campaign, actor))
    reports = by_subject(KIND, [one.pk for one in page.object_list]) if kind == "third-party" else {}
    context = {
        "kind": KINDS[kind],
        "chosen": shown,
        "tabs": _tabs(kind, request),
        "heads": [label for label, _cell in what.columns],
        "page": page,
        "rows": [_row(kind, one, len(reports.get(one.pk, ()))) for one in page.object_list],
        "filters": _filters(kind, request, shown.campaign),
        "text": wanted_in(request.GET.get("q", "")) or "",
        "hidden": [("campaign", request.GET["campaign"])] if "campaign" in request.GET else [],
        "is_narrowed": any(request.GET.get(name) for name in ("q", "district", "choice")),
        "along": reverse(f"web:city:{kind}-table"),
    }
    return render(request, "city/records.html", context)


@for_members
def table(request: HttpRequest, kind: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the records as they are narrowed, or hand them out as a workbook with every answer."""
    campaign, what = chosen(request, actor).campaign, KINDS[kind]
    rows = rows_of(kind, request, campaign, actor)[:MOST_ROWS]
    heads = [_("District bureau"), *([_("Community")] if kind != "publicity" else []), *(b.label for b in what.blanks)]
    back = f"{reverse(f'web:city:{kind}')}?{request.GET.urlencode()}"
    lines = [_cells(kind, one) for one in rows]
    return hand_out(request, Table(kind, what.title, campaign.title, heads, lines, back), actor=actor, at=at)


@for_members
def show(request: HttpRequest, kind: str, record_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one record with what it is about and, of an assessment, its report."""
    return record_page(request, kind, record_of(kind, record_id, actor), actor, at)


def record_page(
    request: HttpRequest,
    kind: str,
    found: Any,
    actor: Actor,
    at: datetime,
    *,
    refused: third_party.Refused | None = None,
) -> HttpResponse:
    """Return the page of a record, with what was wrong with a report that was sent."""
    problems: Sequence[Problem] = refused.problems if refused else ()
    enters = may_enter(kind, actor)
    page: dict[str, Any] = {
        "kind": KINDS[kind],
        "record": found,
        "title": title_of(KINDS[kind], found),
        "crumbs": crumbs_of(kind, found),
        "facts": [Fact(_("District bureau"), _district_of(kind, found).name), *facts_of(KINDS[kind], found)],
        "case": getattr(found, "nomination", None),
        "change": reverse(f"web:city:{kind}-change", args=[found.pk]) if enters else "",
        "problems": problems,
        "at": at,
    }
    if kind == "third-party":
        sent_to = reverse("web:city:third-party-reports", args=[found.pk])
        page |= {
            "reports": third_party.reports_of(found),
            "taken_at": sent_to,
            "upload": third_party.upload_for(sent_to, problems) if enters else None,
        }
    return render(request, "city/record.html", page, status=refused.status if refused else 200)


def record_of(kind: str, record_id: UUID, actor: Actor) -> Any:
    """Return a record in the actor's scope; raises ``NotFound``."""
    found = _all_of(kind, actor).filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return found


def rows_of(kind: str, request: HttpRequest, campaign: Campaign, actor: Actor) -> Any:
    """Return the records as the address narrows them; what cannot be understood there narrows nothing."""
    what, query = LISTS[kind], request.GET
    rows = _all_of(kind, actor).filter(what.of_campaign(campaign))
    if district := _key(query.get("district", "")):
        rows = rows.filter(**{what.district: district})
    if what.narrowing and query.get("choice") in dict(what.narrowing.choices(campaign)):
        rows = rows.filter(what.narrowing.keeps(query["choice"]))
    if text := wanted_in(query.get("q", "")):
        holding = Q()
        for column in what.searched:
            holding |= Q(**{f"{column}__icontains": text})
        rows = rows.filter(holding)
    return rows


def may_enter(kind: str, actor: Actor) -> bool:
    """Tell whether the actor enters and corrects records of the kind; the districts' own are theirs alone."""
    return LISTS[kind].is_of_a_case and actor.role == Role.CITY_REVIEWER


def crumbs_of(kind: str, found: Any = None, *, linked: bool = False) -> list[Link]:
    """Return where a page about a record stands; ``linked`` where it lies below the page of the record."""
    crumbs = [Link(KINDS[kind].title, reverse(f"web:city:{kind}"))]
    if found is None:
        return crumbs
    return [*crumbs, Link(str(found), address_of(kind, found) if linked else "", "zh-Hans")]


def address_of(kind: str, found: Any) -> str:
    """Return the address of a record's page."""
    return reverse(f"web:city:{kind}-record", args=[found.pk])


def _all_of(kind: str, actor: Actor) -> Any:
    what = LISTS[kind]
    return KINDS[kind].model.objects.visible_to(actor).in_words().select_related("recorded_by", *what.related)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tabs(kind: str, request: HttpRequest) -> list[Link]:
    campaign = request.GET.get("campaign", "")
    query = f"?{urlencode({'campaign': campaign})}" if campaign else ""
    return [Link(KINDS[name].title, reverse(f"web:city:{name}") + query, is_here=name == kind) for name in LISTS]


def _filters(kind: str, request: HttpRequest, campaign: Campaign) -> list[Field]:
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("district__pinyin")
    districts: Choices = [("", _("Every district")), *((str(part.district_id), part.district.name) for part in parts)]
    filters = [Field("district", _("District bureau"), "select", request.GET.get("district", ""), choices=districts)]
    if one := LISTS[kind].narrowing:
        choices: Choices = [("", one.everything), *one.choices(campaign)]
        filters.append(Field("choice", one.label, "select", request.GET.get("choice", ""), choices=choices))
    return filters


def _row(kind: str, one: Any, reports: int) -> dict[str, Any]:
    return {
        "title": title_of(KINDS[kind], one),
        "url": address_of(kind, one),
        "district": _district_of(kind, one).name,
        "cells": [cell(one) for _label, cell in LISTS[kind].columns],
        "reports": reports,
        "record": one,
    }


def _cells(kind: str, one: Any) -> list[Any]:
    about = [] if kind == "publicity" else [_community_of(one)]
    return [_district_of(kind, one).name, *about, *(worded(one, blank) for blank in KINDS[kind].blanks)]


def _district_of(kind: str, one: Any) -> Any:
    if kind == "honors":
        return one.community.authority
    return one.nomination.district if kind == "third-party" else one.district
