"""What a device is given so that a sheet can be scored without signal: its items, addresses and words (row S-09)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse

from accounts.actors import Actor
from attachments.enums import AttachmentState
from evaluation import queries as scores
from evaluation.models import ScoreSheet
from evaluation.queries import FilledLine
from evaluation.rules import explained_below
from nominations.enums import AssignmentStage
from nominations.models import Assignment
from nominations.queries.sheets import photos_of
from web.evaluator import assigned
from web.evaluator.words import WORDS

READER, EDITION = "Jiayuan-Reader", "Jiayuan-Edition"
ANY = UUID(int=0)
ANY_ITEM = 0
# What the pages of an evaluator are drawn with; the service worker keeps all of it.
SHELL = (
    "vendor/bootstrap/bootstrap.min.css",
    "vendor/htmx.org/htmx.min.js",
    "web/tokens.css",
    "web/kit.css",
    "web/evaluator.css",
    "web/kit.js",
    "web/icons.svg",
    "web/favicon.svg",
    "web/evaluator/card.js",
    "web/evaluator/desk.js",
    "web/evaluator/banner.js",
    "web/evaluator/sending.js",
    "web/evaluator/settling.js",
    "web/evaluator/shots.js",
    "web/evaluator/store.js",
    "web/evaluator/uploading.js",
)


def kept(response: HttpResponse, actor: Actor) -> HttpResponse:
    """Let the service worker keep the page, for this reader and nobody else, beside the files that it names."""
    response.headers[READER] = str(actor.person_id)
    response.headers[EDITION] = edition()
    return response


def shell() -> dict[str, Any]:
    """Return the files that the worker keeps, where files lie, and the edition."""
    return {"edition": edition(), "root": settings.STATIC_URL, "files": [static(name) for name in SHELL]}


@cache
def edition() -> str:
    """Return a digest of the files' names and contents: pages of one edition are drawn with the same files."""
    whole = hashlib.sha256()
    for name in SHELL:
        path = finders.find(name)
        whole.update(f"{static(name)}\n".encode())
        whole.update(Path(path).read_bytes() if path else b"")
    return whole.hexdigest()[:16]


def desk_data(actor: Actor, pages: Sequence[Assignment] = ()) -> dict[str, Any]:
    """Return what the script of every page of the desk needs: the reader, common addresses, and pages to keep."""
    open_sheets = [found for found in pages if found.sheet_id and found.stage != AssignmentStage.HANDED_IN]
    return {
        "reader": str(actor.person_id),
        "worker": reverse("web:evaluator:worker"),
        "device": reverse("web:evaluator:device"),
        "sync": reverse("api:score-sheet-sync", args=[ANY]),
        "photos_of": reverse("api:score-sheet-photos", args=[ANY]),
        "login": reverse("account_login"),
        "visits": reverse("web:evaluator:visits"),
        "keep": [
            address
            for found in open_sheets
            for address in (assigned.address(found), assigned.address(found, "item", 1))
        ],
        "words": {name: str(word) for name, word in WORDS.items()},
    }


def sheet_data(found: Assignment, actor: Actor) -> dict[str, Any]:
    """Return what the script needs to show and send every item of the community's sheet."""
    sheet = assigned.sheet_of(found)
    filled = scores.filled_sheet(sheet.pk)
    return desk_data(actor, [found]) | {
        "assignment": str(found.pk),
        "sheet": str(sheet.pk),
        "community": found.nomination.community.name,
        "writable": assigned.is_writable(found),
        "lines": [_line(line) for line in filled.lines],
        "photos": _clean_photos(sheet),
        "urls": {
            "item": assigned.address(found, "item", ANY_ITEM),
            "photo": assigned.address(found, "photo", ANY),
            "overview": assigned.address(found),
        },
    }


def _line(line: FilledLine) -> dict[str, Any]:
    mark, item = line.mark, line.leaf.item
    return {
        "item": str(item.id),
        "code": line.leaf.code,
        "group": f"{line.leaf.group.number}、{line.leaf.group.title} {line.leaf.code}",
        "text": item.text,
        "most": int(item.max_points),
        "explained_below": str(explained_below(item).normalize()),
        "evidence_required": item.evidence_required,
        "points": str(mark.points) if mark and mark.points is not None else None,
        "not_applicable": bool(mark and mark.not_applicable),
        "reason": mark.reason if mark else "",
        "remark": mark.remark if mark else "",
        "photo": str(mark.photo_id) if mark and mark.photo_id else None,
        "version": line.version,
    }


def _clean_photos(sheet: ScoreSheet) -> list[str]:
    return [str(pk) for pk in photos_of(sheet).filter(state=AttachmentState.CLEAN).values_list("pk", flat=True)]
