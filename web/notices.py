"""The pages that every mail links to: what it was about, what else the reader was told, and how mails shall come."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from accounts.actors import Actor
from nominations.models import Nomination
from notifications.enums import Category, Mode
from notifications.letters import letter_for
from notifications.models import Notice
from notifications.operations.notices import mark_read, prefer
from notifications.queries import notices_of, outcomes_for, preferences_of
from web.acting import for_members

LATEST = 50


@for_members
def notice(request: HttpRequest, notice_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead the reader of a mail to the case that it is about; a paper of the campaign is shown by its notice."""
    found = notices_of(actor.person_id).filter(pk=notice_id).first()
    if found is None:
        raise Http404
    mark_read(notice_id=found.pk, user_id=actor.person_id, at=at)
    event = found.event
    if event is not None and event.flow == Nomination.flow:
        return redirect("web:case", event.subject_id)
    return _listed(request, actor, [found])


@for_members
def notices(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the latest notices, and take how the mails of each category shall come."""
    if request.method == "POST":
        for category in Category:
            mode = request.POST.get(category.value, "")
            if category != Category.LEGAL and mode in Mode.values:
                prefer(user_id=actor.person_id, category=category.value, mode=mode)
        return redirect("web:notices")
    return _listed(request, actor, list(notices_of(actor.person_id)[:LATEST]))


def _listed(request: HttpRequest, actor: Actor, found: list[Notice]) -> HttpResponse:
    outcomes = outcomes_for(found)
    language = get_language() or ""
    told = [(one, letter_for(one, language=language, outcomes=outcomes.get(one.pk, ()))) for one in found]
    page = {"told": told, "choices": _choices(actor), "modes": Mode.choices}
    return render(request, "web/notices.html", page)


def _choices(actor: Actor) -> list[dict[str, Any]]:
    chosen = preferences_of(actor.person_id)
    return [
        {"category": category, "mode": chosen.get(category, Mode.ON), "fixed": category == Category.LEGAL}
        for category in Category
    ]
