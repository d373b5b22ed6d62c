"""What the districts send: the summary (form 4) and the work report, received or returned by the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from accounts.models import Organization
from attachments.downloads import respond
from attachments.models import Attachment
from attachments.queries import by_subject
from attachments.queries import of as attached_to
from common.refusals import Sentence
from nominations.enums import SummaryState, WorkReportState
from nominations.models import Campaign, RecommendationSummary, WorkReport
from nominations.queries.recommendation import ROW
from nominations.rules.narrative import COLUMNS, FORM_4
from nominations.rules.reporting import LONGEST_REMARK, REMARKS, WORK_REPORT_SECTIONS
from web import looks
from web.acting import for_members
from web.city.campaigns import chosen
from web.city.words import consequences_of, look_of
from web.dates import spell_time
from web.kit import Action, Fact, Field, Link, Step, Tag, action_of
from web.looks import state_tag
from web.moving import Wish, confirm
from web.paging import page_of_rows
from web.tables import Table, hand_out
from web.timeline import told
from web.way import turn_with
from workflow import calendar, engine
from workflow.errors import NotFound

HEAD: tuple[Sentence, ...] = (
    _("District bureau"),
    _("Summary (form 4)"),
    pgettext_lazy("column", "Submitted"),
    _("Work report"),
    pgettext_lazy("column", "Submitted"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One district with its two papers."""

    district: Organization
    summary: Any = None
    work_report: Any = None

    @property
    def waits(self) -> bool:
        """Tell whether one of the papers waits for the city."""
        return self._state(self.summary) == SummaryState.SUBMITTED or self._state(self.work_report) == (
            WorkReportState.SUBMITTED
        )

    def _state(self, paper: Any) -> str:
        return str(paper.state) if paper else ""


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List every district's two papers; those that wait for the city first."""
    shown = chosen(request, actor)
    lines = _lines(shown.campaign, actor)
    page = {"chosen": shown, "lines": lines, "waiting": sum(line.waits for line in lines), "at": at}
    return render(request, "city/papers.html", page)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the list of both papers, or hand it out as a workbook."""
    campaign = chosen(request, actor).campaign
    rows = [[line.district.name, *_cells(line.summary), *_cells(line.work_report)] for line in _lines(campaign, actor)]
    back = f"{reverse('web:city:papers')}?campaign={campaign.pk}"
    listed = Table("papers", _("Summaries and work reports"), campaign.title, HEAD, rows, back)
    return hand_out(request, listed, actor=actor, at=at)


def _lines(campaign: Campaign, actor: Actor) -> list[Line]:
    summaries = RecommendationSummary.objects.visible_to(actor).filter(campaign=campaign)
    reports = WorkReport.objects.visible_to(actor).filter(campaign=campaign)
    by_district = {summary.district_id: summary for summary in summaries.select_related("district")}
    of_district = {report.district_id: report for report in reports.select_related("district")}
    offices = {paper.district_id: paper.district for paper in [*by_district.values(), *of_district.values()]}
    lines = [Line(office, by_district.get(pk), of_district.get(pk)) for pk, office in offices.items()]
    return sorted(lines, key=lambda line: (not line.waits, line.district.pinyin))


def _cells(paper: Any) -> list[Any]:
    return [str(paper.get_state_display()), paper.submitted_at] if paper else ["", None]


@for_members
def summary(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show form 4 as the district has sent it, and what is to be done with it."""
    paper = engine.find(RecommendationSummary, summary_id, actor=actor)
    rows = list(paper.rows.select_related("nomination__community").defer("nomination__form").order_by("rank", "pk"))
    files = by_subject(ROW, [row.pk for row in rows])
    shown = page_of_rows(request, rows)
    page = {
        "paper": paper,
        "crumbs": _crumbs(paper),
        "facts": _summary_facts(paper, len(rows), at),
        "turn": turn_with(paper, at=at, calendar=calendar.load()),
        "head": FORM_4.values(),
        "page": shown,
        "rows": [(row, [getattr(row, name) for name in COLUMNS], files.get(row.pk, [])) for row in shown],
        "checks": _completeness(paper, rows, files),
        "actions": _actions(paper, "web:city:summary-move", actor, at),
        "log": log_of(paper, at),
    }
    return render(request, "city/summary.html", page)


