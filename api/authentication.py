"""Who asks: a token for programs, the session cookie for the pages; either way an actor, read afresh each time."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.actors import Actor
from accounts.models import User
from accounts.queries import actor_for_session, actor_for_token
from accounts.second_factor import lacks_second_factor
from api import throttles
from api.clock import instant_of
from common.errors import DomainError

SCHEME = "Token"
SECRET = re.compile(r"jy_[A-Za-z0-9_-]{20,80}")
CHOICE_IN_SESSION = "acting"
CHOICE_HEADER = "X-Acting-As"


class NoCapacity(DomainError):
    """The person is known but holds no role at present."""

    code = "no_capacity"
    status = 403
    message = _("You hold no role at present. Ask the security administrator of your office.")


class NotYourCapacity(DomainError):
    """The membership that the request wants to act in is not the person's, or no longer."""

    code = "not_your_capacity"
    status = 403
    message = _("You do not hold the role that you want to act in, or no longer.")


class ForgeryProtection(DomainError):
    """The request came with a session but without the page's token against forgery."""

    code = "csrf_failed"
    status = 403
    message = _("The page's protection mark is missing or out of date. Load the page again.")


class SecondFactorRequired(DomainError):
    """The role may only be used after sign-in with a second factor."""

    code = "second_factor_required"
    status = 403
    message = _("Your role needs a second factor. Sign in again with your one-time code.")


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token …``: one query tells who holds it, in which role, for which office."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """Return the token's person and actor, ``None`` without one; raises 401, and 429 after too many."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        address, at = BaseThrottle().get_ident(request), instant_of(request._request)
        throttles.require_patience(address, secret, at=at)
        actor = actor_for_token(secret, at=at) if SECRET.fullmatch(secret) else None
        if actor is None:
            throttles.note_failure(address, secret, at=at)
            raise exceptions.AuthenticationFailed
        throttles.note_success(secret)
        return User(pk=actor.user_id, name=actor.name), actor

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return f'{SCHEME} realm="jiayuan"'


class SessionAuthentication(BaseAuthentication):
    """The session of the pages; which of several roles is meant says ``X-Acting-As`` or the session itself."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """Return the person and the actor, ``None`` when nobody is signed in; raises 403 for what is missing."""
        user = getattr(request._request, "user", None)
        if user is None or not user.is_active:
            return None
        _require_csrf_token(request)
        actor = _chosen_capacity(request, user.pk)
        if lacks_second_factor(request._request, user, actor.role):
            raise SecondFactorRequired
        return user, actor


def _require_csrf_token(request: Request) -> None:
    check: Any = CSRFCheck(lambda _request: None)  # type: ignore[arg-type]  # only its checks are used
    check.process_request(request._request)
    if check.process_view(request._request, None, (), {}):
        raise ForgeryProtection


def _chosen_capacity(request: Request, user_id: int) -> Actor:
    header = request.headers.get(CHOICE_HEADER, "")
    wanted = _number(header) if header else request.session.get(CHOICE_IN_SESSION)
    actor = actor_for_session(user_id, wanted, at=instant_of(request._request))
    if header and (actor is None or actor.membership_id != wanted):
        raise NotYourCapacity(attr=CHOICE_HEADER)
    if actor is None:
        raise NoCapacity
    return actor


def _number(header: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", header):
        raise NotYourCapacity(attr=CHOICE_HEADER)
    return int(header)
