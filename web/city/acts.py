"""The city's acts on a case that are no moves: record a visit, settle a discrepancy, record an excluding event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Refusal, Sentence
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Nomination
from nominations.operations import assessment
from nominations.operations.visit import record_visit
from web.acting import for_members
from web.city.case import crumbs_of
from web.kit import Field, Problem, problems_of, with_errors
from web.refused import status_of
from workflow import engine
from workflow.errors import NotFound, StaleVersion

PHOTOS = 10
MEMBERS = _("One name a line.")


@dataclass(frozen=True, slots=True)
class Act:
    """One act as its page shows it: title, what comes of it, its blanks, and how it is done."""

    title: Sentence
    text: Sentence
    button: Sentence
    fields: tuple[Field, ...]
    done: Callable[[Any, HttpRequest, Actor, datetime], Any]
    is_upload: bool = False


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _record_visit(nomination: Any, request: HttpRequest, actor: Actor, at: datetime) -> None:
    record_visit(
        nomination_id=nomination.pk,
        visited_on=day_in(request.POST.get("visited_on", ""), "visited_on"),
        members=[line for line in request.POST.get("members", "").splitlines() if line.strip()],
        findings=request.POST.get("findings", ""),
        photos=request.FILES.getlist("photos")[:PHOTOS],
        actor=actor,
        at=at,
    )


def _resolve(nomination: Any, request: HttpRequest, actor: Actor, at: datetime) -> None:
    decision = request.POST.get("decision", "")
    assessment.resolve_discrepancy(
        nomination_id=nomination.pk, decision=decision, actor=actor, at=at, version=_version(request)
    )


def _record_veto(nomination: Any, request: HttpRequest, actor: Actor, at: datetime) -> None:
    given = {name: request.POST.get(name, "") for name in ("kind", "authority", "document")}
    assessment.record_veto(nomination_id=nomination.pk, **given, actor=actor, at=at, version=_version(request))


VISIT = Act(
    _("Record a visit"),
    _("A visit counts once it has a day, its members and at least one photo that has passed its check."),
    _("Record"),
    (
        Field(
            "visited_on", _("Day of the visit"), "date", required=True, width="s", hint=_("For instance 2026-08-18.")
        ),
        Field("members", _("Who took part"), "textarea", required=True, rows=4, hint=MEMBERS),
        Field("findings", _("What was found"), "textarea", longest=2000),
        Field(
            "photos", _("Photos"), "file", required=True, accept="image/*", multiple=True, hint=_("Up to ten pictures.")
        ),
    ),
    _record_visit,
    is_upload=True,
)
DISCREPANCY = Act(
    _("Resolve the discrepancy"),
    _("Two sheets lie further apart than the campaign allows. The sheets stay as they are; your decision is recorded."),
    _("Record the decision"),
    (Field("decision", _("How this was looked into, and what was decided"), "textarea", required=True, longest=2000),),
    _resolve,
)
VETO = Act(
    _("Record an excluding event"),
    _("It keeps the community from being shortlisted. The approver can then disqualify it."),
    _("Record"),
    (
        Field("kind", _("What happened"), required=True, longest=200, hint=_("For instance a safety accident.")),
        Field("authority", _("Who found it"), required=True, longest=200),
        Field("document", _("By which document"), required=True, longest=200),
    ),
    _record_veto,
)


@for_members
def visit(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Record a visit on site."""
    return _answered(request, engine.find(Nomination, nomination_id, actor=actor), VISIT, actor, at)


@for_members
def discrepancy(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Record how two sheets far apart were dealt with."""
    return _answered(request, engine.find(Nomination, nomination_id, actor=actor), DISCREPANCY, actor, at)


@for_members
def veto(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Record an event that excludes the community."""
    return _answered(request, engine.find(Nomination, nomination_id, actor=actor), VETO, actor, at)


def day_in(text: str, field: str) -> date:
    """Return the day that was written down; raises ``InvalidInput``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = _("This is not a date of the form 2023-07-31.")
        raise InvalidInput(refusals=[Refusal("not_a_date", message, fix=field)]) from error


def _answered(request: HttpRequest, nomination: Any, act: Act, actor: Actor, at: datetime) -> HttpResponse:
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if request.method != "POST":
        return _page(request, nomination, act, act.fields)
    try:
        act.done(nomination, request, actor, at)
    except (NotFound, NotAllowed, StaleVersion):
        raise
    except DomainError as error:
        fields = [replace(field, value=request.POST.get(field.name, "")) for field in act.fields]
        known = {field.id for field in fields}
        problems = [p if p.field in known else Problem(p.sentence) for p in problems_of(error)]
        return _page(request, nomination, act, with_errors(fields, problems), problems, status=status_of(error))
    return redirect(reverse("web:city:case", args=[nomination.pk]) + "?part=evaluation")


def _page(
    request: HttpRequest,
    nomination: Any,
    act: Act,
    fields: Sequence[Field],
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    page = {
        "act": act,
        "fields": fields,
        "problems": problems,
        "nomination": nomination,
        "crumbs": crumbs_of(nomination, linked=True),
        "back": reverse("web:city:case", args=[nomination.pk]),
    }
    return render(request, "city/act.html", page, status=status)
