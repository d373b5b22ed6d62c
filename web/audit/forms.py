"""Filters of the auditor's lists: from the address to values, with a word for what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from accounts.enums import SignInOutcome
from common.instants import end_of, start_of
from common.refusals import Sentence
from nominations.models import Campaign, CampaignDistrict
from nominations.queries.audit import EventFilter
from web.audit.words import FLOWS, names
from web.kit import Field, Problem, with_errors

LONGEST = 120
Choices = list[tuple[str, Sentence]]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from and to, both included, and what could not be read."""

    since: datetime | None
    before: datetime | None
    problems: tuple[Problem, ...]


def text_of(query: QueryDict, name: str) -> str:
    """Return what was typed into a field of the filter; the database knows no NUL."""
    return query.get(name, "").strip().replace("\x00", "")[:LONGEST]


def period_of(query: QueryDict) -> Period:
    """Return the period that the address asks for."""
    problems: list[Problem] = []
    since, until = _day(query, "from", problems), _day(query, "to", problems)
    if since and until and until < since:
        problems.append(Problem(_("The period ends before it begins."), "f-to"))
    return Period(start_of(since) if since else None, end_of(until) if until else None, tuple(problems))


def event_filter_of(query: QueryDict) -> tuple[EventFilter, tuple[Problem, ...]]:
    """Return the filter of the list of events; an unknown campaign, district or move finds nothing."""
    period = period_of(query)
    texts: Any = {name: text_of(query, name) for name in ("number", "office", "flow", "name", "request_id")}
    chosen = EventFilter(**texts, since=period.since, before=period.before)
    return replace(chosen, campaign=_id(query, "campaign"), district=_id(query, "district")), period.problems


def event_fields(query: QueryDict, actor: Actor, problems: tuple[Problem, ...]) -> list[Field]:
    """Return the fields of the filter, with the campaigns and districts that the auditor knows of."""
    campaigns = Campaign.objects.visible_to(actor)
    parts = CampaignDistrict.objects.filter(campaign__in=campaigns).order_by("district__pinyin")
    districts = parts.values_list("district", "district__name").distinct()
    fields = [
        _choice(query, "campaign", _("Campaign"), [(str(one.pk), one.title) for one in campaigns]),
        _choice(query, "district", pgettext("filter", "District"), [(str(pk), name) for pk, name in districts]),
        _choice(query, "flow", _("What it is about"), list(FLOWS.items())),
        _choice(query, "name", _("What happened"), list(names())),
        _text(query, "number", _("Case number")),
        _text(query, "office", _("Acting office")),
        *_period_fields(query),
        _text(query, "request_id", _("Request number")),
    ]
    return with_errors(fields, problems)


def sign_in_fields(query: QueryDict, problems: tuple[Problem, ...]) -> list[Field]:
    """Return the fields of the filter of the log of sign-ins."""
    fields = [
        _choice(query, "outcome", _("Outcome"), list(SignInOutcome.choices)),
        _text(query, "person", _("Account or name")),
        _text(query, "address", _("Address")),
        *_period_fields(query),
    ]
    return with_errors(fields, problems)


def _period_fields(query: QueryDict) -> list[Field]:
    return [_text(query, "from", pgettext("period", "From")), _text(query, "to", _("To (included)"))]


def _text(query: QueryDict, name: str, label: str) -> Field:
    return Field(name, label, value=query.get(name, "")[:LONGEST], width="s", required=True, longest=LONGEST)


def _choice(query: QueryDict, name: str, label: str, choices: Choices) -> Field:
    every: Choices = [("", _("All"))]
    return Field(name, label, "select", query.get(name, ""), choices=every + choices, width="m", required=True)


def _day(query: QueryDict, name: str, problems: list[Problem]) -> date | None:
    written = query.get(name, "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        problems.append(Problem(_("Write the day like this: 2026-07-31."), f"f-{name}"))
        return None


def _id(query: QueryDict, name: str) -> UUID | None:
    written = query.get(name, "")
    if not written:
        return None
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
