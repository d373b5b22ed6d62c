"""A score sheet as it is shown: every item in the wording of its standard, what it gave, and the arithmetic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.v1.refs import picked
from evaluation.enums import SheetState
from evaluation.queries import FilledLine, filled_sheet


class LineShape(serializers.Serializer[None]):
    """One item of a sheet."""

    item = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    max_points = serializers.DecimalField(max_digits=3, decimal_places=1)
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
    score = serializers.DecimalField(max_digits=5, decimal_places=2)
    formula = serializers.CharField()


class SheetShape(serializers.Serializer[None]):
    """A score sheet."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=SheetState.choices)
    version = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    is_intact = serializers.BooleanField()
    groups = GroupScoreShape(many=True)
    lines = LineShape(many=True)


def sheet_row(sheet_id: UUID) -> dict[str, Any]:
    """Return a sheet that was found in scope before."""
    filled = filled_sheet(sheet_id)
    groups = filled.score.groups if filled.score else ()
    return picked(filled.sheet, "id", "state", "version", "total", "handed_in_at") | {
        "is_intact": filled.is_intact,
        "groups": [
            picked(figure.group, "number", "title", "weight") | picked(figure, "score", "formula") for figure in groups
        ],
        "lines": [_line_row(line) for line in filled.lines],
    }


def _line_row(line: FilledLine) -> dict[str, Any]:
    mark = line.mark
    return {
        "item": line.leaf.item.id,
        "code": line.leaf.code,
        "text": line.leaf.item.text,
        "max_points": line.leaf.item.max_points,
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
