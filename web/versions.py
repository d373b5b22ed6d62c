"""The version of an object that a form was shown with; a form from elsewhere has none."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 9


def version_in(request: HttpRequest) -> int | None:
    """Return the version that was sent along, ``None`` when there is none."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= LONGEST else None
