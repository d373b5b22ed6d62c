"""The register of titles: what was given to which community, until when, and what was taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from common.instants import local_date
from common.refusals import Sentence
from nominations.enums import TitleStanding
from nominations.queries.title import in_standing, titles_for
from web.acting import for_members
from web.kit import Link
from web.looks import BAD, PASS, PLAIN, tag
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out

HEAD: tuple[Sentence, ...] = (
    _("Number"),
    _("Community"),
    _("District bureau"),
    pgettext_lazy("award", "Title"),
    _("Number of the document"),
    _("State"),
    pgettext_lazy("title", "From"),
    pgettext_lazy("title", "Until"),
)
LOOKS = {TitleStanding.VALID: PASS, TitleStanding.EXPIRED: PLAIN, TitleStanding.REVOKED: BAD}


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the titles in sight, the latest first; narrowed in the address to those that stand, are over or revoked."""
    today, wanted = local_date(at), request.GET.get("standing", "")
    page = page_of_rows(request, _narrowed(request, actor, today))
    chips = [Link(_("All"), "?", is_here=wanted not in TitleStanding.values)]
    chips += [Link(one.label, f"?standing={one.value}", is_here=one == wanted) for one in TitleStanding]
    rows = [(title, _look(title.title_standing(today))) for title in page.object_list]
    return render(request, "city/titles.html", {"page": page, "rows": rows, "chips": chips})


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the register as it is narrowed, or hand it out as a workbook."""
    today = local_date(at)
    rows = [_cells(title, today) for title in _narrowed(request, actor, today)[:MOST_ROWS]]
    back = f"{reverse('web:city:titles')}?{request.GET.urlencode()}"
    return hand_out(request, Table("titles", _("Register of titles"), "", HEAD, rows, back), actor=actor, at=at)


def _narrowed(request: HttpRequest, actor: Actor, today: date) -> Any:
    wanted = request.GET.get("standing", "")
    titles = titles_for(actor).order_by("-title_from", "number", "pk")
    return in_standing(titles, TitleStanding(wanted), today) if wanted in TitleStanding.values else titles


def _cells(title: Any, today: date) -> list[Any]:
    return [
        title.number,
        title.community.name,
        title.district.name,
        title.campaign.award,
        title.result_document,
        str(title.title_standing(today).label),
        title.title_from,
        title.title_until,
    ]


def _look(standing: TitleStanding) -> object:
    return tag(LOOKS[standing], standing.label)
