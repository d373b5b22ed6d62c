"""The pages for what went wrong: they read nothing from the database, for it may be what is away."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from common.request_id import request_id_of

WORDS: dict[int, tuple[Sentence, Sentence]] = {
    HTTPStatus.BAD_REQUEST: (
        _("This request could not be understood"),
        _("Go back, load the page again and send it once more."),
    ),
    HTTPStatus.FORBIDDEN: (
        _("This page is for another office or role"),
        _("Look at the top of the page whom you act as, and switch if you have several roles."),
    ),
    HTTPStatus.NOT_FOUND: (
        _("There is no such page"),
        _("The address is incomplete, or what it shows is not in your charge."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        _("Something went wrong on our side"),
        _("What you had saved is kept. Please try again shortly; if it stays so, tell the operator the number below."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        _("The system is busy for a moment"),
        _("What you had saved is kept. Please load the page again in a minute."),
    ),
}
CSRF = (
    _("This page has been open for too long"),
    _("For your safety it was not sent. Go back, load the page again and send it once more."),
)


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page of a status."""
    return _page(request, status, WORDS[status])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without the token of this session (``CSRF_FAILURE_VIEW``)."""
    return _page(request, HTTPStatus.FORBIDDEN, CSRF)


def _page(request: HttpRequest, status: int, words: tuple[Sentence, Sentence]) -> HttpResponse:
    title, advice = words
    request.is_bare = True  # type: ignore[attr-defined]  # Django's request has no room for it
    page = {"title": title, "advice": advice, "number": request_id_of(request) if status >= 500 else ""}
    return render(request, "web/error.html", page, status=status)
