"""A later end of a period: prepared by one officer, looked at with its consequences and approved by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.instants import end_of
from common.refusals import Refusal, Sentence
from nominations.enums import Window
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Campaign, CampaignDistrict, Extension, Nomination
from nominations.operations import extension as operations
from nominations.queries.extension import concerned_by
from web.acting import for_members
from web.city.acts import day_in
from web.city.campaigns import chosen
from web.dates import spell_end
from web.kit import Confirmation, Field, Link, Problem, problems_of, with_errors
from web.refused import status_of
from workflow.errors import NotFound


@for_members
def new(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Write down who shall have longer, until when and why."""
    campaign = chosen(request, actor).campaign
    if request.method != "POST":
        return _page(request, campaign, actor, at)
    try:
        made = _prepared(request, campaign, actor, at)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _page(request, campaign, actor, at, problems_of(error), status=status_of(error))
    return redirect("web:city:extension", made.pk)


@for_members
def show(request: HttpRequest, extension_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show an extension with what it brings; the approver lets it count here."""
    extension = extension_of(extension_id, actor)
    if request.method != "POST":
        return _shown(request, extension, actor, at)
    try:
        operations.approve_extension(extension_id=extension.pk, actor=actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _shown(request, extension, actor, at, problems_of(error), status=status_of(error))
    return redirect(_settings(extension.campaign))


def extension_of(extension_id: UUID, actor: Actor) -> Extension:
    """Return an extension of a campaign in the actor's scope; raises ``NotFound``."""
    campaigns = Campaign.objects.visible_to(actor)
    related = ("campaign", "district", "nomination__community", "prepared_by", "approved_by")
    found = Extension.objects.filter(pk=extension_id, campaign__in=campaigns).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def _prepared(request: HttpRequest, campaign: Campaign, actor: Actor, at: datetime) -> Extension:
    window, whom = request.POST.get("window", ""), request.POST.get("whom", "")
    if window not in Window.values:
        raise InvalidInput(refusals=[Refusal("required", _("Choose a period."), fix="window")])
    kind, _separator, pk = whom.partition(":")
    return operations.prepare_extension(
        campaign_id=campaign.pk,
        window=Window(window),
        until=end_of(day_in(request.POST.get("until", ""), "until")),
        reason=request.POST.get("reason", ""),
        district_id=_key(pk) if kind == "district" else None,
        nomination_id=_key(pk) if kind == "nomination" else None,
        actor=actor,
        at=at,
    )


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(refusals=[Refusal("required", _("Choose for whom."), fix="whom")]) from error


def _page(
    request: HttpRequest,
    campaign: Campaign,
    actor: Actor,
    at: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    wanted = request.GET.get("nomination", "")
    sent = {"window": "", "until": "", "reason": "", "whom": f"nomination:{wanted}" if wanted else ""} | {
        name: request.POST[name] for name in ("window", "until", "reason", "whom") if name in request.POST
    }
    fields = [replace(field, value=sent[field.name]) for field in _fields(campaign, actor, at)]
    page = {
        "campaign": campaign,
        "fields": with_errors(fields, problems),
        "problems": problems,
        "crumbs": [Link(_("Campaign settings"), _settings(campaign)), Link(_("Prepare an extension"), "")],
        "back": _settings(campaign),
    }
    return render(request, "city/extension_new.html", page, status=status)


def _with_end(window: Window, campaign: Campaign, at: datetime) -> str:
    """Return a period with its present end; a correction has one of its own for each form."""
    closes_at = getattr(campaign, f"{window.value}_closes_at", None)
    if closes_at is None:
        return str(window.label)
    return str(_("%(window)s (now until %(day)s)")) % {"window": window.label, "day": spell_end(closes_at, at)}


def _fields(campaign: Campaign, actor: Actor, at: datetime) -> list[Field]:
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("district__pinyin")
    cases = Nomination.objects.visible_to(actor).filter(campaign=campaign).select_related("community")
    whom: list[tuple[str, Sentence]] = [
        ("", _("The whole campaign")),
        *[(f"district:{part.district_id}", part.district.name) for part in parts],
        *[(f"nomination:{case.pk}", f"{case.community.name} {case.number}") for case in cases.order_by("pinyin")[:500]],
    ]
    windows: list[tuple[str, Sentence]] = [
        ("", _("Choose")),
        *((one.value, _with_end(one, campaign, at)) for one in Window),
    ]
    return [
        Field("window", _("Period"), "select", choices=windows, required=True, width="m"),
        Field("whom", _("For whom"), "select", choices=whom, required=True, width="m"),
        Field("until", _("Last day"), "date", required=True, width="s", hint=_("For instance 2026-12-15.")),
        Field("reason", _("Reason"), "textarea", required=True, longest=operations.LONGEST_REASON),
    ]


def _shown(
    request: HttpRequest,
    extension: Extension,
    actor: Actor,
    at: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    asked = Confirmation(
        _("Approve the extension"),
        tuple(_consequences(extension, at)),
        _("Approve"),
        _settings(extension.campaign),
    )
    page: dict[str, Any] = {
        "confirmation": asked,
        "extension": extension,
        "problems": problems,
        "approves": actor.role == Role.CITY_APPROVER and extension.approved_at is None,
        "crumbs": [Link(_("Campaign settings"), _settings(extension.campaign)), Link(_("Extension of a period"), "")],
        "at": at,
    }
    return render(request, "city/extension.html", page, status=status)


def _consequences(extension: Extension, at: datetime) -> list[str]:
    count = concerned_by(extension)
    words = ngettext(
        "%(count)s case or paper that waits for the end of this period gets its deadline moved.",
        "%(count)s cases and papers that wait for the end of this period get their deadlines moved.",
        count,
    )
    return [
        str(_("“%(window)s” ends for %(whom)s on %(day)s.")) % {
            "window": extension.get_window_display(), "whom": whom_of(extension), "day": spell_end(extension.until, at)
        },
        words % {"count": count},
        str(_("Whoever it concerns is told at once.")),
    ]  # fmt: skip


def whom_of(extension: Extension) -> str:
    """Return for whom an extension is, by name."""
    if extension.nomination is not None:
        return extension.nomination.community.name
    return extension.district.name if extension.district is not None else str(_("The whole campaign"))


def _settings(campaign: Campaign) -> str:
    return f"{reverse('web:city:settings')}?campaign={campaign.pk}"
