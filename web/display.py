"""How a reader wants to read: large text, contrast, language; kept for the person, in a cookie for a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actors import Actor
from accounts.operations import choose_display, choose_language
from web.acting import ACTING, for_everybody, for_members

COOKIE = "jy_display"
YEAR_SECONDS = 365 * 24 * 3600
LARGE, CONTRAST = "large", "contrast"


@dataclass(frozen=True, slots=True)
class Display:
    """The reader's two switches, as attributes of ``<html>``."""

    large_text: bool = False
    high_contrast: bool = False

    @property
    def cookie(self) -> str:
        """Return the switches as they are kept in a browser."""
        return ".".join(name for name, is_on in ((LARGE, self.large_text), (CONTRAST, self.high_contrast)) if is_on)


def is_bare(request: HttpRequest) -> bool:
    """Tell whether the page must do without the database: it tells of a fault, or no session was opened yet."""
    return getattr(request, "is_bare", False) or not hasattr(request, "user")


def display_of(request: HttpRequest) -> Display:
    """Return the person's own choice, or that of this browser."""
    if not is_bare(request) and request.user.is_authenticated:
        return Display(request.user.large_text, request.user.high_contrast)
    chosen = request.COOKIES.get(COOKIE, "").split(".")
    return Display(LARGE in chosen, CONTRAST in chosen)


@for_everybody
def display(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Show the two switches, and keep what was chosen."""
    if request.method != "POST":
        return render(request, "web/display.html", {"next": _next(request)})
    chosen = Display("large_text" in request.POST, "high_contrast" in request.POST)
    if request.user.is_authenticated:
        choose_display(user_id=request.user.pk, large_text=chosen.large_text, high_contrast=chosen.high_contrast)
    answer = redirect(_next(request))
    _keep(answer, COOKIE, chosen.cookie)
    return answer


@for_everybody
def language(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Switch the language of the pages, and of the mails of whoever is signed in."""
    wanted = request.POST.get("language", "")
    answer = redirect(_next(request))
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, wanted)
        if request.user.is_authenticated:
            choose_language(user_id=request.user.pk, language=wanted)
    return answer


@for_members
def acting(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Act in another of one's own capacities from now on."""
    chosen = request.POST.get("membership", "")
    if chosen.isdecimal() and len(chosen) <= 18:
        request.session[ACTING] = int(chosen)
    return redirect("web:home")


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True)


def _next(request: HttpRequest) -> str:
    """Return where to go on: a page of ours, else the first one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else "/"  # the name of a page is no address
