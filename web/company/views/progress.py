"""Where a nomination stands: what to do now, what has happened, who comes next until when; recall and withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actors import Actor
from common.refusals import Sentence
from nominations.enums import Pile
from nominations.models import Nomination
from nominations.operations.moves import make_move
from nominations.queries.company import precheck_of, remarks_of
from nominations.queries.nomination import counts_on_desk
from nominations.rules.comparison import differences, told
from nominations.rules.form import label_of
from nominations.rules.windows import submission_end
from web.acting import for_members
from web.company import cases, tasks
from web.company.forms import shown
from web.company.prechecks import shown as precheck_shown
from web.dates import due
from web.kit import Action, Confirmation, Field, Problem, action_of, problems_of, with_errors
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out
from web.way import way_of
from workflow import calendar, engine
from workflow.errors import MoveRefused, StaleVersion
from workflow.judging import LONGEST_COMMENT

UNPROCESSABLE = 422
HEAD: tuple[Sentence, ...] = (
    gettext_lazy("Number"),
    gettext_lazy("Community"),
    gettext_lazy("Campaign"),
    gettext_lazy("District bureau"),
    gettext_lazy("State"),
    pgettext_lazy("column", "Submitted"),
)
MOVES = {
    "recall": (
        gettext_lazy("Recall the form"),
        gettext_lazy("The form comes back to you and can be changed. It is reviewed once you submit it again."),
        gettext_lazy("A change voids the committee's confirmation and the sealed copy."),
        gettext_lazy("Recall"),
    ),
    "withdraw": (
        gettext_lazy("Withdraw the nomination"),
        gettext_lazy("This community takes no further part in the programme. What was filled in stays on record."),
        gettext_lazy("Only the city can open it again."),
        gettext_lazy("Withdraw"),
    ),
}  # fmt: skip


@for_members
def nominations(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List every nomination of the company, the latest first."""
    rows = Nomination.objects.visible_to(actor).select_related("community", "campaign", "district").order_by("-pk")
    page = page_of_rows(request, rows)
    shown_rows = [{"nomination": row, "tag": cases.tag_of(row)} for row in page.object_list]
    counts = counts_on_desk(actor)
    return render(
        request,
        "company/nominations.html",
        {"page": page, "rows": shown_rows, "waiting": counts[Pile.WAITING], "at": at},
    )


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the company's nominations, or hand them out as a workbook."""
    found = Nomination.objects.visible_to(actor).select_related("community", "campaign", "district").order_by("-pk")
    rows = [
        [
            row.number,
            row.community.name,
            row.campaign.title,
            row.district.name,
            str(cases.tag_of(row).label),
            row.submitted_at,
        ]
        for row in found[:MOST_ROWS]
    ]
    listed = Table("nominations", _("Nominations"), "", HEAD, rows, reverse("web:company:nominations"))
    return hand_out(request, listed, actor=actor, at=at)


@for_members
def case(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the task list of a form in hand, and of any form where it stands and what comes next."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    known, actions = calendar.load(), _actions(nomination, actor, at)
    page = {
        "nomination": nomination,
        "tag": cases.tag_of(nomination),
        "editable": cases.is_editable(nomination),
        "steps": way_of(nomination, at=at, calendar=known),
        "actions": actions,
        "others": [one for one in actions if one.name != "submit"],
        "can_submit": any(one.name == "submit" and one.allowed for one in actions),
        "crumbs": cases.crumbs(nomination),
        "at": at,
    }
    if page["editable"]:
        page |= _in_hand(nomination, actor, at, known)
    return render(request, "company/case.html", page)


@for_members
def compare(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what has changed since the form was returned, word by word."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    found = differences(nomination.returned_form or {}, nomination.form) if nomination.returned_form else []
    rows = [
        {
            "section": one.section.title,
            "label": label_of(one.field),
            "parts": told(one, shown),
        }
        for one in found
    ]
    page = {"nomination": nomination, "rows": rows, "remarks": remarks_of(nomination)}
    page |= {"crumbs": cases.crumbs(nomination, _("What has changed")), "has_versions": bool(nomination.returned_form)}
    return render(request, "company/compare.html", page)


@for_members
def move(request: HttpRequest, nomination_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more before recalling or withdrawing, then do it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    if move not in MOVES:
        raise Http404
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _moved(request, nomination, move, actor, at)
        if not problems:
            messages.success(request, _("Done."))
            return redirect(cases.address(nomination))
    title, consequence, warning, button = MOVES[move]
    said = request.POST.get("comment", "")
    reason = Field("comment", _("Reason"), "textarea", said, required=True, longest=LONGEST_COMMENT)
    confirmation = Confirmation(
        title=title,
        consequences=(nomination.community.name, str(consequence)),
        button=button,
        back=cases.address(nomination),
        fields=tuple(with_errors([reason] if move == "withdraw" else [], problems)),
        version=nomination.version,
        look="danger" if move == "withdraw" else "primary",
        warning=str(warning),
    )
    page = {"confirmation": confirmation, "problems": problems, "crumbs": cases.crumbs(nomination, title)}
    return render(request, "kit/confirmation.html", page, status=UNPROCESSABLE if problems else 200)


def _in_hand(nomination: Any, actor: Actor, at: datetime, known: Any) -> dict[str, Any]:
    remarks = remarks_of(nomination) if nomination.state == "returned" else []
    listed = tasks.tasks_of(nomination, remarks)
    found = precheck_of(nomination.pk, actor=actor)
    return {
        "tasks": listed,
        "done": sum(task.tag.look == "is-pass" for task in listed),
        "next": next((task for task in listed if task.url and task.tag.look != "is-pass"), None),
        "prechecks": precheck_shown(found, nomination.form),
        "due": due(submission_end(nomination), at=at, calendar=known),
        "remarks": remarks,
    }


def _actions(nomination: Any, actor: Actor, at: datetime) -> list[Action]:
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    found = []
    for verdict in verdicts:
        name = verdict.transition.name
        url = cases.address(nomination, "check") if name == "submit" else cases.address(nomination, "move", name)
        if name == "submit" or name in MOVES:
            look = "primary" if name == "submit" else "danger" if name == "withdraw" else ""
            places = lambda refusal: cases.place_of(nomination, refusal)  # noqa: E731
            found.append(action_of(verdict, url, look=look, places=places))
    return found


def _moved(request: HttpRequest, nomination: Any, name: str, actor: Actor, at: datetime) -> list[Problem]:
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else None
    comment = request.POST.get("comment", "")
    try:
        make_move(Nomination, nomination.pk, name, actor=actor, at=at, comment=comment, version=seen)
    except (MoveRefused, StaleVersion) as error:
        return problems_of(error)
    return []
