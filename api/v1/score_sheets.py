"""Blind score sheets: filled in item by item, handed in once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Role
from api.serializers import StrictSerializer
from api.v1.sheets import SheetShape, sheet_row
from api.views import ObjectView
from evaluation import operations as evaluation
from evaluation.models import ScoreSheet
from evaluation.scoring import Mark
from nominations.models import Assignment


class ScoreWish(StrictSerializer):
    """One mark, and the version of it that the device last saw."""

    item = serializers.UUIDField()
    points = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True, default=None)
    not_applicable = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)


class ScoresWish(StrictSerializer):
    """Marks of one sheet; what is not sent stays."""

    scores = serializers.ListField(child=ScoreWish(), min_length=1, max_length=200)


class SavedShape(serializers.Serializer[None]):
    """What became of the marks: those that another device had changed were left alone."""

    conflicts = serializers.ListField(child=serializers.UUIDField())
    sheet = SheetShape()


class SheetPart(ObjectView):
    """What every address below a score sheet begins with."""

    def rows(self) -> QuerySet[ScoreSheet]:
        """Return the evaluator's own sheets of assignments without a conflict; blind to everybody else's."""
        own = Assignment.objects.filter(evaluator=self.actor.person_id, conflict_reason="", sheet__isnull=False)
        sheets = ScoreSheet.objects.filter(pk__in=own.values("sheet"))
        return sheets if self.actor.role == Role.EVALUATOR else sheets.none()


class SheetView(SheetPart):
    """One score sheet."""

    @extend_schema(responses=SheetShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the evaluator's own sheet in the wording that it is scored on."""
        return Response(sheet_row(self.find(pk).pk))


class ScoresView(SheetPart):
    """The marks of one sheet."""

    @extend_schema(request=ScoresWish, responses=SavedShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Save marks; sending the same ones again changes nothing, and nothing newer is written over."""
        self.require_role(pk)
        wish = ScoresWish(data=self.body)
        wish.is_valid(raise_exception=True)
        self.find(pk)
        entries = [_entry(row) for row in wish.validated_data["scores"]]
        saved = evaluation.save_scores(sheet_id=pk, scorer_id=self.actor.person_id, entries=entries, at=self.at)
        conflicts = [conflict.entry.item_id for conflict in saved.conflicts]
        return Response({"conflicts": conflicts, "sheet": sheet_row(pk)})


class HandInView(SheetPart):
    """Handing a sheet in."""

    @extend_schema(request=None, responses=SheetShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Hand the sheet in; from now on it does not change."""
        self.require_role(pk)
        self.find(pk)
        evaluation.hand_in(sheet_id=pk, scorer_id=self.actor.person_id, at=self.at)
        return Response(sheet_row(pk))


def _entry(row: Mapping[str, Any]) -> evaluation.Entry:
    points: Decimal | None = row["points"]
    mark = Mark(points, row["not_applicable"], row["reason"], row["remark"], row["photo"])
    return evaluation.Entry(row["item"], mark, row["version"])
