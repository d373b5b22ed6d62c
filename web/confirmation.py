"""The owners' committee's page: the frozen text, and one answer (row S-03); no account, a link and a code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.errors import DomainError
from nominations.operations.confirmation import answer
from nominations.queries.confirmation import invitation_for
from nominations.rules.form import SECTIONS, label_of
from web.acting import for_everybody
from web.company.forms import shown as spelled
from web.kit import Fact, Problem
from workflow.errors import NotFound

ANSWERS = {"confirmed": True, "refused": False}


@for_everybody
def confirmation(request: HttpRequest, token: str, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Show the text to whoever has the link, and take the answer of whoever also has the code."""
    try:
        if request.method == "POST":
            return _answered(request, token, at)
        return _page(request, token, at)
    except NotFound as error:
        raise Http404 from error


def _answered(request: HttpRequest, token: str, at: datetime) -> HttpResponse:
    wanted, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    if wanted not in ANSWERS:
        return _page(request, token, at, problems=[Problem(_("Choose yes or no."), "yes")], reason=reason)
    try:
        answer(token=token, code=request.POST.get("code", ""), confirmed=ANSWERS[wanted], reason=reason, at=at)
    except NotFound:
        raise
    except DomainError as error:
        return _page(request, token, at, problems=_problems_of(error), reason=reason)
    return _page(request, token, at, outcome=wanted)


def _problems_of(error: DomainError) -> list[Problem]:
    """Return each reason with the input that it is about."""
    reasons = [Problem(refusal.sentence(), refusal.fix) for refusal in error.refusals]
    return reasons or [Problem(error.sentence(), error.attr or "code")]


def _page(request: HttpRequest, token: str, at: datetime, **more: Any) -> HttpResponse:
    shown = invitation_for(token, at=at)
    page = {"shown": shown, "sections": _sections(shown.form), **more}
    return render(request, "web/confirmation.html", page, status=422 if more.get("problems") else 200)


def _sections(form: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the filled-in parts of the form with their labels, in the order of the paper."""
    shown = []
    for section in SECTIONS:
        values = form.get(section.name, {})
        filled_in = [field for field in section.fields if values.get(field.name) is not None]
        facts = [Fact(label_of(field), spelled(field, values[field.name])) for field in filled_in]
        if facts:
            shown.append({"title": section.title, "facts": facts})
    return shown
