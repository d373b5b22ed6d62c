"""One score sheet, item by item: where every figure of a ranking ends (rows S-09, S-11, S-15).

Read by the city's readers once everybody on the panel has handed in; which sheets those are is told in
`nominations.queries.sheets`, for every page and the API alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from attachments.downloads import respond
from evaluation.models import ScoreSheet
from evaluation.queries import FilledLine, FilledSheet, filled_sheet, versions_of
from nominations.enums import Capacity
from nominations.models import Nomination
from nominations.queries.ranking_explained import ranking_in_force
from nominations.queries.sheets import photos_of, readable_sheets
from web.acting import for_members
from web.city.case import crumbs_of
from web.kit import Link
from workflow import engine
from workflow.errors import NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a sheet, with its photo once that has passed its check."""

    filled: FilledLine
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a sheet: what it gave, by which formula, from which items."""

    number: str
    title: str
    weight: Decimal
    score: Decimal | None
    formula: str
    lines: tuple[Line, ...]


@for_members
def show(request: HttpRequest, sheet_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show a sheet of a panel that has handed in, in the wording that it was scored on."""
    sheet = sheet_of(sheet_id, actor)
    nomination = engine.find(Nomination, sheet.subject_id, actor=actor)
    filled = filled_sheet(sheet.pk)
    page = {
        "sheet": sheet,
        "nomination": nomination,
        "capacity": dict(Capacity.choices).get(sheet.scorer_role, ""),
        "is_intact": filled.is_intact,
        "groups": list(_groups(filled)),
        "versions": versions_of(sheet),
        "crumbs": [*crumbs_of(nomination, linked=True), Link(sheet.scorer.name, "", "zh-Hans")],
        "ranking": _place_of(nomination),
        "at": at,
    }
    return render(request, "city/sheet.html", page)


@for_members
def photo(request: HttpRequest, sheet_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> HttpResponseBase:
    """Hand out a photo of such a sheet."""
    found = photos_of(sheet_of(sheet_id, actor)).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return respond(found)


def sheet_of(sheet_id: UUID, actor: Actor) -> ScoreSheet:
    """Return a sheet that the actor may read now; raises ``NotFound``."""
    found = readable_sheets(actor).select_related("scorer", "standard").filter(pk=sheet_id).first()
    if found is None:
        raise NotFound
    return found


def _groups(filled: FilledSheet) -> Iterator[Group]:
    handed_out = {one.pk for one in photos_of(filled.sheet) if one.is_handed_out}
    figures = {figure.group.number: figure for figure in filled.score.groups} if filled.score else {}
    for group, lines in groupby(filled.lines, key=lambda line: line.leaf.group):
        figure = figures.get(group.number)
        shown = tuple(_line(filled, line, handed_out) for line in lines)
        score, formula = (figure.score, figure.formula) if figure else (None, "")
        yield Group(group.number, group.title, group.weight, score, formula, shown)


def _line(filled: FilledSheet, line: FilledLine, handed_out: set[UUID]) -> Line:
    wanted = line.mark.photo_id if line.mark else None
    if wanted not in handed_out:
        return Line(line)
    return Line(line, reverse("web:city:sheet-photo", args=[filled.sheet.pk, wanted]))


def _place_of(nomination: Any) -> Link | None:
    """Return the way back to the explanation of the community's place, where the ranking in force has one."""
    ranking = ranking_in_force(nomination.campaign_id)
    ranked = {row["nomination"] for row in ranking.figures["rows"]} if ranking else set()
    if str(nomination.pk) not in ranked:
        return None
    url = reverse("web:city:ranking-explained", args=[nomination.campaign_id, nomination.pk])
    return Link(_("How the place came about"), url)
