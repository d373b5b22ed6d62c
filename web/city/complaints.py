"""Importing the city's figures of complaints: tried first, with a verdict for every line, then written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Refusal, Sentence
from nominations.errors import InvalidInput
from nominations.models import Campaign
from nominations.operations.complaints import ComplaintImport, import_complaints
from web.acting import for_members
from web.city.campaigns import campaign_named
from web.kit import Field, Link, Problem, problems_of, with_errors
from web.looks import BAD, PASS, PLAIN, tag
from web.refused import status_of

FILE = Field(
    "file",
    _("List of the whole city (XLSX or CSV)"),
    "file",
    required=True,
    accept=".xlsx,.csv",
    hint=_("Columns: 小区名称, 户数, 投诉件数; 所在县区 where names repeat. The new list replaces the former one."),
)
OUTCOMES: Mapping[str, tuple[str, Sentence]] = {
    "matched": (PASS, _("Known community")),
    "not_registered": (PLAIN, _("Counts, not registered here")),
    "refused": (BAD, _("Cannot be taken")),
}
MOST_SHOWN = 300
HEAD = ("小区名称", "户数", "投诉件数", "所在县区")
TRIED = "tried.csv"
MOST_BYTES = 1_500_000  # what a form may bring along, with room to spare


@for_members
def show(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Take a list, try it, and write it only when every line can be taken and it was asked for."""
    campaign = campaign_named(campaign_id, actor)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        found = _imported(request, campaign)
    except DomainError as error:
        return _page(request, campaign, problems_of(error), status=status_of(error))
    if found.written:
        return redirect(f"{reverse('web:city:complaints', args=[campaign.pk])}?written={len(found.verdicts)}")
    return _page(request, campaign, found=found, status=422 if found.refused else 200)


def _imported(request: HttpRequest, campaign: Campaign) -> ComplaintImport:
    """Try a file, or write the lines of one that was tried: they come back as text and are judged again."""
    if tried := request.POST.get("tried", ""):
        return import_complaints(campaign_id=campaign.pk, content=tried.encode(), name=TRIED, dry_run=False)
    upload = request.FILES.get("file")
    if upload is None:
        raise InvalidInput(refusals=[Refusal("required", _("Choose a file."), fix="file")])
    return import_complaints(campaign_id=campaign.pk, content=upload.read(), name=upload.name or "")


def _lines_of(found: ComplaintImport) -> str:
    """Return the figures that were tried as a list of their own, empty where it would be too long for a form."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(HEAD)
    figures = [verdict.figure for verdict in found.verdicts if verdict.figure]
    lines.writerows((one.community, one.households, one.complaints, one.district) for one in figures)
    written = text.getvalue()
    return written if len(written.encode()) <= MOST_BYTES else ""


def _page(
    request: HttpRequest,
    campaign: Campaign,
    problems: Sequence[Problem] = (),
    *,
    found: ComplaintImport | None = None,
    status: int = 200,
) -> HttpResponse:
    settings = f"{reverse('web:city:settings')}?campaign={campaign.pk}"
    page: dict[str, Any] = {
        "campaign": campaign,
        "field": with_errors([FILE], problems)[0],
        "problems": problems,
        "figures": campaign.complaint_figures.count(),
        "written": request.GET.get("written", "") if request.GET.get("written", "").isdecimal() else "",
        "crumbs": [Link(_("Campaign settings"), settings), Link(_("Import complaint figures"), "")],
        "back": settings,
    }
    return render(request, "city/complaints.html", page | (_told(found) if found else {}), status=status)


def _told(found: ComplaintImport) -> dict[str, Any]:
    """Return the verdicts, those that stand in the way first, and as many as a reader can take in."""
    verdicts = sorted(found.verdicts, key=lambda verdict: (verdict.outcome != "refused", verdict.line))
    return {
        "found": found,
        "tried": "" if found.refused else _lines_of(found),
        "lines": len(found.verdicts),
        "counts": [(tag(*OUTCOMES[name]), count) for name, count in Counter(v.outcome for v in verdicts).items()],
        "verdicts": [(one, tag(*OUTCOMES[one.outcome])) for one in verdicts[:MOST_SHOWN]],
        "more": max(0, len(verdicts) - MOST_SHOWN),
        "limit": f"{float(found.limit) * 100:.4f}" if found.limit is not None else "",
    }
