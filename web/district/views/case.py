"""The case on one screen: form and evidence, requirements, score, inspections, opinion, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from attachments import queries as attachments
from common.errors import DomainError
from nominations.models import Nomination
from nominations.operations.district_review import hand_over
from nominations.operations.nomination import claim, release
from nominations.queries.community import rivals_of
from nominations.queries.district_review import Reviewed, review_shown
from nominations.queries.queue import reviewers_of
from web.acting import for_members
from web.dates import due
from web.district import checks, history, paper
from web.district.actions import doing
from web.district.gallery import pictures_of
from web.district.standing import standing_of
from web.kit import Field, Link, Problem, problems_of, with_errors
from web.refused import status_of
from workflow import calendar, engine
from workflow.models import Deadline


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and could not be saved: it is shown again beside the reasons, and never lost."""

    opinion: str | None = None
    notes: tuple[tuple[int, str], ...] = ()
    inspection: tuple[tuple[str, str], ...] = ()
    problems: Sequence[Problem] = ()
    stored_opinion: str | None = None
    status: int = 200


NOTHING = Typed()


@for_members
def case(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the case."""
    return case_page(request, nomination_id, actor, at)


@for_members
def take_up(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Take the case up."""
    return _done(request, nomination_id, actor, at, lambda: claim(nomination_id=nomination_id, actor=actor, at=at))


@for_members
def put_back(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Put the case back on the district's pile."""
    return _done(request, nomination_id, actor, at, lambda: release(nomination_id=nomination_id, actor=actor, at=at))


@for_members
def give_to(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Hand the case over to a reviewer of the bureau."""
    engine.find(Nomination, nomination_id, actor=actor)
    chosen = request.POST.get("reviewer", "")
    known = {str(person.pk): person.pk for person in reviewers_of(actor, at=at)}
    if chosen not in known:
        problem = Problem(_("Choose who takes the case over."), "f-reviewer")
        return case_page(request, nomination_id, actor, at, Typed(problems=[problem], status=422))
    return _done(
        request,
        nomination_id,
        actor,
        at,
        lambda: hand_over(nomination_id=nomination_id, reviewer_id=known[chosen], actor=actor, at=at),
    )


def case_page(
    request: HttpRequest, nomination_id: UUID, actor: Actor, at: datetime, typed: Typed = NOTHING
) -> HttpResponse:
    """Show the case, with what was typed and not saved where there is such."""
    shown = review_shown(engine.find(Nomination, nomination_id, actor=actor))
    nomination, events = shown.nomination, None
    events = history.events_of(nomination)
    remarks = history.remarks_of(events)
    is_mine = shown.is_writable_by(actor)
    listed = [_with_note(checks.shown(check), typed) for check in shown.checks]
    files = list(attachments.of(Nomination.flow, nomination.pk))
    page = {
        "nomination": nomination,
        "shown": shown,
        "standing": standing_of(nomination),
        "rivals": rivals_of(nomination.community, actor),
        "due": _due(nomination, at),
        "way": history.way_of(nomination, at),
        "open_checks": [check for check in listed if not check.is_met],
        "met_checks": [check for check in listed if check.is_met],
        "parts": paper.parts_of(nomination.form, remarks, _prompts(shown)),
        "remarks": remarks,
        "changes": paper.changes_of(nomination),
        "files": pictures_of(files, nomination.pk),
        "evidence": pictures_of(shown.evidence, nomination.pk),
        "inspections": _inspections(shown),
        "steps": history.steps_of(events, actor=actor, at=at),
        "doing": doing(shown, actor=actor, at=at),
        "is_mine": is_mine,
        "opinion": _opinion(shown, typed, is_mine),
        "inspection_fields": with_errors(inspection_fields(dict(typed.inspection)), typed.problems),
        "evidence_upload": _upload(nomination.pk),
        "reviewers": reviewers_of(actor, at=at),
        "seal_pk": nomination.sealed_copy_id,
        "typed": typed,
        "problems": typed.problems,
        "crumbs": (Link(_("Cases of the district"), reverse("web:district:queue")), Link(nomination.number, "")),
        "at": at,
    }
    return render(request, "district/case.html", page, status=typed.status)


def inspection_fields(values: dict[str, str]) -> list[Field]:
    """Return the blanks of a new inspection."""
    value = values.get
    return [
        Field(
            "inspected_on",
            _("Inspected on"),
            "date",
            value("inspected_on", ""),
            _("For instance 2026-07-17."),
            required=True,
            width="s",
        ),
        Field("findings", _("Findings"), "textarea", value("findings", ""), required=True, longest=3000, rows=3),
        Field(
            "resolved_on",
            _("Resolved on"),
            "date",
            value("resolved_on", ""),
            _("Leave it empty while something is open."),
            width="s",
        ),
    ]


def _done(
    request: HttpRequest, nomination_id: UUID, actor: Actor, at: datetime, act: Callable[[], Any]
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return case_page(request, nomination_id, actor, at, Typed(problems=problems_of(error), status=status_of(error)))
    return redirect("web:district:case", nomination_id)


def _due(nomination: Any, at: datetime) -> Any:
    rows = Deadline.objects.filter(subject_id=nomination.pk).exclude(settled_at__isnull=False, outcome="settled")
    found = rows.order_by("due_at").filter(settled_at__isnull=True).first()
    return due(found.due_at, at=at, calendar=calendar.load()) if found else None


def _prompts(shown: Reviewed) -> dict[str, str]:
    return {f"practice_{check.requirement.number}": check.requirement.text for check in shown.checks}


def _inspections(shown: Reviewed) -> list[dict[str, Any]]:
    return [
        {"row": row, "photos": pictures_of(shown.photos.get(row.pk, ()), shown.nomination.pk)}
        for row in shown.inspections
    ]


def _with_note(check: checks.Check, typed: Typed) -> checks.Check:
    notes = dict(typed.notes)
    return replace(check, note=notes[check.number]) if check.number in notes else check


def _opinion(shown: Reviewed, typed: Typed, is_mine: bool) -> Field:
    stored = shown.review.opinion if shown.review else ""
    value = stored if typed.opinion is None else typed.opinion
    blank = Field(
        "opinion",
        _("Opinion"),
        "textarea",
        value,
        _("Goes with the case to the approver and the city."),
        required=True,
        longest=3000,
        rows=5,
        readonly=not is_mine,
    )
    return with_errors([blank], typed.problems)[0]


def _upload(nomination_id: UUID) -> dict[str, Any]:
    kinds = [("photo", _("Photo")), ("evidence", _("Paper"))]
    fields = [
        Field("purpose", _("What it is"), "select", "photo", choices=kinds, required=True, width="s", prefix="e-"),
        Field("label", _("What it shows"), longest=200, prefix="e-"),
        Field(
            "file",
            _("File"),
            "file",
            hint=_("PDF or photograph, at most 20 MB."),
            required=True,
            prefix="e-",
            accept="image/*,application/pdf",
        ),
    ]
    url = reverse("web:district:case-evidence", args=[nomination_id])
    return {"url": url, "fields": fields, "button": _("Upload"), "look": "", "hidden": []}