@for_members
def summary_move(request: HttpRequest, summary_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive the summary or send it back."""
    paper = engine.find(RecommendationSummary, summary_id, actor=actor)
    return confirm(request, _wish(paper, move, "web:city:summary"), actor=actor, at=at)


@for_members
def summary_file(
    request: HttpRequest, summary_id: UUID, file_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponseBase:
    """Hand out the sealed copy or the description of one community."""
    paper = engine.find(RecommendationSummary, summary_id, actor=actor)
    files = Attachment.objects.present().filter(pk=file_id)
    sealed = files.filter(subject_kind=paper.flow, subject_id=paper.pk).first()
    found = sealed or files.filter(subject_kind=ROW, subject_id__in=paper.rows.values("pk")).first()
    if found is None:
        raise NotFound
    return respond(found)


@for_members
def work_report(request: HttpRequest, work_report_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show a work report with its three sections and its files."""
    paper = engine.find(WorkReport, work_report_id, actor=actor)
    files = attached_to(WorkReport.flow, paper.pk)
    page = {
        "paper": paper,
        "crumbs": _crumbs(paper),
        "sections": [
            (title, getattr(paper, name), paper.remarks.get(name, "")) for name, title in WORK_REPORT_SECTIONS.items()
        ],
        "files": [(one, state_tag(one.state, one.get_state_display())) for one in files],
        "actions": _actions(paper, "web:city:work-report-move", actor, at),
        "turn": turn_with(paper, at=at, calendar=calendar.load()),
        "log": log_of(paper, at),
        "at": at,
    }
    return render(request, "city/work_report.html", page)


@for_members
def work_report_move(
    request: HttpRequest, work_report_id: UUID, move: str, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Accept the report or send it back."""
    paper = engine.find(WorkReport, work_report_id, actor=actor)
    wish = replace(_wish(paper, move, "web:city:work-report"), parts={REMARKS: _remark_fields()})
    return confirm(request, wish, actor=actor, at=at)


def _remark_fields() -> list[Field]:
    """Return one field for each section of a work report that is to be mended."""
    return [
        Field(
            f"{REMARKS}.{name}", _("Remark on “%(section)s”") % {"section": title}, "textarea", longest=LONGEST_REMARK
        )
        for name, title in WORK_REPORT_SECTIONS.items()
    ]


@for_members
def work_report_file(
    request: HttpRequest, work_report_id: UUID, file_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponseBase:
    """Hand out a file of the report."""
    paper = engine.find(WorkReport, work_report_id, actor=actor)
    found = attached_to(WorkReport.flow, paper.pk).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return respond(found)


def log_of(paper: Any, at: datetime) -> list[Step]:
    """Return what has happened to a paper, the latest first."""
    return [
        Step(
            looks.BACK if one.name == "return" else looks.PASS,
            one.label,
            "arrow-back-up" if one.name == "return" else "check",
            spell_time(one.at, at),
            one.organization_name,
            one.comment,
        )
        for one in reversed(told(paper))
    ]


def _crumbs(paper: Any) -> list[Link]:
    listed_at = f"{reverse('web:city:papers')}?campaign={paper.campaign_id}"
    return [Link(_("Summaries and work reports"), listed_at), Link(paper.district.name, "", "zh-Hans")]


def _wish(paper: Any, move: str, page: str) -> Wish:
    return Wish(
        paper,
        move,
        paper.district.name,
        reverse(page, args=[paper.pk]),
        consequences_of(paper.flow, move),
        look=look_of(paper.flow, move),
        crumbs=tuple(_crumbs(paper)),
    )


def _actions(paper: Any, page: str, actor: Actor, at: datetime) -> list[Action]:
    [verdicts] = engine.available([paper], actor=actor, at=at)
    names = [(verdict, verdict.transition.name) for verdict in verdicts]
    return [
        action_of(verdict, reverse(page, args=[paper.pk, name]), look=look_of(paper.flow, name))
        for verdict, name in names
    ]


def _summary_facts(paper: Any, listed: int, at: datetime) -> list[Fact]:
    sealed = reverse("web:city:summary-file", args=[paper.pk, paper.sealed_copy_id]) if paper.sealed_copy_id else ""
    facts = [
        Fact(_("Recommended communities"), listed, ""),
        Fact(_("Quota of the district"), paper.quota if paper.quota is not None else _("None set"), ""),
        Fact(_("Sent to the city"), spell_time(paper.submitted_at, at) if paper.submitted_at else _("Not yet"), ""),
        Fact(
            pgettext_lazy("summary", "Received at"),
            spell_time(paper.received_at, at) if paper.received_at else _("Not yet"),
            "",
        ),
        Fact(_("Sealed copy"), _("Download the scan") if sealed else _("None"), "", url=sealed),
    ]
    return [*facts, Fact(_("Digest of the text"), paper.content_digest[:16], "")] if paper.content_digest else facts


def _completeness(paper: Any, rows: list[Any], files: Mapping[UUID, list[Attachment]]) -> list[tuple[Sentence, Tag]]:
    described = sum(bool(files.get(row.pk)) for row in rows)
    sealed = paper.sealed_copy_state == "clean" and paper.sealed_digest == paper.content_digest
    checks: list[tuple[Sentence, bool, str]] = [
        (_("Every case of the district is decided"), not paper.undecided, ""),
        (_("Every recommended community has its rank"), paper.ranked_rows == paper.recommended, ""),
        (_("Every community has its description"), described == len(rows), f"{described} / {len(rows)}"),
        (_("The sealed copy bears this text"), sealed, ""),
    ]
    return [(title, _mark(holds, words)) for title, holds, words in checks]


def _mark(holds: bool, words: str) -> Tag:
    return looks.tag(looks.PASS if holds else looks.WAIT, words or (_("Complete") if holds else _("Missing")))
