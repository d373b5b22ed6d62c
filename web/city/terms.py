"""Changing options and quotas of a campaign: filled in, looked at with what would come of it, then put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Refusal
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Campaign, CampaignDistrict
from nominations.operations.terms import LONGEST_REASON, QUOTA, change_running_terms, preview_terms
from nominations.rules.terms import TERMS
from web.acting import for_members
from web.city.campaigns import campaign_named
from web.kit import Field, Link, Problem, problems_of, with_errors
from web.refused import status_of
from workflow.errors import NotFound

MOST_DIGITS = 4


@for_members
def change(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the form, then what would change, then change it: each step is sent on purpose."""
    campaign = campaign_named(campaign_id, actor)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        wanted = _wanted(request, campaign)
        if request.POST.get("step") != "change":
            found = preview_terms(campaign_id=campaign.pk, wanted=wanted, actor=actor)
            return _page(request, campaign, changes=found)
        reason = request.POST.get("reason", "")
        change_running_terms(campaign_id=campaign.pk, wanted=wanted, reason=reason, actor=actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _page(request, campaign, problems_of(error), status=status_of(error))
    return redirect(_settings(campaign))


def _wanted(request: HttpRequest, campaign: Campaign) -> dict[str, int | None]:
    """Return the whole numbers that were sent; an empty quota is no quota."""
    wanted: dict[str, int | None] = {}
    faults = []
    for field in _fields(campaign):
        text = request.POST.get(field.name, str(field.value)).strip()
        if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS:
            wanted[field.name] = int(text)
        elif not text and field.name.startswith(QUOTA):
            wanted[field.name] = None
        else:
            faults.append(Refusal("not_whole", _("This must be a whole number."), fix=field.name))
    if faults:
        raise InvalidInput(refusals=faults)
    return wanted


def _fields(campaign: Campaign) -> list[Field]:
    options = [
        Field(name, capfirst(str(term.label)), "number", int(getattr(campaign, name)), str(term.effect), required=True,
              width="s")
        for name, term in TERMS.items()
    ]  # fmt: skip
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("district__pinyin")
    quotas = [
        Field(f"{QUOTA}{part.district_id}", part.district.name, "number", "" if part.quota is None else part.quota,
              width="s")
        for part in parts
    ]  # fmt: skip
    return [*options, *quotas]


def _page(
    request: HttpRequest,
    campaign: Campaign,
    problems: Sequence[Problem] = (),
    *,
    changes: Sequence[Any] = (),
    status: int = 200,
) -> HttpResponse:
    sent = [replace(field, value=request.POST.get(field.name, field.value)) for field in _fields(campaign)]
    reason = Field("reason", _("Reason"), "textarea", request.POST.get("reason", ""), required=True,
                   longest=LONGEST_REASON)  # fmt: skip
    page = {
        "campaign": campaign,
        "options": with_errors([field for field in sent if not field.name.startswith(QUOTA)], problems),
        "quotas": with_errors([field for field in sent if field.name.startswith(QUOTA)], problems),
        "hidden": [(field.name, field.value) for field in sent],
        "reason": with_errors([reason], problems)[0],
        "changes": changes,
        "problems": problems,
        "crumbs": [Link(_("Campaign settings"), _settings(campaign)), Link(_("Change the terms"), "")],
        "back": _settings(campaign),
        "again": reverse("web:city:terms", args=[campaign.pk]),
    }
    return render(request, "city/terms.html", page, status=status)


def _settings(campaign: Campaign) -> str:
    return f"{reverse('web:city:settings')}?campaign={campaign.pk}"
