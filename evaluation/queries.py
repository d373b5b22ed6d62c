"""Reads of standards and sheets. Who may see which sheet is decided by the caller, who knows the subjects and roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, QuerySet, UUIDField, Value

from common.digest import canonical_digest
from common.refusals import Refusal
from evaluation.enums import SheetState
from evaluation.models import ItemScore, ScoreSheet, Standard, StandardGroup, StandardItem
from evaluation.rules import missing_on_sheet
from evaluation.scoring import (
    CannotScore,
    GroupOutline,
    ItemOutline,
    Leaf,
    Mark,
    PanelScore,
    SheetFigures,
    SheetScore,
    StandardOutline,
    panel_score,
    score_sheet,
)


class IsAnyOf(Func):
    """``left = ANY(array)``: one parameter where ``__in`` sends a thousand, and one statement for any number."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class HandedIn(NamedTuple):
    """A sheet that counts: its exact figures, who filled it in and in which capacity, and the digest of all of it."""

    figures: SheetFigures
    scorer_id: int
    scorer_role: str
    digest: str


@dataclass(frozen=True, slots=True)
class FilledLine:
    """One item of a sheet as it was filled in; ``mark`` is ``None`` while it is not scored."""

    leaf: Leaf
    mark: Mark | None
    version: int


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet with the wording it was scored on, its marks and its arithmetic.

    ``score`` is there once the sheet is handed in, worked out afresh from the marks. ``is_intact`` tells whether it is
    what the sheet says and all that is stored still has the digest of the hand-in; always true for an open sheet.
    """

    sheet: ScoreSheet
    lines: tuple[FilledLine, ...]
    score: SheetScore | None
    is_intact: bool


def outline_of(standard_id: UUID) -> StandardOutline:
    """Return the groups, items and parts of a standard as scoring reads them, in two queries."""
    items = StandardItem.objects.filter(group__standard_id=standard_id).order_by("position")
    below: dict[UUID, list[StandardItem]] = defaultdict(list)
    for item in items:
        below[item.refines_id or item.group_id].append(item)
    groups = StandardGroup.objects.filter(standard_id=standard_id).order_by("position")
    return StandardOutline(tuple(_group_outline(group, below) for group in groups))


def newest_version(code: str) -> Standard | None:
    """Return the newest version of a standard, frozen or not; ``None`` when the code is unknown."""
    return Standard.objects.filter(code=code).order_by("-version").first()


def marks_on(sheet_id: UUID) -> dict[UUID, Mark]:
    """Return the marks of a sheet by item id; items that are not scored are left out."""
    return {score.item_id: mark_of(score) for score in ItemScore.objects.filter(sheet_id=sheet_id)}


def missing_on(sheet: ScoreSheet) -> list[Refusal]:
    """List what the sheet lacks before it can be handed in; empty when nothing."""
    return missing_on_sheet(outline_of(sheet.standard_id), marks_on(sheet.pk))


def filled_sheet(sheet_id: UUID) -> FilledSheet:
    """Return a sheet exactly as it was filled in, years later too, in the wording of its own standard (S-19).

    Raises ``ScoreSheet.DoesNotExist``.
    """
    sheet = ScoreSheet.objects.select_related("standard", "scorer").get(pk=sheet_id)
    outline = outline_of(sheet.standard_id)
    scores = {score.item_id: score for score in ItemScore.objects.filter(sheet_id=sheet_id)}
    marks = {item_id: mark_of(score) for item_id, score in scores.items()}
    lines = tuple(_filled_line(leaf, scores.get(leaf.item.id)) for leaf in outline.leaves())
    if sheet.state == SheetState.OPEN:
        return FilledSheet(sheet, lines, score=None, is_intact=True)
    return FilledSheet(sheet, lines, *_checked_score(sheet, outline, marks))


def versions_of(sheet: ScoreSheet) -> list[ScoreSheet]:
    """Return every version of the sheet, oldest first, with who unlocked it and why."""
    return list(_siblings(sheet).select_related("reopened_by").order_by("version"))


def current_sheets(*, subject_kind: str, subject_ids: Collection[UUID], kind: str) -> QuerySet[ScoreSheet]:
    """Return the newest version of every sheet of one kind for the subjects, open or handed in."""
    listed = IsAnyOf(F("subject_id"), Value(list(subject_ids), ArrayField(UUIDField())))
    return ScoreSheet.objects.filter(listed, subject_kind=subject_kind, kind=kind, successor__isnull=True)


def figures_of(
    *, subject_kind: str, subject_ids: Collection[UUID], kind: str, without: Collection[UUID] = ()
) -> dict[UUID, list[SheetFigures]]:
    """Return the exact figures of the handed-in current sheets by subject, in one query.

    ``without`` names sheets that do not count, as when their evaluator is in conflict. A sheet that was unlocked and
    not handed in again does not count either; a subject without a sheet is left out.
    """
    rows = (
        current_sheets(subject_kind=subject_kind, subject_ids=subject_ids, kind=kind)
        .filter(state=SheetState.HANDED_IN)
        .exclude(pk__in=without)
        .values_list("subject_id", "pk", "group_numerators", "group_denominators")
    )
    figures: dict[UUID, list[SheetFigures]] = defaultdict(list)
    for subject_id, sheet_id, numerators, denominators in rows:
        figures[subject_id].append(SheetFigures(sheet_id, tuple(numerators), tuple(denominators)))
    return dict(figures)


def handed_in_sheets(
    *, subject_kind: str, subject_ids: Collection[UUID], kind: str, among: Collection[UUID]
) -> dict[UUID, list[HandedIn]]:
    """Return the counting sheets ``among`` those named, by subject, with who filled each in and what seals it."""
    rows = (
        current_sheets(subject_kind=subject_kind, subject_ids=subject_ids, kind=kind)
        .filter(IsAnyOf(F("pk"), Value(list(among), ArrayField(UUIDField()))), state=SheetState.HANDED_IN)
        .values_list("subject_id", "pk", "group_numerators", "group_denominators", "scorer_id", "scorer_role", "digest")
    )
    found: dict[UUID, list[HandedIn]] = defaultdict(list)
    for subject_id, pk, numerators, denominators, scorer_id, scorer_role, digest in rows:
        figures = SheetFigures(pk, tuple(numerators), tuple(denominators))
        found[subject_id].append(HandedIn(figures, scorer_id, scorer_role, digest))
    return dict(found)


def panels_of(
    *, subject_kind: str, subject_ids: Collection[UUID], kind: str, without: Collection[UUID] = ()
) -> dict[UUID, PanelScore]:
    """Return the panel score of every subject that has at least one counting sheet; see `figures_of` (S-09)."""
    figures = figures_of(subject_kind=subject_kind, subject_ids=subject_ids, kind=kind, without=without)
    return {subject_id: panel_score(sheets) for subject_id, sheets in figures.items()}


def mark_of(score: ItemScore) -> Mark:
    """Return the mark that a row holds."""
    return Mark(score.points, score.not_applicable, score.reason, score.remark, score.photo_id)


def standard_digest(standard: Standard, outline: StandardOutline) -> str:
    """Return the digest of a standard's wording and weights, bound to the digest of the parent that it refines."""
    parent = standard.parent.digest if standard.parent else None
    groups = [_group_content(group) for group in outline.groups]
    return canonical_digest(
        {
            "code": standard.code,
            "version": standard.version,
            "title": standard.title,
            "parent": parent,
            "groups": groups,
        }
    )


