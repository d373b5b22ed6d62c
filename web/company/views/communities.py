"""The company's communities, and how a nomination begins: one button."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import OrganizationKind
from accounts.queries import organizations_visible_to
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import ENDED_STATES
from nominations.models import Campaign, Community, Nomination
from nominations.operations.community import FIELDS, enter_community
from nominations.operations.nomination import start_nomination
from web.acting import for_members
from web.company import cases
from web.dates import due
from web.kit import Field, Link, Problem, problems_of, with_errors
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out
from workflow import calendar
from workflow.errors import NotFound

UNPROCESSABLE = 422
HEAD: tuple[Sentence, ...] = (
    _("Community"),
    _("District bureau"),
    _("Subdistrict"),
    _("Neighborhood"),
    _("Address"),
)


@for_members
def communities(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the communities with what can be begun for each in the campaigns that take applications now."""
    page = page_of_rows(
        request, Community.objects.visible_to(actor).select_related("authority").order_by("pinyin", "pk")
    )
    campaigns = _open_campaigns(actor, at)
    known = calendar.load()
    rows = _rows(list(page.object_list), campaigns)
    ends = [(campaign, due(campaign.application_closes_at, at=at, calendar=known)) for campaign in campaigns]
    context = {"page": page, "rows": rows, "campaigns": ends, "several": len(ends) > 1}
    return render(request, "company/communities.html", context)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the communities, or hand them out as a workbook."""
    found = Community.objects.visible_to(actor).select_related("authority").order_by("pinyin", "pk")[:MOST_ROWS]
    rows = [[one.name, one.authority.name, one.subdistrict, one.neighborhood, one.address] for one in found]
    listed = Table("communities", _("My communities"), "", HEAD, rows, reverse("web:company:communities"))
    return hand_out(request, listed, actor=actor, at=at)


@for_members
def start(request: HttpRequest, community_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Begin a draft, and go on to its task list."""
    campaign = request.POST.get("campaign", "")
    try:
        campaign_id = UUID(campaign)
    except ValueError as error:
        raise NotFound from error
    begun = start_nomination(campaign_id=campaign_id, community_id=community_id, actor=actor, at=at)
    return redirect(cases.address(begun))


@for_members
def new_community(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Enter a community that the company manages."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            authority = UUID(request.POST.get("authority", ""))
            facts = {name: request.POST.get(name, "") for name in FIELDS}
            enter_community(authority_id=authority, facts=facts, actor=actor, at=at)
            return redirect("web:company:communities")
        except ValueError:
            problems = [Problem(str(_("Choose the bureau of the district.")), "f-authority")]
        except DomainError as error:
            problems = problems_of(error)
    page = {"fields": with_errors(_fields(request, actor), problems), "problems": problems}
    page |= {
        "crumbs": [Link(_("My communities"), reverse("web:company:communities")), Link(_("Enter a community"), "")]
    }
    return render(request, "company/new_community.html", page, status=UNPROCESSABLE if problems else 200)


def _open_campaigns(actor: Actor, at: datetime) -> list[Campaign]:
    taking = Campaign.objects.visible_to(actor).filter(application_opens_at__lte=at, application_closes_at__gt=at)
    return list(taking.order_by("application_closes_at", "pk"))


def _rows(found: list[Community], campaigns: list[Campaign]) -> list[dict[str, Any]]:
    """Return a row for each community and open campaign, with its present nomination there; one query."""
    begun = Nomination.objects.filter(community__in=found, campaign__in=campaigns).exclude(state__in=ENDED_STATES)
    by_place = {(row.community_id, row.campaign_id): row for row in begun}
    places: list[Campaign | None] = [*campaigns] or [None]
    return [
        {
            "community": community,
            "campaign": campaign,
            "nomination": nomination,
            "tag": cases.tag_of(nomination) if nomination else None,
        }
        for community in found
        for campaign in places
        for nomination in [by_place.get((community.pk, campaign.pk)) if campaign is not None else None]
    ]


def _fields(request: HttpRequest, actor: Actor) -> list[Field]:
    bureaus = organizations_visible_to(actor).filter(kind=OrganizationKind.DISTRICT, is_active=True).order_by("pinyin")
    chosen = request.POST.get("authority", "")
    choices: list[tuple[str, Any]] = [("", _("Please choose")), *((str(one.pk), one.name) for one in bureaus)]
    texts = [
        Field(name, field.label, value=request.POST.get(name, ""), required=field.required, longest=field.longest)
        for name, field in FIELDS.items()
    ]
    return [Field("authority", _("District bureau"), "select", chosen, choices=choices, required=True), *texts]
