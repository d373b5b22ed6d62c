"""The ranking of a campaign: every figure that makes it, why each community stands there, and how firmly."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.operations import record_export
from api.v1.refs import picked
from api.v1.sheets import SheetShape, sheet_content
from api.views import ObjectView
from evaluation.diagnostics import EvaluatorFigures
from nominations.models import Campaign, Ranking
from nominations.operations.ranking import RankingMissing, freeze_ranking, require_evaluation_over
from nominations.queries.diagnostics import Diagnostics, diagnostics_for
from nominations.queries.ranking import roll_of
from nominations.queries.ranking_explained import Explained, explain, ranking_in_force
from nominations.queries.ranking_export import csv_of
from workflow.errors import NotFound


class NoRankingYet(RankingMissing):
    """There is nothing to show before the ranking was frozen."""

    status = 404


class RankingShape(serializers.Serializer[None]):
    """A frozen order with scores, weights, tie-break values; nothing in it changes afterwards."""

    id = serializers.UUIDField()
    frozen_at = serializers.DateTimeField()
    digest = serializers.CharField()
    figures = serializers.DictField()


class ExplainedSheetShape(SheetShape):
    """A sheet of a ranked community, under the code of its evaluator."""

    evaluator = serializers.CharField()
    dropped = serializers.BooleanField()


class ExplainedShape(serializers.Serializer[None]):
    """Why a community stands where it does, in the reader's language; ``arithmetic`` says it line by line."""

    ranking = serializers.UUIDField()
    digest = serializers.CharField()
    row = serializers.DictField()
    above = serializers.DictField(allow_null=True)
    below = serializers.DictField(allow_null=True)
    why = serializers.CharField(allow_blank=True)
    why_not_above = serializers.CharField(allow_blank=True)
    arithmetic = serializers.ListField(child=serializers.CharField())
    sheets = ExplainedSheetShape(many=True)


class EvaluatorShape(serializers.Serializer[None]):
    """How one evaluator scored beside the others; ``difference`` is to their mean on the same communities."""

    evaluator = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    sheets = serializers.IntegerField()
    mean = serializers.DecimalField(max_digits=5, decimal_places=2)
    spread = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    difference = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    compared = serializers.IntegerField()
    correlation = serializers.DecimalField(max_digits=4, decimal_places=3, allow_null=True)
    leniency = serializers.CharField(allow_null=True)


class PanelFiguresShape(serializers.Serializer[None]):
    """How far evaluators who scored the same communities agree: Kendall's W."""

    evaluators = serializers.ListField(child=serializers.CharField())
    communities = serializers.IntegerField()
    concordance = serializers.DecimalField(max_digits=4, decimal_places=3, allow_null=True)


class DiagnosticsShape(serializers.Serializer[None]):
    """Figures about evaluators, shown and never applied; ``adjusted``: strictness can be told apart at all."""

    evaluators = EvaluatorShape(many=True)
    panels = PanelFiguresShape(many=True)
    adjusted = serializers.BooleanField()
    parts = serializers.IntegerField()


class CampaignPart(ObjectView):
    """What every address about a campaign's ranking begins with."""

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor)

    def ranking_of(self, pk: UUID) -> Ranking:
        """Return the ranking in force of a campaign in sight; raises ``NoRankingYet``."""
        ranking = ranking_in_force(self.find(pk).pk)
        if ranking is None:
            raise NoRankingYet
        return ranking


class RankingView(CampaignPart):
    """The ranking of a campaign."""

    @extend_schema(responses=RankingShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the ranking in force: every figure that makes the order."""
        return Response(_ranking_row(self.ranking_of(pk)))

    @extend_schema(request=None, responses={201: RankingShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Freeze the ranking, once no community is being evaluated any more; an earlier one is superseded."""
        self.require_role(pk)
        return Response(_ranking_row(freeze_ranking(campaign_id=pk, actor=self.actor, at=self.at)), status=201)


class RankingExplainedView(CampaignPart):
    """One community in the ranking."""

    @extend_schema(operation_id="campaigns_ranking_explained_retrieve", responses=ExplainedShape)
    def get(self, request: Request, pk: UUID, nomination: UUID) -> Response:
        """Show why a community stands where it does: per item, sheet, group, total, tie-break, neighbor."""
        explained = explain(self.ranking_of(pk), nomination_id=nomination)
        if explained is None:
            raise NotFound
        return Response(_explained_row(explained))


class RankingExportView(CampaignPart):
    """The ranking as a table, which leaves the product and so stands in the log of exports (decision 35)."""

    takes_key = False
    keeps_answers = False  # a table is no answer to be kept; what is handed out twice stands twice in the log

    @extend_schema(request=None, responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def post(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        """Hand out everything that enters the ranking in force, for working it out anew (docs/recompute_ranking.py)."""
        ranking = self.ranking_of(pk)
        campaign, rows = ranking.campaign.code, len(ranking.figures["rows"])
        record_export(
            actor=self.actor, at=self.at, subject="ranking", rows=rows, about=campaign, request_id=self.request_id
        )
        name = f"ranking-{campaign}-{ranking.digest[:8]}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return StreamingHttpResponse(csv_of(ranking), content_type="text/csv; charset=utf-8", headers=headers)


class DiagnosticsView(CampaignPart):
    """How evaluators score beside each other."""

    @extend_schema(responses=DiagnosticsShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the figures of every evaluator and panel, once no community is being evaluated any more."""
        campaign = self.find(pk)
        require_evaluation_over(campaign, self.at)
        return Response(_diagnostics_row(diagnostics_for(roll_of(campaign), self.actor)))


def _ranking_row(ranking: Ranking) -> dict[str, Any]:
    return picked(ranking, "id", "frozen_at", "digest", "figures")


def _explained_row(explained: Explained) -> dict[str, Any]:
    sheets = zip(explained.row["sheets"], explained.sheets, strict=True)
    return {
        "ranking": explained.ranking.pk,
        "digest": explained.ranking.digest,
        "row": explained.row,
        "above": explained.above,
        "below": explained.below,
        "why": explained.why,
        "why_not_above": explained.why_not_above,
        "arithmetic": explained.arithmetic,
        "sheets": [
            sheet_content(filled) | {"evaluator": sheet["evaluator"], "dropped": sheet["dropped"]}
            for sheet, filled in sheets
        ],
    }


def _diagnostics_row(found: Diagnostics) -> dict[str, Any]:
    return {
        "evaluators": [_evaluator_row(figures, found) for figures in found.evaluators],
        "panels": [
            {"evaluators": panel.scorers, "communities": panel.subjects, "concordance": panel.concordance}
            for panel in found.panels
        ],
        "adjusted": found.adjustment.is_identified,
        "parts": found.adjustment.parts,
    }


def _evaluator_row(figures: EvaluatorFigures, found: Diagnostics) -> dict[str, Any]:
    leniency = found.adjustment.leniencies.get(figures.scorer)
    plain = picked(figures, "sheets", "mean", "spread", "difference", "compared", "correlation")
    return plain | {
        "evaluator": figures.scorer,
        "name": found.names.get(figures.scorer, ""),
        "leniency": None if leniency is None else str(leniency),
    }