def sheet_digest(sheet: ScoreSheet, outline: StandardOutline, marks: Mapping[UUID, Mark]) -> str:
    """Return the digest of everything on a sheet: who, whom, when, by which standard, every mark and every figure."""
    return canonical_digest(
        {
            "sheet": {"id": sheet.pk, "version": sheet.version, "kind": sheet.kind, "handed_in_at": sheet.handed_in_at},
            "subject": {"kind": sheet.subject_kind, "id": sheet.subject_id},
            "scorer": {"id": sheet.scorer_id, "role": sheet.scorer_role},
            "standard": sheet.standard.digest,
            "marks": [_mark_content(leaf, marks[leaf.item.id]) for leaf in outline.leaves()],
            "groups": [sheet.group_numerators, sheet.group_denominators],
            "total": sheet.total,
        }
    )


def _checked_score(
    sheet: ScoreSheet, outline: StandardOutline, marks: Mapping[UUID, Mark]
) -> tuple[SheetScore | None, bool]:
    try:
        score = score_sheet(outline, marks)
    except CannotScore:  # marks were removed behind the triggers' back: the reader must still see what is left
        return None, False
    stored = SheetFigures(sheet.pk, tuple(sheet.group_numerators), tuple(sheet.group_denominators))
    is_intact = score.figures(sheet.pk) == stored and score.total == sheet.total
    return score, is_intact and sheet_digest(sheet, outline, marks) == sheet.digest


def _siblings(sheet: ScoreSheet) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(
        subject_kind=sheet.subject_kind, subject_id=sheet.subject_id, kind=sheet.kind, scorer_id=sheet.scorer_id
    )


def _filled_line(leaf: Leaf, score: ItemScore | None) -> FilledLine:
    return FilledLine(leaf, mark_of(score), score.version) if score else FilledLine(leaf, None, 0)


def _group_outline(group: StandardGroup, below: Mapping[UUID, list[StandardItem]]) -> GroupOutline:
    items = tuple(_item_outline(item, below) for item in below.get(group.pk, ()))
    return GroupOutline(group.number, group.title, group.weight, items, group.pk)


def _item_outline(item: StandardItem, below: Mapping[UUID, list[StandardItem]]) -> ItemOutline:
    parts = tuple(_item_outline(part, below) for part in below.get(item.pk, ()))
    return ItemOutline(item.text, item.max_points, item.evidence_required, parts, item.pk)


def _group_content(group: GroupOutline) -> dict[str, Any]:
    items = [_item_content(item) for item in group.items]
    return {"number": group.number, "title": group.title, "weight": group.weight, "items": items}


def _item_content(item: ItemOutline) -> dict[str, Any]:
    return {
        "text": item.text,
        "max_points": item.max_points,
        "evidence_required": item.evidence_required,
        "parts": [_item_content(part) for part in item.parts],
    }


def _mark_content(leaf: Leaf, mark: Mark) -> dict[str, Any]:
    return {
        "item": leaf.code,
        "points": mark.points,
        "not_applicable": mark.not_applicable,
        "reason": mark.reason,
        "remark": mark.remark,
        "photo": mark.photo_id,
    }
