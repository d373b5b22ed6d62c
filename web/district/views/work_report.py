"""The district's work report: three sections that save by themselves, files, and its way to the city (row S-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actors import Actor
from attachments import queries as attachments
from attachments.downloads import respond
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import WorkReportState
from nominations.models import WorkReport
from nominations.operations import work_report as verbs
from nominations.rules.reporting import WORK_REPORT_SECTIONS
from web.acting import for_members
from web.district.campaigns import beside, papers_of
from web.district.views.papers import Paper, actions_of, ask
from web.kit import Field, Link, Problem, problems_of, with_errors
from web.refused import status_of
from web.versions import version_in
from web.way import turn_with
from workflow import calendar, engine
from workflow.errors import NotFound, StaleVersion
from workflow.models import Event

TITLE = gettext_lazy("Work report")
PURPOSES: Mapping[str, Sentence] = {
    "case": gettext_lazy("Typical case"),
    "photo": gettext_lazy("Photo"),
    "figures": pgettext_lazy("purpose", "Figures"),
    "publicity": pgettext_lazy("purpose", "Publicity"),
    "other": pgettext_lazy("purpose", "Other"),
}
HINTS: Mapping[str, Sentence] = {
    "practice_and_results": gettext_lazy("How the activity was organized, what was done, what came of it, in figures."),
    "problems": gettext_lazy("What stood in the way, and why."),
    "suggestions": gettext_lazy("What the city or the province should do."),
}


@for_members
def newest(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead to the work report of the newest campaign."""
    found = papers_of(WorkReport, actor).first()
    if found is None:
        return render(request, "district/no_paper.html", {"title": TITLE})
    return redirect("web:district:work-report", found.pk)


