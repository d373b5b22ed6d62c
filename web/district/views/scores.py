"""The district's score sheet: 25 items, points by key, the total by the server as it is being filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Refusal
from evaluation.queries import FilledLine
from nominations.models import Nomination
from nominations.operations.district_review import save_review
from nominations.queries.district_review import GroupStanding, Reviewed, review_shown
from web.acting import for_members
from web.kit import Link, Problem
from web.refused import status_of
from workflow import engine


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the sheet as it is filled in."""

    id: UUID
    code: str
    text: str
    most: Any
    points: str
    not_applicable: bool
    words: str
    photo: str
    version: int
    gaps: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the sheet with its items."""

    standing: GroupStanding
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of saving: what is wrong with which item, what was typed but not saved, which marks had changed."""

    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: int = 200
    changed: frozenset[str] = frozenset()


NOTHING = Answer()
CHANGED = gettext_lazy(
    "Somebody has changed this mark meanwhile; the stored one is shown. Enter yours again to replace it."
)


@for_members
def scores(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the sheet, and save what was filled in of it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    if request.method == "POST":
        return _saved(request, nomination, actor, at)
    return _page(request, review_shown(nomination), actor, at)


@for_members
def printed(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the sheet as its paper (annex 2), filled in as far as it is."""
    shown = review_shown(engine.find(Nomination, nomination_id, actor=actor))
    page = {"nomination": shown.nomination, "shown": shown, "groups": _groups(shown, {}, {}), "at": at}
    return render(request, "district/sheet_print.html", page)


def _saved(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> HttpResponse:
    shown = review_shown(nomination)
    lines = [line for group in shown.groups for line in group.lines]
    sent = [row for line in lines if (row := _row(request, line)) and not _waits(request, row)]
    try:
        saved = save_review(nomination_id=nomination.pk, sections={"scores": sent}, actor=actor, at=at)
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        answer = Answer(_problems(error, sent), {row["item"]: row for row in sent}, status_of(error))
    else:
        changed = frozenset(str(conflict.entry.item_id) for conflict in saved.conflicts)
        answer = Answer(dict.fromkeys(changed, str(CHANGED)), changed=changed)
        if not answer.problems and not request.htmx:  # type: ignore[attr-defined]  # set by the middleware
            return redirect(reverse("web:district:case-scores", args=[nomination.pk]))
    return _page(request, review_shown(engine.find(Nomination, nomination.pk, actor=actor)), actor, at, answer)


def _page(request: HttpRequest, shown: Reviewed, actor: Actor, at: datetime, answer: Answer = NOTHING) -> HttpResponse:
    nomination, problems = shown.nomination, answer.problems
    page = {
        "nomination": nomination,
        "shown": shown,
        "groups": _groups(shown, problems, answer.typed),
        "is_mine": shown.is_writable_by(actor),
        "photos": [one for one in shown.evidence if one.purpose == "photo"],
        "problems": [Problem(words, f"item-{item}" if item else "") for item, words in problems.items()],
        "saved": request.method == "POST" and not problems,
        "crumbs": (
            Link(_("Cases of the district"), reverse("web:district:queue")),
            Link(nomination.community.name, reverse("web:district:case", args=[nomination.pk]), "zh-Hans"),
            Link(_("Score sheet"), ""),
        ),
        "at": at,
    }
    if request.method == "POST" and request.htmx:  # type: ignore[attr-defined]  # set by the middleware
        return render(
            request, "district/sheet_state.html", page | {"is_partial": True, "changed": _changed(page, answer)}
        )
    return render(request, "district/scores.html", page, status=answer.status)


def _changed(page: Mapping[str, Any], answer: Answer) -> list[Item]:
    """Return the items whose stored mark takes the place of the one on the page, which saves by itself."""
    return [item for group in page["groups"] for item in group.items if str(item.id) in answer.changed]


def _groups(shown: Reviewed, problems: Mapping[str, str], typed: Mapping[str, Mapping[str, Any]]) -> tuple[Group, ...]:
    gaps = _gaps(shown.gaps)
    return tuple(
        Group(
            group,
            tuple(_item(line, gaps, problems, typed.get(str(line.leaf.item.id))) for line in group.lines),
        )
        for group in shown.groups
    )


def _item(
    line: FilledLine,
    gaps: Mapping[str, tuple[str, ...]],
    problems: Mapping[str, str],
    typed: Mapping[str, Any] | None,
) -> Item:
    item, mark = line.leaf.item, line.mark
    key = str(item.id)
    points = "" if mark is None or mark.points is None else f"{mark.points:f}".removesuffix(".0")
    words = (mark.reason or mark.remark) if mark else ""
    is_off, photo = bool(mark and mark.not_applicable), str(mark.photo_id or "") if mark else ""
    if typed is not None:
        points, is_off = str(typed.get("points", "")), bool(typed.get("not_applicable"))
        words, photo = str(typed.get("reason") or typed.get("remark") or ""), str(typed.get("photo") or "")
    return Item(
        id=item.id,
        code=line.leaf.code,
        text=item.text,
        most=item.max_points,
        points=points,
        not_applicable=is_off,
        words=words,
        photo=photo,
        version=line.version,
        gaps=gaps.get(key, ()) if mark is not None else (),
        error=problems.get(key, ""),
    )


def _row(request: HttpRequest, line: FilledLine) -> dict[str, Any] | None:
    """Return what was filled in for one item, ``None`` for an item that was left alone."""
    key, posted = str(line.leaf.item.id), request.POST
    points = posted.get(f"points-{key}", "").strip()
    words, is_off = posted.get(f"words-{key}", "").strip(), f"off-{key}" in posted
    if not (points or words or is_off or line.version) or f"version-{key}" not in posted:
        return None
    version = posted.get(f"version-{key}", "0")
    return {
        "item": key,
        "points": None if is_off or not points else points,
        "not_applicable": is_off,
        "reason": words if is_off else "",
        "remark": "" if is_off else words,
        "photo": posted.get(f"photo-{key}") or None,
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0,
    }


def _waits(request: HttpRequest, row: Mapping[str, Any]) -> bool:
    """Tell whether the page saves by itself and the item still lacks its points: they are on their way."""
    is_bare = row["points"] is None and not row["not_applicable"]
    is_bare = is_bare or (bool(row["not_applicable"]) and not row["reason"])
    return bool(request.htmx) and is_bare  # type: ignore[attr-defined]  # set by the middleware


def _problems(error: DomainError, sent: list[dict[str, Any]]) -> dict[str, str]:
    """Return the reasons by item; what is about no item stands under the empty key."""
    found: dict[str, str] = {}
    for refusal in error.refusals:
        found.setdefault(_key(refusal, sent), refusal.sentence())
    return found or {"": error.sentence()}


def _key(refusal: Refusal, sent: list[dict[str, Any]]) -> str:
    """Return the item that a reason is about: ``scores[3].points`` or ``items/<id>``."""
    if refusal.fix.startswith("items/"):
        return refusal.fix.removeprefix("items/")
    index = refusal.fix.removeprefix("scores[").partition("]")[0]
    known = refusal.fix.startswith("scores[") and index.isdecimal() and int(index) < len(sent)
    return str(sent[int(index)]["item"]) if known else ""


def _gaps(refusals: tuple[Refusal, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for refusal in refusals:
        if refusal.fix.startswith("scores/items/"):
            key = refusal.fix.removeprefix("scores/items/")
            found[key] = (*found.get(key, ()), refusal.sentence())
    return found
