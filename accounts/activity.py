"""When and from where a session was last used: written down once a minute, not with every page."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

PAUSE = 60.0
MOST = 10_000
FROM = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")


class SessionActivityMiddleware:
    """Note a session's activity as allauth's own middleware does, but leave out what was noted within a minute.

    Another place than the last is noted at once. Each process remembers for itself: among several, the place that is
    shown may be a minute old.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._noted: dict[str, tuple[bytes, float]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and note the session's activity first if it is time to."""
        key = request.session.session_key
        if key is not None and not self._is_noted(key, _place_of(request)) and request.user.is_authenticated:
            UserSession.objects.create_from_request(request)
            self._remember(key, _place_of(request))
        return self.get_response(request)

    def _is_noted(self, key: str, place: bytes) -> bool:
        known, until = self._noted.get(key, (b"", 0.0))
        return known == place and until > time.monotonic()

    def _remember(self, key: str, place: bytes) -> None:
        if len(self._noted) >= MOST:
            self._noted.clear()
        self._noted[key] = place, time.monotonic() + PAUSE


def _place_of(request: HttpRequest) -> bytes:
    return sha256("\n".join(request.META.get(name, "") for name in FROM).encode()).digest()
