"""Whether a title is what it seems: anybody asks by the number on the certificate, nobody is named (row S-16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from common.instants import local_date
from nominations.enums import TitleStanding
from nominations.queries.title import LONGEST_NUMBER, PublicTitle, public_title
from web.acting import for_everybody
from web.dates import spell_date, spell_period
from web.kit import Fact, Tag
from web.looks import BAD, PASS, PLAIN, tag

LOOKS = {TitleStanding.VALID: PASS, TitleStanding.EXPIRED: PLAIN, TitleStanding.REVOKED: BAD}


@for_everybody
def verify(request: HttpRequest, code: str = "", *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Say what is on record about a number; a number that was typed gets an address of its own, to be kept or sent."""
    typed = request.GET.get("number", "").strip()
    if typed and "/" not in typed and len(typed) <= LONGEST_NUMBER and typed.isprintable():
        return redirect("web:public:verification", code=typed)
    asked = code or typed
    found = public_title(asked, today=local_date(at))
    page: dict[str, Any] = {"number": asked, "titles": [_shown(one) for one in found], "at": at}
    return render(request, "public/verify.html", page)


def _shown(title: PublicTitle) -> tuple[PublicTitle, Tag, list[Fact]]:
    facts = [
        Fact(_("Number"), title.number, ""),
        Fact(pgettext("award", "Title"), f"{title.award}（{title.year}）"),
        Fact(_("Property service company"), title.company),
        Fact(_("District bureau"), title.district),
        Fact(_("Number of the document"), title.document),
        Fact(pgettext("title", "Held"), spell_period(title.title_from, title.title_until), ""),
    ]
    if title.revoked_on:
        facts += [
            Fact(_("Revoked on"), spell_date(title.revoked_on), ""),
            Fact(_("Document of the revocation"), title.revocation_document),
        ]
    return title, tag(LOOKS[title.standing], title.standing.label), facts
