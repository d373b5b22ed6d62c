"""In which language a page speaks: the one chosen in this browser, else the person's own, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class ReadersLanguageMiddleware:
    """Speak the language in which whoever is signed in wants to be addressed, on sign-in and error pages too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and request.user.is_authenticated:
            translation.activate(request.user.language)
            cast("Any", request).LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
