"""The pages that all desks share: what waits, what is in hand, what is done, the way to a case, and help."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from nominations.enums import Pile
from nominations.models import Nomination
from nominations.operations.nomination import COMPANY_ROLES
from nominations.queries.nomination import nominations_on
from web.acting import for_everybody, for_members
from web.company.cases import tag_of
from web.desks import desk_of
from web.paging import page_of_rows
from web.public.welcome import welcome
from web.timeline import told
from web.todo import todo_of
from web.way import turn_of, with_turns
from workflow import calendar, engine

TITLES = {Pile.IN_HAND: _("In hand"), Pile.DONE: _("Done")}


@for_everybody
def home(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponseBase:
    """Show a stranger what this is, and a member what waits, by due date."""
    if request.user.is_authenticated:
        return _todo(request)
    return render(request, "web/home.html", welcome())


@for_members
def _todo(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    kind, late_only = request.GET.get("kind", ""), "late" in request.GET
    page = {"todo": todo_of(actor, at=at, kind=kind, late_only=late_only), "kind": kind, "late_only": late_only}
    beside = desk_of(actor.role).rail
    page["rail"] = beside(actor) if beside else None
    return render(request, "web/todo.html", page | {"at": at})


@for_members
def pile(request: HttpRequest, name: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """List what is in hand or done with (在办、已办)."""
    if name not in TITLES:
        raise Http404
    rows = nominations_on(actor, Pile(name)).select_related("community", "company")
    shown = {"name": name, "title": TITLES[Pile(name)], "at": at, "is_public": actor.role in COMPANY_ROLES}
    if name == Pile.IN_HAND:
        page = page_of_rows(request, with_turns(rows))
        return render(request, "web/pile.html", shown | {"page": page, "rows": _awaited(page, at)})
    page = page_of_rows(request, rows)
    return render(request, "web/pile.html", shown | {"page": page, "rows": [_lying(row) for row in page]})


def _awaited(page: Page[Any], at: datetime) -> list[dict[str, Any]]:
    """Return each nomination of a page with whose turn it is, and until when."""
    known = calendar.load()
    return [_lying(row) | {"turn": turn_of(row, at=at, calendar=known)} for row in page]


def _lying(nomination: Any) -> dict[str, Any]:
    """Return a nomination with its state in the words that a company reads instead of the office's."""
    return {"nomination": nomination, "public": tag_of(nomination)}


@for_members
def case(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead to the case on the reader's own desk; who has no page for it sees what has happened."""
    desk = desk_of(actor.role)
    if desk.case:
        return redirect(desk.case, nomination_id)
    if desk.own_part and (own := desk.own_part(nomination_id, actor)):
        return redirect(own)
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    return render(request, "web/case.html", _case(nomination, actor, at))


def _case(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    return {"nomination": nomination, "verdicts": verdicts, "events": told(nomination), "at": at}
