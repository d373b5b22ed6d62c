"""The report to the province: completeness, letter, signature, sealed copy, sending, and the results that come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments.downloads import respond
from attachments.models import Attachment
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import ProvincialReportState
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import ProvincialReport
from nominations.operations import reporting
from nominations.queries.dossier import TITLES, completeness_of
from nominations.rules.letter import drafted_letter
from web.acting import for_members
from web.city.campaigns import chosen, chosen_by
from web.city.papers import log_of
from web.city.words import consequences_of, look_of
from web.dates import due
from web.kit import Action, Fact, Field, Link, Problem, action_of, problems_of, with_errors
from web.moving import Wish, confirm
from web.refused import status_of
from workflow import calendar, engine
from workflow.errors import NotFound, StaleVersion

NUMBER = Field(
    "document_number", _("Document number"), longest=80, width="m", hint=_("For instance 示城管〔2026〕12号.")
)
LETTER = Field("letter", _("Letter"), "textarea", required=True, rows=14)
LATER = _("It is drafted here once the selection is approved.")
DRAFTED = _("Drafted from the notice and the selection. Change it as your office writes; it is kept once you save.")
SCAN = Field("file", _("Scan of the sealed report"), "file", required=True, accept="application/pdf,image/*")


@for_members
def current(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead to the report of the campaign."""
    shown = chosen(request, actor)
    report = ProvincialReport.objects.visible_to(actor).filter(campaign=shown.campaign).first()
    if report is None:
        raise NotFound
    return redirect("web:city:report", report.pk)


@for_members
def show(request: HttpRequest, report_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the report; the reviewer writes the letter here and uploads the sealed copy of the signed text."""
    report = engine.find(ProvincialReport, report_id, actor=actor)
    if request.method != "POST":
        return _page(request, report, actor, at)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    try:
        _write(request, report, actor, at)
    except (NotAllowed, NotFound, StaleVersion):
        raise
    except DomainError as error:
        return _page(request, report, actor, at, problems_of(error), status=status_of(error))
    return redirect("web:city:report", report.pk)


@for_members
def move(request: HttpRequest, report_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Sign, amend or send the report."""
    report = engine.find(ProvincialReport, report_id, actor=actor)
    wish = Wish(
        report,
        move,
        report.campaign.title,
        reverse("web:city:report", args=[report.pk]),
        consequences_of(ProvincialReport.flow, move),
        look=look_of(ProvincialReport.flow, move),
        crumbs=tuple(_crumbs(report)),
    )
    return confirm(request, wish, actor=actor, at=at)


@for_members
def file(request: HttpRequest, report_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> HttpResponseBase:
    """Hand out the sealed copy."""
    report = engine.find(ProvincialReport, report_id, actor=actor)
    files = Attachment.objects.present().filter(subject_kind=report.flow, subject_id=report.pk)
    found = files.filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return respond(found)


def _write(request: HttpRequest, report: Any, actor: Actor, at: datetime) -> None:
    if "file" in request.FILES or "content_digest" in request.POST:
        upload = request.FILES.get("file")
        if upload is None:
            raise InvalidInput(refusals=[Refusal("required", _("Choose a file."), fix="file")])
        digest = request.POST.get("content_digest", "")
        reporting.attach_sealed_copy(report_id=report.pk, upload=upload, content_digest=digest, actor=actor, at=at)
        return
    text = request.POST.get("version", "")
    is_plain = request.POST.get("then") == "keep"
    write = reporting.save_letter if is_plain else reporting.prepare_report
    write(
        report_id=report.pk,
        letter=request.POST.get("letter", ""),
        document_number=request.POST.get("document_number", ""),
        actor=actor,
        at=at,
        version=int(text) if text.isdecimal() and len(text) < 10 else None,
    )
    messages.success(request, _("Saved.") if is_plain else _("Saved and put before the approver."))


def _page(
    request: HttpRequest,
    report: Any,
    actor: Actor,
    at: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    is_author = actor.role == Role.CITY_REVIEWER
    complete = completeness_of(report.pk, actor=actor)
    page = {
        "report": report,
        "crumbs": _crumbs(report),
        "chosen": chosen_by(report, actor, "web:city:report-current"),
        "due": due(report.campaign.report_closes_at, at=at, calendar=calendar.load()),
        "complete": complete,
        "titles": [title for _name, title in TITLES.items()],
        "fields": with_errors(_fields(request, report, len(complete.dossiers)), problems),
        "writes": is_author and report.state == ProvincialReportState.DRAFT,
        "seals": is_author and report.state == ProvincialReportState.APPROVED,
        "scan": with_errors([SCAN], problems)[0],
        "facts": _facts(report),
        "actions": _actions(report, actor, at),
        "problems": problems,
        "log": log_of(report, at),
    }
    return render(request, "city/report.html", page, status=status)


def _fields(request: HttpRequest, report: Any, communities: int) -> list[Field]:
    """Return the number and the letter: as sent, as kept, or drafted once somebody is selected."""
    number = request.POST.get("document_number", report.document_number)
    letter = request.POST.get("letter", report.letter)
    if not communities:
        return [replace(NUMBER, value=number), replace(LETTER, value=letter, hint=LATER)]
    if letter or request.method == "POST":
        return [replace(NUMBER, value=number), replace(LETTER, value=letter)]
    return [replace(NUMBER, value=number), replace(LETTER, value=_drafted(report.campaign, communities), hint=DRAFTED)]


def _drafted(campaign: Any, communities: int) -> str:
    province = campaign.city.parent
    return drafted_letter(
        province=province.name if province else "",
        basis=campaign.legal_basis,
        award=campaign.award,
        communities=communities,
        city=campaign.city.name,
        year=campaign.report_closes_at.year,
    )


def _facts(report: Any) -> list[Fact]:
    sealed = reverse("web:city:report-file", args=[report.pk, report.sealed_copy_id]) if report.sealed_copy_id else ""
    return [
        Fact(_("Document number"), report.document_number or _("None")),
        Fact(_("Sealed copy"), _("Download the scan") if sealed else _("None"), "", url=sealed),
        Fact(_("Digest of the text"), report.content_digest[:16] or _("None"), ""),
    ]


def _actions(report: Any, actor: Actor, at: datetime) -> list[Action]:
    [verdicts] = engine.available([report], actor=actor, at=at)
    return [
        action_of(
            verdict,
            reverse("web:city:report-move", args=[report.pk, verdict.transition.name]),
            look=look_of(ProvincialReport.flow, verdict.transition.name),
        )
        for verdict in verdicts
    ]


def _crumbs(report: Any) -> list[Link]:
    url = f"{reverse('web:city:overview')}?campaign={report.campaign_id}"
    return [Link(_("Overview of the city"), url), Link(_("Report to the province"), "")]
