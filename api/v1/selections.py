"""The selection that is drawn from the frozen ranking."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.v1.papers import PaperRowShape, PaperShape, PapersView, PaperView, paper_row, paper_sheet
from api.v1.refs import CommunityRef, community_ref, picked
from api.views import versioned
from nominations.enums import SelectionOutcome
from nominations.models import Selection, SelectionRow
from nominations.operations.selection import decide_tie, edit_row, prepare_selection


class SelectionRowShape(serializers.Serializer[None]):
    """What a selection says about one community."""

    nomination = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    community = CommunityRef()
    rank = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=SelectionOutcome.choices)
    reason = serializers.CharField(allow_blank=True)


class SelectionShape(PaperShape):
    """A selection with its rows in the order of their ranks."""

    tie_decision = serializers.CharField(allow_blank=True)
    fewer_reason = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    rows = SelectionRowShape(many=True)


class SelectionStart(StrictSerializer):
    """In which campaign a selection is prepared."""

    campaign = serializers.UUIDField()


class SelectionRowChange(StrictSerializer):
    """What a drafted selection is to say about one community."""

    nomination = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=SelectionOutcome.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class SelectionChange(StrictSerializer):
    """A row, or the decision on equal ranks at the cut line."""

    row = SelectionRowChange(required=False)
    tie_decision = serializers.CharField(required=False, max_length=2000)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class SelectionsView(PapersView[Selection]):
    """Selections."""

    model = Selection
    queryset = Selection.objects.none()

    @extend_schema(responses=PaperRowShape(many=True))
    def get(self, request: Request) -> Response:
        """List the selections in scope, the latest first."""
        return self.page(self.papers(), paper_row)

    @extend_schema(request=SelectionStart, responses={201: SelectionShape})
    def post(self, request: Request) -> Response:
        """Draft a selection in rank order from the ranking in force."""
        wish = SelectionStart(data=request.data)
        wish.is_valid(raise_exception=True)
        made = prepare_selection(campaign_id=wish.validated_data["campaign"], actor=self.actor, at=self.at)
        shown = Selection.objects.visible_to(self.actor).with_facts().get(pk=made.pk)
        return versioned(selection_sheet(shown, self.actor, self.at), shown.version, status=201)


class SelectionView(PaperView[Selection]):
    """One selection."""

    model = Selection

    @extend_schema(responses=SelectionShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the selection, and every move open to the reader."""
        selection = self.find(pk)
        return versioned(selection_sheet(selection, self.actor, self.at), selection.version)

    @extend_schema(request=SelectionChange, responses=SelectionShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change one row of a draft, or record the decision on equal ranks."""
        self.require_role(pk)
        change = SelectionChange(data=request.data)
        change.is_valid(raise_exception=True)
        with precondition(request):
            self._apply(pk, change.validated_data)
        selection = self.find(pk)
        return versioned(selection_sheet(selection, self.actor, self.at), selection.version)

    def _apply(self, pk: UUID, asked: dict[str, Any]) -> None:
        version = version_wanted(self.request, asked.get("version"))
        if "row" in asked:
            row = asked["row"]
            edit_row(
                selection_id=pk,
                nomination_id=row["nomination"],
                outcome=SelectionOutcome(row["outcome"]),
                reason=row["reason"],
                actor=self.actor,
                at=self.at,
                version=version,
            )
        if "tie_decision" in asked:
            decision = asked["tie_decision"]
            seen = None if "row" in asked else version
            decide_tie(selection_id=pk, decision=decision, actor=self.actor, at=self.at, version=seen)


def selection_sheet(selection: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a selection with its rows; load it with its facts."""
    rows = selection.rows.select_related("nomination__community")
    plain = picked(selection, "tie_decision", "fewer_reason", "approved_at")
    return paper_sheet(selection, actor, at) | plain | {"rows": [_selection_row(row) for row in rows]}


def _selection_row(row: SelectionRow) -> dict[str, Any]:
    return {
        "nomination": row.nomination_id,
        "number": row.nomination.number,
        "community": community_ref(row.nomination.community),
        "rank": row.rank,
        "outcome": row.outcome,
        "reason": row.reason,
    }
