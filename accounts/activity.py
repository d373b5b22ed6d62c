"""When and from where a session was last used: written down once a minute, not with every page."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponseBase

PAUSE = 60.0
MOST = 10_000
FROM = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")


class SessionActivityMiddleware(UserSessionsMiddleware):  # type: ignore[misc]  # allauth tells no types
    """Leave out what would write nothing new: the same session, from the same place, within a minute.

    What was noted is remembered by this process alone; another one notes it once more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._noted: dict[bytes, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and note the session's activity first if it is time to."""
        key = request.session.session_key
        answer: HttpResponseBase
        if key is None or self._was_noted(request, key):
            answer = self.get_response(request)
        else:
            answer = super().__call__(request)
        return answer

    def _was_noted(self, request: HttpRequest, key: str) -> bool:
        """Tell whether it was noted within the last minute, and remember that it is noted now if not."""
        now = time.monotonic()
        mark = sha256("\n".join([key, *(request.META.get(name, "") for name in FROM)]).encode()).digest()
        if self._noted.get(mark, 0.0) > now:
            return True
        if len(self._noted) >= MOST:
            self._noted.clear()
        self._noted[mark] = now + PAUSE
        return False
