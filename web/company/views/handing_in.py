"""Checking the answers, handing the form in with the statement of truth, the receipt, and the paper itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.enums import Role
from nominations.models import Nomination
from nominations.operations.moves import make_move
from nominations.rules.form import SECTIONS
from web.acting import for_members
from web.company import cases
from web.company.forms import shown
from web.kit import Field, Problem, reasons_of
from workflow import engine
from workflow.errors import MoveRefused, NotFound, StaleVersion
from workflow.models import Event

UNPROCESSABLE, CONFLICT = 422, 409
SUBMIT = "submit"


@for_members
def check(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show every answer as the paper has it, and hand the form in once it is stated to be true."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    if request.method != "POST":
        return _page(request, nomination, actor, at, [])
    if "truth" not in request.POST:
        problem = Problem(_("State that what is filled in is true before you submit."), "f-truth")
        return _page(request, nomination, actor, at, [problem])
    key = request.POST.get("key", "")[:64]
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else None
    try:
        make_move(Nomination, nomination.pk, SUBMIT, actor=actor, at=at, version=seen, key=key)
    except MoveRefused as error:
        return _page(request, nomination, actor, at, [Problem(one.sentence()) for one in error.refusals])
    except StaleVersion as error:
        return _page(request, nomination, actor, at, [Problem(error.sentence())])
    return redirect(cases.address(nomination, "receipt"))


@for_members
def receipt(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show that the form was handed in: its number, the instant, the digest of the text."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    handed_in = Event.objects.filter(flow=Nomination.flow, subject_id=nomination.pk, name=SUBMIT)
    event = handed_in.order_by("-sequence").first()
    if event is None:
        raise NotFound
    page = {"nomination": nomination, "event": event, "digest": event.documents.get("form", ""), "at": at}
    return render(request, "company/receipt.html", page | {"crumbs": cases.crumbs(nomination, _("Receipt"))})


@for_members
def printed(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show form 3 in the layout of the notice, to be printed and sealed."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    return render(request, "company/print.html", {"nomination": nomination, "paper": paper_of(nomination), "at": at})


def paper_of(nomination: Any) -> dict[str, dict[str, Any]]:
    """Return the answers by section and field, as a reader sees them."""
    return {
        section.name: {
            field.name: shown(field, nomination.form.get(section.name, {}).get(field.name)) for field in section.fields
        }
        for section in SECTIONS
    }


def _page(request: HttpRequest, nomination: Any, actor: Actor, at: datetime, problems: list[Problem]) -> HttpResponse:
    truth = Field(
        "truth", _("What is filled in is true, and the evidence is genuine and legible."), "check", required=True
    )
    page = {
        "nomination": nomination,
        "paper": paper_of(nomination),
        "problems": problems,
        "truth": truth,
        "key": uuid4().hex,
        "reasons": _reasons(nomination, actor, at),
        "is_admin": actor.role == Role.COMPANY_ADMIN,
        "editable": cases.is_editable(nomination),
        "sections": [(section.name, section.title) for section in SECTIONS],
        "crumbs": cases.crumbs(nomination, _("Check and submit")),
    }
    return render(request, "company/check.html", page, status=UNPROCESSABLE if problems else 200)


def _reasons(nomination: Any, actor: Actor, at: datetime) -> Any:
    """Return what stands in the way of submitting, for an editor as well: what is to be done does not depend on who."""
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    for verdict in verdicts:
        if verdict.transition.name == SUBMIT:
            return reasons_of(verdict.refusals, places=lambda refusal: cases.place_of(nomination, refusal))
    return ()
