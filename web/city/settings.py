"""The campaign's terms on one page: dates, quotas, options, standard; what was extended, by whom, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.refusals import Sentence
from evaluation.queries import outline_of
from nominations.enums import Act
from nominations.models import Campaign, CampaignDistrict, ComplaintFigure, Extension, ProvincialReport
from nominations.operations.campaign import steps_on_record
from nominations.operations.terms import QUOTA
from nominations.rules.terms import TERMS
from web.acting import for_members
from web.city.campaigns import chosen
from web.dates import due, spell_date, spell_time
from web.kit import Action, Fact, Step
from web.paging import page_of_rows
from workflow import calendar
from workflow.models import Event

DATES: Mapping[str, Sentence] = {
    "application_closes_at": _("Companies submit their forms"),
    "district_closes_at": _("Districts recommend"),
    "evaluation_closes_at": _("The city evaluates on site"),
    "work_report_closes_at": _("Districts send their work reports"),
    "report_closes_at": _("The city reports to the province"),
}
OPTIONS: Mapping[str, Sentence] = {
    "places": _("places"),
    "reserves": _("reserves"),
    "minimum_sheets": _("sheets at least"),
    "discrepancy_points": _("largest difference"),
    "district_share": _("weight of the district's score"),
    "corrections_allowed": _("corrections allowed"),
    "correction_working_days": _("working days for a correction"),
}


@for_members
def show(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what the campaign lays down; what can still be changed says so."""
    shown = chosen(request, actor)
    campaign = shown.campaign
    known = calendar.load()
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district")
    quotas = list(parts.order_by("district__pinyin", "pk"))
    extensions = Extension.objects.filter(campaign=campaign)
    related = ("district", "nomination__community", "prepared_by", "approved_by")
    extended = page_of_rows(request, extensions.select_related(*related).order_by("-prepared_at", "pk"))
    page = {
        "chosen": shown,
        "page": extended,
        "campaign": campaign,
        "dates": [(title, due(getattr(campaign, name), at=at, calendar=known)) for name, title in DATES.items()],
        "opens": spell_time(campaign.application_opens_at, at),
        "facts": _facts(campaign),
        "options": _options(campaign),
        "parts": quotas,
        "extensions": extended.object_list,
        "groups": outline_of(campaign.standard_id).groups,
        "requirements": list(campaign.requirements.order_by("number")),
        "changed": _changed(campaign, quotas, at),
        "figures": ComplaintFigure.objects.filter(campaign=campaign).count(),
        "steps": steps_on_record(campaign),
        "actions": _actions(campaign, actor),
        "approves": actor.role == Role.CITY_APPROVER,
        "at": at,
    }
    return render(request, "city/settings.html", page)


def _changed(campaign: Campaign, parts: Sequence[CampaignDistrict], at: datetime) -> list[Step]:
    """Return when the terms were changed, why, and to what; one query."""
    quotas = {
        f"{QUOTA}{one.district_id}": str(_("Quota of %(district)s")) % {"district": one.district.name} for one in parts
    }
    labels = {name: str(term.label) for name, term in TERMS.items()} | quotas
    events = Event.objects.filter(flow=ProvincialReport.flow, name=Act.CHANGE_TERMS, stream=campaign.stream_id)
    return [
        Step("is-pass", "、".join(_told(name, row, labels) for name, row in event.payload["terms"].items()), "pencil",
             spell_time(event.at, at), event.organization_name, event.comment)
        for event in events.order_by("-position")
    ]  # fmt: skip


def _told(name: str, row: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    before, after = ("—" if row[key] is None else row[key] for key in ("before", "after"))
    return f"{capfirst(labels.get(name, str(_('Quota'))))} {before} → {after}"


def _facts(campaign: Campaign) -> list[Fact]:
    return [
        Fact(_("Title"), campaign.title),
        Fact(_("Award"), campaign.award),
        Fact(_("Issuer"), campaign.city.name),
        Fact(_("Legal basis"), campaign.legal_basis),
        Fact(_("Issued on"), spell_date(campaign.issued_on), ""),
    ]


def _options(campaign: Campaign) -> list[Fact]:
    facts = [Fact(capfirst(str(label)), _value(getattr(campaign, name)), "") for name, label in OPTIONS.items()]
    return [*facts, Fact(_("Two people for every decision"), _("Yes") if campaign.four_eyes else _("No"), "")]


def _value(value: Any) -> Any:
    if value is None:
        return _("None set")
    return format(value.normalize(), "f") if hasattr(value, "normalize") else value


def _actions(campaign: Campaign, actor: Actor) -> list[Action]:
    if actor.role == Role.CITY_APPROVER:
        return [Action("terms", _("Change the terms"), reverse("web:city:terms", args=[campaign.pk]), icon="pencil")]
    if actor.role != Role.CITY_REVIEWER:
        return []
    extend = f"{reverse('web:city:extension-new')}?campaign={campaign.pk}"
    complaints = reverse("web:city:complaints", args=[campaign.pk])
    return [
        Action("extend", _("Prepare an extension"), extend, icon="calendar-event"),
        Action("complaints", _("Import complaint figures"), complaints, icon="table-row"),
    ]
