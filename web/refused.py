"""The page that tells why something was not done: every reason, and the way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import DomainError
from web.kit import reasons_of
from workflow.errors import Busy, StaleVersion

CONFLICT, UNPROCESSABLE, UNAVAILABLE = 409, 422, 503


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer an error of the domain that no field of the page is to blame for."""
    page = {"sentence": error.sentence(), "reasons": reasons_of(error.refusals), "back": way_back(request)}
    return render(request, "web/refused.html", page, status=status_of(error))


def status_of(error: DomainError) -> int:
    """Return 409 for what has changed meanwhile, 503 for what is busy, 422 for all else."""
    if isinstance(error, StaleVersion):
        return CONFLICT
    return UNAVAILABLE if isinstance(error, Busy) else UNPROCESSABLE


def way_back(request: HttpRequest) -> str:
    """Return the page from which the reader came, if it is one of ours, else the first page."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if is_ours else "/"
