"""The kit, every component with its states, for whoever makes pages and for the tests of accessibility."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from nominations.enums import CheckVerdict, NominationState
from web import looks
from web.acting import for_everybody
from web.dates import due, spell_end, spell_time
from web.kit import Action, Confirmation, Fact, Field, Link, Problem, Reason, Step, Task, bars, funnel, with_errors
from workflow import calendar

COMMUNITY, COMPANY, BUREAU = "栖云雅苑", "清和物业服务有限公司（示例）", "云栖区城市管理局"


@for_everybody
def kit(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Show every component of the kit; a form sent here comes back with its errors."""
    if not settings.DEMO:
        raise Http404
    problems = _problems() if request.method == "POST" else []
    page = {"problems": problems, "fields": with_errors(_fields(), problems), "erroneous": _erroneous()}
    return render(request, "public/kit.html", page | _states(at) | _flow(at) | _actions())


def _states(at: datetime) -> dict[str, Any]:
    known = calendar.load()
    days = (-3, 0.3, 1, 2, 9)
    return {
        "states": [looks.state_tag(state, state.label) for state in NominationState],
        "verdict_tags": [looks.state_tag(verdict, verdict.label) for verdict in CheckVerdict],
        "dues": [due(at + timedelta(days=number), at=at, calendar=known) for number in days],
        "bar_rows": bars([(_("Submitted, waiting for the district"), 9), (_("Recommended by the district"), 5)]),
        "funnel_rows": funnel([(_("Communities"), 14), (_("Submitted to the city"), 9), (_("Selected"), 2)]),
    }


def _fields() -> list[Field]:
    remark = "7月20日 云栖区城市管理局：备案回执第 2 页不清晰。"
    streets = [("a", "南塘街道"), ("b", "云溪街道")]
    kinds = [("a", _("Owners' committee")), ("b", _("Neither"))]
    example = _("For instance 2029-03-17.")
    return [
        Field("name", _("Community"), value=COMMUNITY, required=True, hint=_("As on the plate at the gate.")),
        Field("until", _("Term ends"), "date", "2020-03-17", hint=example, width="s", required=True),
        Field("area", _("Floor area"), "number", "86000.50", unit=_("m²"), width="s", required=True),
        Field("company", _("Company"), value=COMPANY, readonly=True),
        Field("answer", _("Opinion"), "textarea", _("Scanned again."), remarks=[remark], longest=500),
        Field("street", _("Subdistrict"), "select", "b", choices=streets, width="m"),
        Field("kind", _("Form of self-government"), "radio", "a", choices=kinds, required=True),
        Field("tags", _("Tags"), "checks", ["红色物业"], choices=[(one, one) for one in ("红色物业", "垃圾分类")]),
        Field("truth", _("What is filled in is true"), "check", True),
        Field("file", _("Evidence"), "file", hint=_("PDF or photograph, at most 20 MB.")),
    ]


def _problems() -> list[Problem]:
    return [
        Problem(_("The term must end after it begins."), "f-until"),
        Problem(_("Please give the reason."), "f-answer"),
    ]


def _erroneous() -> list[Field]:
    return [
        Field(
            "phone",
            _("Telephone"),
            "tel",
            "1370000",
            error=_("This is not a telephone number."),
            width="m",
            required=True,
        )
    ]


def _flow(at: datetime) -> dict[str, Any]:
    known = calendar.load()
    soon = due(at + timedelta(days=2), at=at, calendar=known)
    past = [spell_time(at - timedelta(days=days), at) for days in (12, 8, 0)]
    later = spell_end(at + timedelta(days=30), at)
    steps = [
        Step("is-pass", _("Submitted"), "check", past[0], COMPANY, links=(Link(_("Receipt"), "#steps"),)),
        Step("is-back", _("Returned for correction"), "arrow-back-up", past[1], BUREAU, "备案回执第 2 页不清晰。"),
        Step("is-now", _("District review"), "point", "", BUREAU, due=soon),
        Step("is-future", _("Evaluation"), sub=_("by %(day)s") % {"day": later}, who="市城市管理局"),
    ]
    tasks = [
        Task(_("Basic facts"), looks.tag(looks.PASS, _("Complete")), "#tasks", _("Year, area, households")),
        Task(_("Owners' committee"), looks.tag(looks.BAD, _("3 to correct"), "alert-circle"), "#tasks"),
        Task(_("Sealed copy"), looks.tag(looks.WAIT, _("Not yet possible"), "lock")),
    ]
    facts = [
        Fact(_("Community"), COMMUNITY),
        Fact(_("Contact"), "周示例 138****0001", changed=True),
        Fact(_("Completed in"), "2016-09", ""),
    ]
    return {"steps": steps, "tasks": tasks, "facts": facts}


def _actions() -> dict[str, Any]:
    why = (
        Reason(_("Two sections are incomplete."), "#tasks", _("Fill in")),
        Reason(_("The committee has not confirmed the text yet.")),
    )
    confirmation = Confirmation(
        _("Send the summary to the city"),
        (_("Five communities are sent to the city. Ranks and scores are locked at once, and the companies are told."),),
        _("Send"),
        "#actions",
        warning=_("This cannot be taken back."),
    )
    return {
        "possible": Action("go", _("Submit"), "#actions", look="primary"),
        "other": Action("print", _("Print"), "#actions", icon="printer"),
        "danger": Action("decline", _("Do not recommend"), "#actions", look="danger"),
        "impossible": Action("stop", _("Submit to district"), reasons=why),
        "asked": confirmation,
        "verdict_rows": [
            {"title": COMMUNITY, "tag": looks.tag(looks.PASS, _("Possible")), "reasons": ()},
            {"title": "云溪花园", "tag": looks.tag(looks.BAD, _("Not possible")), "reasons": why},
        ],
        "tabs": [Link(_("Requirements"), "#lists", is_here=True), Link(_("Form"), "#lists")],
        "chips": [Link(_("All"), "#lists", is_here=True), Link(_("Overdue"), "#lists")],
        "crumbs": [Link(_("To do"), "/"), Link(COMMUNITY, "", lang="zh-Hans")],
        "upload": {"url": "", "fields": [], "button": _("Upload"), "look": "", "hidden": []},
        "more": Link(_("Record an inspection"), "#lists"),
    }
