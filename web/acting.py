"""As whom the reader of a page acts, and whether this page is for them: read afresh at each request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.actors import Actor
from accounts.queries import actor_for_session
from accounts.second_factor import lacks_second_factor
from common.errors import DomainError
from nominations.errors import NotAllowed
from web import access
from web.refused import refused
from workflow.errors import NotFound, WrongRole

ACTING = "acting"
Page = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest, *, at: datetime) -> Actor | None:
    """Return the capacity chosen in the session, or the person's first, in one query; ``None`` for a stranger."""
    known: Any = request
    if not request.user.is_authenticated:
        return None
    if not hasattr(known, "acting_as"):
        known.acting_as = actor_for_session(request.user.pk, request.session.get(ACTING), at=at)
    return cast("Actor | None", known.acting_as)


def for_members(page: Page) -> Page:
    """Give the page ``actor`` and ``at`` if the table of access lets the role in; strangers go to the sign-in.

    What the domain refuses and the page does not answer itself becomes a page that tells every reason.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        name = access.page_of(request)
        if request.method not in access.methods_for(name):
            return HttpResponseNotAllowed(access.methods_for(name))
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor = actor_of(request, at=at)
        if actor is None:
            raise PermissionDenied
        if lacks_second_factor(request, request.user, actor.role):
            return redirect("mfa_activate_totp")
        if not access.allows(name, request.method or "", actor.role):
            raise PermissionDenied
        return _answered(request, lambda: page(request, *args, actor=actor, at=at, **kwargs))

    return never_cache(guarded)


def for_everybody(page: Page) -> Page:
    """Give the page ``actor``, ``None`` for a stranger, and ``at``; the table of access names its methods."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name = access.page_of(request)
        if request.method not in access.methods_for(name):
            return HttpResponseNotAllowed(access.methods_for(name))
        at = timezone.now()
        return page(request, *args, actor=actor_of(request, at=at), at=at, **kwargs)

    return never_cache(guarded)


def _answered(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the page, or what the domain's refusal comes to."""
    try:
        return answer()
    except NotFound as error:
        raise Http404 from error
    except (NotAllowed, WrongRole) as error:
        raise PermissionDenied from error
    except DomainError as error:
        return refused(request, error)
