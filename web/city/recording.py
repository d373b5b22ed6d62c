"""The city's reviewer enters, corrects and sets aside third parties' assessments and honors, and hands in reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.errors import DomainError
from nominations.models import Nomination
from web import third_party
from web.acting import for_members
from web.city.case import crumbs_of as crumbs_of_case
from web.city.records import address_of, crumbs_of, record_of, record_page
from web.kit import Link, Problem, with_errors
from web.records import KINDS, About, fields_of, problems_told, values_sent, values_stored
from web.refused import status_of
from workflow import engine


@dataclass(frozen=True, slots=True)
class _Form:
    """The blanks of one record, new or known, and where they lead."""

    request: HttpRequest
    kind: str
    actor: Actor
    crumbs: Sequence[Link]
    back: str
    found: Any = None

    def shown(self, typed: Mapping[str, Any], problems: Sequence[Problem] = (), *, status: int = 200) -> HttpResponse:
        """Show the blanks with what was typed or stored."""
        fields = fields_of(KINDS[self.kind], None, typed, actor=self.actor)
        page = {
            "kind": KINDS[self.kind],
            "record": self.found,
            "fields": with_errors(fields, problems),
            "problems": problems,
            "crumbs": self.crumbs,
            "back": self.back,
        }
        return render(self.request, "city/record_form.html", page, status=status)

    def done(self, act: Callable[[], object], to: Callable[[], str], words: str) -> HttpResponse:
        """Do it and lead on, or show the blanks with what stands in the way."""
        try:
            act()
        except DomainError as error:
            return self.shown(self.request.POST, problems_told(error), status=status_of(error))
        messages.success(self.request, words)
        return redirect(to())


@for_members
def enter(request: HttpRequest, nomination_id: UUID, kind: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Enter a record about a case; the report of a third party is handed in on the page to which this leads."""
    case, what = engine.find(Nomination, nomination_id, actor=actor), KINDS[kind]
    crumbs = [*crumbs_of_case(case, linked=True), Link(what.title, "")]
    form = _Form(request, kind, actor, crumbs, reverse("web:city:case", args=[case.pk]))
    if request.method != "POST":
        return form.shown({})
    sent = values_sent(request, what)
    made: list[Any] = []
    return form.done(
        lambda: made.append(what.add(About(case.campaign, case), sent, actor=actor, at=at)),
        lambda: address_of(kind, made[0]),
        _("Entered."),
    )


@for_members
def change(request: HttpRequest, kind: str, record_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Correct a record, or set it aside as entered by mistake."""
    found, what = record_of(kind, record_id, actor), KINDS[kind]
    own = address_of(kind, found)
    form = _Form(request, kind, actor, crumbs_of(kind, found, linked=True), own, found)
    if request.method != "POST":
        return form.shown(values_stored(what, found))
    if "remove" in request.POST:
        listed = reverse(f"web:city:{kind}")
        return form.done(lambda: what.remove(found.pk, actor=actor, at=at), lambda: listed, _("Removed."))
    sent = values_sent(request, what)
    return form.done(lambda: what.change(found.pk, sent, actor=actor, at=at), lambda: own, _("Saved."))


@for_members
def report(request: HttpRequest, record_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive the report of a third party, or set one aside."""
    found = record_of("third-party", record_id, actor)
    refused = third_party.report_sent(request, found, actor=actor, at=at)
    if refused:
        return record_page(request, "third-party", found, actor, at, refused=refused)
    return redirect(address_of("third-party", found) + "#reports")


@for_members
def report_file(
    request: HttpRequest, record_id: UUID, file_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponseBase:
    """Hand out the report of a third party."""
    return third_party.report_taken(record_of("third-party", record_id, actor), file_id)
