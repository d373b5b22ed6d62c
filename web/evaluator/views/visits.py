"""Where the evaluator goes, today first, and what is to be done about one community (row S-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from evaluation import queries as scores
from evaluation.queries import FilledLine
from nominations.enums import AssignmentStage
from nominations.models import Assignment
from nominations.queries.visit import COMING, DONE, TODAY, UNDATED, own_assignments
from web.acting import for_members
from web.dates import due
from web.evaluator import assigned, marks, offline
from web.kit import Link, Task
from web.looks import NOW, PASS, WAIT, tag
from web.paging import page_of_rows
from workflow import calendar

STAGES = {
    AssignmentStage.ASSIGNED: WAIT,
    AssignmentStage.ACCEPTED: NOW,
    AssignmentStage.SCORING: NOW,
    AssignmentStage.HANDED_IN: PASS,
}
TITLES = {
    TODAY: _("Today"),
    COMING: _("In the next days"),
    UNDATED: _("No date yet, or the day has passed"),
    DONE: pgettext_lazy("sheets", "Handed in"),
}


@for_members
def visits(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the evaluator's communities: today's visits first, what is done with last; the device keeps those shown."""
    piles: dict[int, list[dict[str, Any]]] = {pile: [] for pile in TITLES}
    known = calendar.load()
    page = page_of_rows(request, own_assignments(actor, at=at))
    for assignment in page.object_list:
        piles[assignment.pile].append(_row(assignment, at, known))
    shown = [{"title": TITLES[pile], "rows": rows} for pile, rows in piles.items() if rows]
    context = {"piles": shown, "page": page, "at": at, "desk": offline.desk_data(actor, list(page.object_list))}
    return offline.kept(render(request, "evaluator/visits.html", context), actor)


@for_members
def assignment(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one community: the answer that is asked for, then the items of the sheet and how far each has come."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    page: dict[str, Any] = {
        "assignment": found,
        "nomination": found.nomination,
        "tag": _tag(found),
        "visit": next(iter(visits_of(found)), None),
        "crumbs": assigned.crumbs(found),
        "due": due(found.nomination.campaign.evaluation_closes_at, at=at, calendar=calendar.load()),
        "at": at,
        "desk": offline.sheet_data(found, actor) if found.sheet else offline.desk_data(actor),
    }
    return offline.kept(render(request, "evaluator/assignment.html", page | _sheet(found)), actor)


def visits_of(found: Assignment) -> Sequence[Any]:
    """Return the planned visits of the community, the earliest first."""
    planned = found.nomination.visits.filter(cancelled_at__isnull=True, planned_from__isnull=False)
    return list(planned.order_by("planned_from"))


def _sheet(found: Assignment) -> dict[str, Any]:
    if found.sheet is None:
        return {"groups": [], "can_answer": found.accepted_at is None}
    lines = scores.filled_sheet(found.sheet.pk).lines
    gaps = {refusal.fix: refusal.sentence() for refusal in scores.missing_on(found.sheet)}
    missing = {line.leaf.item.id: gaps[fix] for line in lines if (fix := f"items/{line.leaf.item.id}") in gaps}
    first = marks.first_open(lines, gaps)
    return {
        "groups": _groups(found, lines, missing),
        "done": sum(line.mark is not None for line in lines),
        "whole": len(lines),
        "next": Link("", assigned.address(found, "item", first)),
        "is_complete": not gaps,
        "writable": assigned.is_writable(found),
    }


def _groups(found: Assignment, lines: Sequence[FilledLine], gaps: dict[UUID, str]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        group = line.leaf.group
        told = groups.setdefault(group.number, {"group": group, "tasks": [], "done": 0})
        told["done"] += line.mark is not None
        address = assigned.address(found, "item", number)
        told["tasks"].append(Task(f"{line.leaf.code} {line.leaf.item.text}", marks.tag_of(line, gaps), address))
    return list(groups.values())


def _row(found: Any, at: datetime, known: Any) -> dict[str, Any]:
    return {
        "assignment": found,
        "visit": next(iter(found.nomination.planned_visits), None),
        "tag": _tag(found),
        "url": assigned.address(found),
        "due": due(found.nomination.campaign.evaluation_closes_at, at=at, calendar=known),
    }


def _tag(found: Assignment) -> Any:
    return tag(STAGES[found.stage], found.stage.label)
