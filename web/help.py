"""The handbook: a page for each role, in the reader's language; every page links to its place in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.refusals import Sentence
from web.acting import for_everybody
from web.kit import Link

TITLES: Mapping[str, Sentence] = {
    "company": _("For property service companies"),
    "committee": _("For owners' committees"),
    "district": _("For district bureaus"),
    "city": _("For the city bureau"),
    "evaluator": _("For evaluators"),
    "auditor": _("For auditors"),
    "administrator": _("For administrators and viewers"),
}
BOOKS: Mapping[Role, str] = {
    Role.COMPANY_ADMIN: "company",
    Role.COMPANY_EDITOR: "company",
    Role.COMMITTEE_CONFIRMER: "committee",
    Role.DISTRICT_REVIEWER: "district",
    Role.DISTRICT_APPROVER: "district",
    Role.CITY_REVIEWER: "city",
    Role.CITY_APPROVER: "city",
    Role.EVALUATOR: "evaluator",
    Role.AUDITOR: "auditor",
}
# Where in the handbook a page is told of; whatever is not listed is about how to do it.
PLACES: Mapping[str, str] = {
    "web:home": "waiting",
    "web:pile": "waiting",
    "web:notices": "until",
    "web:deadlines": "until",
    "web:notice": "until",
    "web:refused": "trouble",
    "web:display": "account",
    "web:account:home": "account",
    "web:account:tokens": "account",
    "web:account:revoke-token": "account",
    "web:account:notices": "account",
}
OURS = "web:"


def help_for(role: str | None, page: str) -> str:
    """Return the address of what the handbook says about a page; sign-in and second factor belong to the account."""
    if role is None:
        return reverse("web:help")
    place = PLACES.get(page, "doing" if page.startswith(OURS) else "account")
    return f"{reverse('web:handbook', args=[book_of(role)])}#{place}"


def book_of(role: str) -> str:
    """Return the handbook of a role."""
    return BOOKS.get(Role(role), "administrator")


@for_everybody
def show_help(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """List the handbooks, the reader's own first, and tell where to ask."""
    own = book_of(actor.role) if actor else ""
    books = sorted(TITLES, key=lambda book: book != own)
    links = [Link(TITLES[book], reverse("web:handbook", args=[book]), is_here=book == own) for book in books]
    return render(request, "web/help.html", {"books": links})


@for_everybody
def handbook(request: HttpRequest, book: str, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Show one handbook."""
    if book not in TITLES:
        raise Http404
    language = "en" if get_language() == "en" else "zh-Hans"
    page = {
        "title": TITLES[book],
        "book": f"handbook/{language}/{book}.html",
        "crumbs": [Link(_("Help"), reverse("web:help")), Link(TITLES[book], "")],
    }
    return render(request, "web/handbook.html", page)
