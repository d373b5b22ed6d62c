"""The pages that mails lead to: the list of nominations, one case, and the committee's confirmation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from nominations.models import Nomination
from web.acting import for_members
from web.timeline import told
from workflow import engine

LONGEST_LIST = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a stranger what this is, and a member the latest nominations in scope."""
    if request.user.is_authenticated:
        return _desk(request)
    return render(request, "web/home.html")


@for_members
def _desk(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    return render(request, "web/home.html", {"actor": actor, "nominations": _latest(actor)})


@require_safe
@for_members
def case(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one case: what has happened, and what the reader can do or what stands in the way."""
    nomination = Nomination.objects.visible_to(actor).with_facts().filter(pk=nomination_id).first()
    if nomination is None:
        raise Http404
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    events = told(nomination)
    page = {"actor": actor, "nomination": nomination, "verdicts": verdicts, "events": events}
    return render(request, "web/case.html", page)


def _latest(actor: Actor) -> list[Nomination]:
    rows = Nomination.objects.visible_to(actor).select_related("community", "company").order_by("-pk")
    return list(rows[:LONGEST_LIST])
