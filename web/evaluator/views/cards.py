"""One item of the score sheet a page: points with one thumb, a remark, a photo (row S-09)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor
from attachments.downloads import respond
from common.errors import DomainError
from evaluation import queries as scores
from evaluation.operations import Entry
from nominations.models import Assignment
from nominations.operations.sheets import attach_photo, save_marks
from nominations.queries.sheets import photos_of
from web.acting import for_members
from web.evaluator import assigned, marks, offline
from web.evaluator.marks import Card, Shown
from web.kit import Problem
from workflow.errors import NotFound

UNPROCESSABLE = 422
CONFLICT = 409


@for_members
def item(request: HttpRequest, assignment_id: UUID, number: int, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the card of one item; save it and go on to the next one."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    card = marks.card_at(assigned.sheet_of(found).pk, number)
    if request.method != "POST":
        return offline.kept(_shown(request, found, card, marks.stored(card), actor=actor), actor)
    photos = list(photos_of(assigned.sheet_of(found)).values_list("pk", flat=True))
    wanted = marks.sent(card, request.POST, photos)
    try:
        wanted = _with_photo(request, found, wanted, label=card.line.leaf.code, actor=actor, at=at)
        if wanted.points is None and not wanted.not_applicable:
            problem = Problem(_("Choose the points, or say that the item does not apply."), "s0")
            return _shown(request, found, card, wanted, [problem], actor=actor)
        return _saved(request, found, card, wanted, actor=actor, at=at)
    except NotFound:
        raise
    except DomainError as error:
        told = [refusal.sentence() for refusal in error.refusals] or [error.sentence()]
        return _shown(request, found, card, wanted, [Problem(sentence, "remark") for sentence in told], actor=actor)


@for_members
def photo(request: HttpRequest, assignment_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> Any:
    """Hand out a photo of the evaluator's own sheet once it has passed its check."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    shot = photos_of(assigned.sheet_of(found)).filter(pk=file_id).first()
    if shot is None:
        raise NotFound
    return respond(shot, small="small" in request.GET)


def _with_photo(request: HttpRequest, found: Assignment, wanted: Shown, *, label: str, **who: Any) -> Shown:
    """Receive the photo that came along, so that it stays even where the mark itself is not accepted."""
    upload = request.FILES.get("photo")
    if upload is None:
        return wanted
    kept, _is_new = attach_photo(sheet_id=assigned.sheet_of(found).pk, label=label, upload=upload, **who)
    return replace(wanted, photo_id=kept.pk)


def _saved(
    request: HttpRequest, found: Assignment, card: Card, wanted: Shown, *, actor: Actor, at: datetime
) -> HttpResponse:
    entry = Entry(card.line.leaf.item.id, wanted.mark, wanted.version)
    done = save_marks(sheet_id=assigned.sheet_of(found).pk, entries=[entry], actor=actor, at=at)
    if not done.conflicts:
        return redirect(assigned.address(found, "item", card.following) if card.following else assigned.address(found))
    [other] = done.conflicts
    problem = Problem(_("This item was changed on another device. Look at both, then save once more."), "remark")
    latest = replace(wanted, version=other.version)
    return _shown(request, found, card, latest, [problem], actor=actor, other=other.stored, status=CONFLICT)


def _shown(
    request: HttpRequest,
    found: Assignment,
    card: Card,
    values: Shown,
    problems: list[Problem] | None = None,
    *,
    actor: Actor,
    other: Any = None,
    status: int = UNPROCESSABLE,
) -> HttpResponse:
    shot = photos_of(assigned.sheet_of(found)).filter(pk=values.photo_id).first() if values.photo_id else None
    page = {
        "assignment": found,
        "card": card,
        "values": values,
        "shot": shot,
        "other": other,
        "problems": problems or [],
        "first_open": assigned.address(found, "item", _first_open(found)),
        "writable": assigned.is_writable(found),
        "desk": offline.sheet_data(found, actor),
        "crumbs": assigned.crumbs(found, card.line.leaf.code),
    }
    return render(request, "evaluator/item.html", page, status=status if problems else 200)


def _first_open(found: Assignment) -> int:
    sheet = assigned.sheet_of(found)
    return marks.first_open(scores.filled_sheet(sheet.pk).lines, {gap.fix for gap in scores.missing_on(sheet)})
