"""The ranking of a campaign with every figure that makes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.refs import picked
from api.views import ObjectView
from nominations.models import Campaign, Ranking
from nominations.operations.ranking import RankingMissing, freeze_ranking


class NoRankingYet(RankingMissing):
    """There is nothing to show before the ranking was frozen."""

    status = 404


class RankingShape(serializers.Serializer[None]):
    """A frozen order with scores, weights, tie-break values; nothing in it changes afterwards."""

    id = serializers.UUIDField()
    frozen_at = serializers.DateTimeField()
    digest = serializers.CharField()
    figures = serializers.DictField()


class RankingView(ObjectView):
    """The ranking of a campaign."""

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor)

    @extend_schema(responses=RankingShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the ranking in force: every figure that makes the order."""
        campaign = self.find(pk)
        ranking = campaign.rankings.filter(superseded_at__isnull=True).first()
        if ranking is None:
            raise NoRankingYet
        return Response(_ranking_row(ranking))

    @extend_schema(request=None, responses={201: RankingShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Freeze the ranking of the evaluated communities; an earlier one is superseded."""
        self.require_role(pk)
        return Response(_ranking_row(freeze_ranking(campaign_id=pk, actor=self.actor, at=self.at)), status=201)


def _ranking_row(ranking: Ranking) -> dict[str, Any]:
    return picked(ranking, "id", "frozen_at", "digest", "figures")
