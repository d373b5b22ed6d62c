"""Handing the sheet in for good, and the sheet on paper for where no phone will do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from evaluation import queries as scores
from evaluation.operations import SheetIncomplete
from nominations.models import Assignment
from nominations.operations.sheets import hand_in as hand_in_sheet
from web.acting import for_members
from web.evaluator import assigned, offline
from web.kit import Reason

UNPROCESSABLE = 422


@for_members
def hand_in(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Say what is still missing and where; with nothing missing, ask once more and hand in."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    sheet = assigned.sheet_of(found)
    refusals = scores.missing_on(sheet)
    if request.method == "POST":
        try:
            hand_in_sheet(sheet_id=sheet.pk, actor=actor, at=at)
        except SheetIncomplete as error:
            refusals = list(error.refusals)
        else:
            messages.success(request, _("Handed in. Nobody can change the sheet any more."))
            return redirect("web:evaluator:visits")
    lines = scores.filled_sheet(sheet.pk).lines
    numbers = {f"items/{line.leaf.item.id}": number for number, line in enumerate(lines, start=1)}
    gaps = [Reason(refusal.sentence(), _place(found, numbers.get(refusal.fix))) for refusal in refusals]
    page = {"assignment": found, "nomination": found.nomination, "gaps": gaps, "whole": len(lines)}
    page |= {"crumbs": assigned.crumbs(found, _("Hand in")), "desk": offline.sheet_data(found, actor)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "evaluator/hand_in.html", page, status=status)


@for_members
def paper(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the blank sheet for printing, in the layout of annex 2."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    outline = scores.outline_of(found.nomination.campaign.standard_id)
    leaves = list(outline.leaves())
    groups = [{"group": group, "leaves": [leaf for leaf in leaves if leaf.group is group]} for group in outline.groups]
    page = {"assignment": found, "nomination": found.nomination, "groups": groups}
    return render(request, "evaluator/paper.html", page)


def _place(found: Assignment, number: int | None) -> str:
    return assigned.address(found, "item", number) if number else ""
