"""Pages of a list, in the address: ``?page=3`` beside whatever the list is narrowed by."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 50


def page_of_rows(request: HttpRequest, rows: Any, *, size: int = ROWS) -> Page[Any]:
    """Return the asked-for page of ``rows``, the first or last one for a number that does not exist."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
