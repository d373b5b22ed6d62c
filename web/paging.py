"""Pages of a list, in the address: ``?page=3`` beside whatever the list is narrowed by."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 25


def page_of_rows(request: HttpRequest, rows: Any, *, size: int = ROWS) -> Page[Any]:
    """Return the asked-for page of ``rows``, the first or last one for a number that does not exist.

    Where there are several pages, the keys of one are sought first and its rows read by them: what a page does not show
    is neither joined nor sorted with its forms and texts.
    """
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    if isinstance(rows, QuerySet) and page.paginator.num_pages > 1:
        keys = list(page.object_list.values_list("pk", flat=True))  # type: ignore[attr-defined]  # a slice of rows
        found = {row.pk: row for row in rows.filter(pk__in=keys)}
        page.object_list = [found[key] for key in keys if key in found]
    return page
