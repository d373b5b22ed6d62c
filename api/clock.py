"""The clock is read once per request, here at the edge; everything below is told the instant."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone


def instant_of(request: HttpRequest) -> datetime:
    """Return when the request reached this layer; asking again gives the same instant."""
    known: datetime | None = getattr(request, "_instant", None)
    if known is None:
        known = timezone.now()
        request._instant = known  # type: ignore[attr-defined]  # Django's request has no room for it
    return known
