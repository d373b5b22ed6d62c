"""As whom the reader of a page acts: read afresh at each request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.actors import Actor
from accounts.queries import actor_for_session
from accounts.second_factor import lacks_second_factor

ACTING = "acting"
Page = Callable[..., HttpResponse]


def actor_of(request: HttpRequest, *, at: datetime) -> Actor | None:
    """Return the capacity chosen in the session, or the person's first; ``None`` for a stranger."""
    if not request.user.is_authenticated:
        return None
    return actor_for_session(request.user.pk, request.session.get(ACTING), at=at)


def for_members(page: Page) -> Page:
    """Give the page ``actor`` and ``at``; send strangers to the sign-in, and refuse people without any capacity."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.now()
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor = actor_of(request, at=at)
        if actor is None:
            raise PermissionDenied
        if lacks_second_factor(request, request.user, actor):
            return redirect("mfa_activate_totp")
        return page(request, *args, actor=actor, at=at, **kwargs)

    return guarded


def frame(request: HttpRequest) -> dict[str, Any]:
    """Tell the page frame whether this is the demonstration (context processor)."""
    return {"demo": settings.DEMO}
