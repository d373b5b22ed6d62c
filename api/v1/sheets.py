"""A score sheet as it is shown: every item in the wording of its standard, what it gave, and the arithmetic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.v1.refs import picked
from evaluation.enums import SheetState
from evaluation.queries import FilledLine, FilledSheet, filled_sheet
from evaluation.rules import explained_below


class LineShape(serializers.Serializer[None]):
    """One item of a sheet."""

    item = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    max_points = serializers.DecimalField(max_digits=3, decimal_places=1)
    evidence_required = serializers.BooleanField()
    explained_below = serializers.DecimalField(max_digits=3, decimal_places=1)
    points = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    not_applicable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    remark = serializers.CharField(allow_blank=True)
    photo = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()


class GroupScoreShape(serializers.Serializer[None]):
    """What one group gave, with the line of arithmetic that anyone can check by hand."""

    number = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.DecimalField(max_digits=5, decimal_places=2)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    formula = serializers.CharField(allow_blank=True)


class StandardRef(serializers.Serializer[None]):
    """The version of the standard that a sheet is scored on, for ever."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()


class SheetShape(serializers.Serializer[None]):
    """A score sheet; ``explained_below`` of a line: fewer points than these need a remark and a photo."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=SheetState.choices)
    version = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    is_intact = serializers.BooleanField()
    digest = serializers.CharField(allow_blank=True)
    standard = StandardRef()
    groups = GroupScoreShape(many=True)
    lines = LineShape(many=True)


def sheet_row(sheet_id: UUID) -> dict[str, Any]:
    """Return a sheet that was found in scope before."""
    return sheet_content(filled_sheet(sheet_id))


def sheet_content(filled: FilledSheet) -> dict[str, Any]:
    """Return a sheet as it is shown."""
    return picked(filled.sheet, "id", "state", "version", "total", "handed_in_at", "digest") | {
        "is_intact": filled.is_intact,
        "standard": picked(filled.sheet.standard, "code", "version", "title"),
        "groups": _group_rows(filled),
        "lines": [_line_row(line) for line in filled.lines],
    }


def _group_rows(filled: FilledSheet) -> list[dict[str, Any]]:
    """Return what each group gave; of an open sheet, and of one whose marks are damaged, only what it is about."""
    if filled.score is None:
        groups = dict.fromkeys(line.leaf.group for line in filled.lines)
        return [picked(group, "number", "title", "weight") | {"score": None, "formula": ""} for group in groups]
    return [
        picked(figure.group, "number", "title", "weight") | picked(figure, "score", "formula")
        for figure in filled.score.groups
    ]


def _line_row(line: FilledLine) -> dict[str, Any]:
    mark = line.mark
    return {
        "item": line.leaf.item.id,
        "code": line.leaf.code,
        "text": line.leaf.item.text,
        "max_points": line.leaf.item.max_points,
        "evidence_required": line.leaf.item.evidence_required,
        "explained_below": explained_below(line.leaf.item),
        "points": mark and mark.points,
        "not_applicable": bool(mark and mark.not_applicable),
        "reason": mark.reason if mark else "",
        "remark": mark.remark if mark else "",
        "photo": mark and mark.photo_id,
        "version": line.version,
    }


def mark_shown(points: Decimal | None) -> str | None:
    """Return points as text, ``None`` where there are none."""
    return None if points is None else format(points, "f")
