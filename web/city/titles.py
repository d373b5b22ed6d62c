"""The register of titles: what was given to which community, until when, and what was taken back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.instants import local_date
from nominations.enums import TitleStanding
from nominations.queries.title import in_standing, titles_for
from web.acting import for_members
from web.kit import Link
from web.looks import BAD, PASS, PLAIN, tag
from web.paging import page_of_rows

LOOKS = {TitleStanding.VALID: PASS, TitleStanding.EXPIRED: PLAIN, TitleStanding.REVOKED: BAD}


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the titles in sight, the latest first; narrowed in the address to those that stand, are over or revoked."""
    today, wanted = local_date(at), request.GET.get("standing", "")
    titles = titles_for(actor).order_by("-title_from", "number", "pk")
    if wanted in TitleStanding.values:
        titles = in_standing(titles, TitleStanding(wanted), today)
    page = page_of_rows(request, titles)
    chips = [Link(_("All"), "?", is_here=wanted not in TitleStanding.values)]
    chips += [Link(one.label, f"?standing={one.value}", is_here=one == wanted) for one in TitleStanding]
    rows = [(title, _look(title.title_standing(today))) for title in page.object_list]
    return render(request, "city/titles.html", {"page": page, "rows": rows, "chips": chips})


def _look(standing: TitleStanding) -> object:
    return tag(LOOKS[standing], standing.label)
