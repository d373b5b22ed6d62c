"""A list to take along: one table, printed when its address is read, saved as a workbook when it is posted to.

What is saved leaves the product, so it is written down first, where the auditor reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from accounts.actors import Actor
from accounts.operations import record_export
from common.instants import local_date
from common.refusals import Sentence
from common.request_id import request_id_of
from web.dates import spell_date, spell_instant
from web.export import xlsx

MOST_ROWS = 10_000
CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it leaves the page: what it is, what it is about, its rows as plain values, and their sums if any."""

    subject: str  # the code under which the log of exports knows it
    title: Sentence
    about: str
    head: Sequence[Sentence]
    rows: Iterable[Sequence[Any]]
    back: str
    sums: Sequence[Any] = ()


def hand_out(request: HttpRequest, table: Table, *, actor: Actor, at: datetime) -> HttpResponse:
    """Return the printed view of the table, or the workbook where that was asked for by ``POST``."""
    rows = list(table.rows)[:MOST_ROWS]
    if request.method == "POST":
        note_export(request, table.subject, rows=len(rows), actor=actor, at=at)
        name = "-".join(filter(None, (table.about, str(table.title), f"{local_date(at):%Y%m%d}")))
        return xlsx(name, table.head, [*rows, table.sums] if table.sums else rows)
    printed = [[_printed(value) for value in row] for row in rows]
    page = {"table": table, "rows": printed, "sums": map(_printed, table.sums), "at": at}
    return render(request, "kit/table_print.html", page)


def note_export(request: HttpRequest, subject: str, *, rows: int, actor: Actor, at: datetime) -> None:
    """Write down that a list is about to leave the product, with what it was narrowed to."""
    about = request.GET.urlencode()
    record_export(actor=actor, at=at, subject=subject, rows=rows, about=about, request_id=request_id_of(request))


def _printed(value: Any) -> tuple[str, bool]:
    """Return a value as it stands on paper, and whether it is Chinese on a page that is not."""
    if isinstance(value, datetime):
        value = spell_instant(value)
    elif isinstance(value, date):
        value = spell_date(value)
    text = "" if value is None else str(value)
    return text, translation.get_language() == "en" and bool(CHINESE.search(text))