@for_members
def work_report(request: HttpRequest, work_report_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the report, and save what was written of it; a page that saves by itself is told so in one line."""
    found = engine.find(WorkReport, work_report_id, actor=actor)
    if request.method != "POST":
        return _page(request, found, actor, at)
    sections = {name: request.POST[name] for name in WORK_REPORT_SECTIONS if name in request.POST}
    try:
        saved = verbs.save_sections(
            report_id=work_report_id, sections=sections, actor=actor, at=at, version=version_in(request)
        )
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return _refused(request, found, error, sections, actor=actor, at=at)
    if request.htmx:  # type: ignore[attr-defined]  # set by the middleware
        return render(request, "district/work_report_saved.html", {"version": saved.version, "at": at})
    return redirect("web:district:work-report", work_report_id)


@for_members
def attach(request: HttpRequest, work_report_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive a file of the report, or set one aside."""
    found = engine.find(WorkReport, work_report_id, actor=actor)
    upload, gone = request.FILES.get("file"), request.POST.get("remove", "")
    known = {str(one.pk): one.pk for one in attachments.of(WorkReport.flow, found.pk)}
    try:
        if gone:
            if gone not in known:
                raise NotFound
            verbs.detach(report_id=found.pk, attachment_id=known[gone], actor=actor, at=at)
        elif upload is not None:
            purpose, label = request.POST.get("purpose", ""), request.POST.get("label", "").replace("\x00", "")[:200]
            verbs.attach(report_id=found.pk, purpose=purpose, label=label, upload=upload, actor=actor, at=at)
        else:
            return _page(request, found, actor, at, [Problem(_("Choose a file."), "f-w-file")], status=422)
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return _page(request, found, actor, at, problems_of(error, prefix="f-w-"), status=status_of(error))
    return redirect(reverse("web:district:work-report", args=[work_report_id]) + "#files")


@for_members
def move(request: HttpRequest, work_report_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask about a move of the report, and make it."""
    return ask(request, _paper(engine.find(WorkReport, work_report_id, actor=actor)), move, actor=actor, at=at)


@for_members
def printed(request: HttpRequest, work_report_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the report as a paper."""
    found = engine.find(WorkReport, work_report_id, actor=actor)
    sections = [(title, getattr(found, name)) for name, title in WORK_REPORT_SECTIONS.items()]
    return render(request, "district/work_report_print.html", {"report": found, "sections": sections, "at": at})


@for_members
def hand_out(
    request: HttpRequest, work_report_id: UUID, attachment_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Hand a file of the report out, to be saved."""
    found = engine.find(WorkReport, work_report_id, actor=actor)
    chosen = attachments.of(WorkReport.flow, found.pk).filter(pk=attachment_id).first()
    if chosen is None:
        raise NotFound
    answer: Any = respond(chosen)
    return answer  # type: ignore[no-any-return]  # a streaming answer, which the stubs tell apart


def _refused(
    request: HttpRequest, found: Any, error: DomainError, sections: Mapping[str, str], *, actor: Actor, at: datetime
) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # set by the middleware
        page = {"problems": problems_of(error), "is_stale": isinstance(error, StaleVersion), "at": at}
        return render(request, "district/work_report_saved.html", page | {"version": request.POST.get("version", "")})
    stored = found if isinstance(error, StaleVersion) else None
    return _page(request, found, actor, at, problems_of(error), status=status_of(error), typed=sections, stored=stored)


def _page(
    request: HttpRequest,
    found: Any,
    actor: Actor,
    at: datetime,
    problems: list[Problem] | None = None,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    stored: Any = None,
) -> HttpResponse:
    is_editable = found.state in verbs.EDITABLE
    urls = {"submit": reverse("web:district:work-report-move", args=[found.pk, "submit"])}
    page = {
        "report": found,
        "fields": with_errors(_fields(found, typed or {}, is_editable), problems or []),
        "stored": [(WORK_REPORT_SECTIONS[name], getattr(stored, name)) for name in WORK_REPORT_SECTIONS]
        if stored
        else [],
        "is_editable": is_editable,
        "files": list(attachments.of(WorkReport.flow, found.pk)),
        "purposes": PURPOSES,
        "upload": _upload(found.pk),
        "returned": _return_of(found),
        "turn": turn_with(found, at=at, calendar=calendar.load()),
        "actions": actions_of(_paper(found), urls, actor=actor, at=at),
        "problems": problems or [],
        "campaigns": beside(found, actor, "web:district:work-report"),
        "at": at,
    }
    return render(request, "district/work_report.html", page, status=status)


def _fields(found: Any, typed: Mapping[str, str], is_editable: bool) -> list[Field]:
    remarks = found.remarks if isinstance(found.remarks, dict) else {}
    return [
        Field(
            name,
            title,
            "textarea",
            typed.get(name, getattr(found, name)),
            HINTS[name],
            required=True,
            readonly=not is_editable,
            rows=10,
            longest=verbs.LONGEST_SECTION,
            remarks=[remarks[name]] if remarks.get(name) else [],
        )
        for name, title in WORK_REPORT_SECTIONS.items()
    ]


def _paper(found: Any) -> Paper:
    url = reverse("web:district:work-report", args=[found.pk])
    places = {name: f"{url}#f-{name}" for name in WORK_REPORT_SECTIONS} | {"attachments": f"{url}#files"}
    return Paper(found, TITLE, url, (Link(TITLE, url),), places)


def _return_of(found: Any) -> Event | None:
    if found.state != WorkReportState.RETURNED:
        return None
    events = Event.objects.filter(flow=found.flow, subject_id=found.pk, to_state=WorkReportState.RETURNED)
    return events.order_by("-sequence").first()


def _upload(report_id: UUID) -> dict[str, Any]:
    fields = [
        Field("purpose", _("What it is"), "select", "case", choices=list(PURPOSES.items()), required=True, width="m"),
        Field("label", _("What it shows"), longest=200),
        Field("file", _("File"), "file", hint=_("PDF, DOCX, XLSX or photograph, at most 20 MB."), required=True),
    ]
    return {
        "url": reverse("web:district:work-report-files", args=[report_id]),
        "fields": [replace(field, prefix="w-") for field in fields],
        "button": _("Upload"),
        "look": "",
        "hidden": [],
    }
