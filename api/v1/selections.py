"""The selection that is drawn from the frozen ranking."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.acts import Versioned
from api.preconditions import precondition, version_wanted
from api.problems import refusal_row
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.shapes import RefusalShape
from api.v1.papers import PaperRowShape, PaperShape, PapersView, PaperView, paper_row, paper_sheet
from api.v1.refs import CommunityRef, OrganizationRef, community_ref, organization_ref, picked
from api.views import versioned
from nominations.enums import NominationState, SelectionOutcome, SelectionStanding, Window
from nominations.models import Selection, SelectionRow
from nominations.operations.selection import (
    decide_tie,
    edit_row,
    explain_fewer,
    prepare_selection,
    refresh_selection,
)
from nominations.queries.selection import Consequence, preview_of
from nominations.rules.concentration import KINDS, Concentration
from notifications.previews import said_to_company
from workflow import engine


class SelectionRowShape(serializers.Serializer[None]):
    """What a selection says about one community."""

    nomination = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    community = CommunityRef()
    rank = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=SelectionOutcome.choices)
    reason = serializers.CharField(allow_blank=True)
    standing = serializers.ChoiceField(choices=SelectionStanding.choices)
    stability = serializers.JSONField()
    district = OrganizationRef()
    company = OrganizationRef()


class ConcentrationShape(serializers.Serializer[None]):
    """How many of the places fall to one district or company, in percent as well."""

    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField()
    name = serializers.CharField()
    places = serializers.IntegerField()
    share = serializers.DecimalField(max_digits=6, decimal_places=2)
    above = serializers.BooleanField()


class SelectionShape(PaperShape):
    """A selection with its rows in the order of their ranks."""

    tie_decision = serializers.CharField(allow_blank=True)
    fewer_reason = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    rows = SelectionRowShape(many=True)
    concentrations = ConcentrationShape(many=True)


class ToldShape(serializers.Serializer[None]):
    """The very sentences that a company would be told."""

    title = serializers.CharField()
    body = serializers.CharField()
    then = serializers.CharField(allow_blank=True)


class ConsequenceShape(serializers.Serializer[None]):
    """What approval would bring to one community; an obstacle keeps the whole selection from being approved."""

    nomination = serializers.UUIDField()
    community = CommunityRef()
    company = OrganizationRef()
    rank = serializers.IntegerField()
    from_state = serializers.ChoiceField(choices=NominationState.choices)
    to_state = serializers.ChoiceField(choices=NominationState.choices)
    from_label = serializers.CharField()
    to_label = serializers.CharField()
    obstacles = RefusalShape(many=True)
    told = ToldShape(allow_null=True)


class PreviewShape(serializers.Serializer[None]):
    """What approving a selection as it stands would bring about."""

    places = serializers.IntegerField()
    places_taken = serializers.IntegerField()
    places_after = serializers.IntegerField()
    reserves_after = serializers.IntegerField()
    rows = ConsequenceShape(many=True)
    concentrations = ConcentrationShape(many=True)


class SelectionStart(StrictSerializer):
    """In which campaign a selection is prepared."""

    campaign = serializers.UUIDField()


class SelectionRowChange(StrictSerializer):
    """What a drafted selection is to say about one community."""

    nomination = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=SelectionOutcome.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class SelectionChange(StrictSerializer):
    """A row, the decision on equal ranks at a line, or why places are left free."""

    row = SelectionRowChange(required=False)
    tie_decision = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    fewer_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
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
        shown = engine.find(Selection, made.pk, actor=self.actor)
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
        """Carry out what was asked for; the version that was seen is that before the first change."""
        common: dict[str, Any] = {"selection_id": pk, "actor": self.actor, "at": self.at}
        changes: list[partial[Any]] = []
        if "row" in asked:
            row = dict(asked["row"])
            row |= {"nomination_id": row.pop("nomination"), "outcome": SelectionOutcome(row["outcome"])}
            changes.append(partial(edit_row, **row))
        if "tie_decision" in asked:
            changes.append(partial(decide_tie, decision=asked["tie_decision"]))
        if "fewer_reason" in asked:
            changes.append(partial(explain_fewer, reason=asked["fewer_reason"]))
        version = version_wanted(self.request, asked.get("version"))
        with transaction.atomic():
            for change in changes:
                change(**common, version=version)
                version = None


class SelectionRefreshView(PaperView[Selection]):
    """A draft in line with what has happened since it was prepared."""

    model = Selection

    @extend_schema(request=Versioned, responses=SelectionShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Drop communities that can no longer be selected and add those that now can; what was said of others stays."""
        self.require_role(pk)
        wish = Versioned(data=self.body)
        wish.is_valid(raise_exception=True)
        with precondition(request):
            version = version_wanted(request, wish.validated_data.get("version"))
            refresh_selection(selection_id=pk, actor=self.actor, at=self.at, version=version)
        selection = self.find(pk)
        return versioned(selection_sheet(selection, self.actor, self.at), selection.version)


class SelectionPreviewView(PaperView[Selection]):
    """What approving a selection would bring about."""

    model = Selection

    @extend_schema(responses=PreviewShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show where each community would go, what its company would be told in which words, and what is in the way."""
        self.find(pk)
        preview = preview_of(pk, actor=self.actor)
        numbers = picked(preview, "places", "places_taken", "places_after", "reserves_after")
        return Response(
            numbers
            | {
                "rows": [self._row(one, preview.selection) for one in preview.consequences],
                "concentrations": [_concentration_row(one) for one in preview.concentrations],
            }
        )

    def _row(self, found: Consequence, selection: Selection) -> dict[str, Any]:
        campaign = selection.campaign
        said = found.move and said_to_company(
            found.row.nomination,
            found.move,
            campaign=campaign,
            ends={Window.REPORT: campaign.report_closes_at},
            at=self.at,
        )
        return {
            "nomination": found.row.nomination_id,
            "community": community_ref(found.row.nomination.community),
            "company": organization_ref(found.row.nomination.company),
            "rank": found.row.rank,
            "from_state": found.from_state.value,
            "to_state": found.to_state.value,
            "from_label": found.from_state.label,
            "to_label": found.to_state.label,
            "obstacles": [refusal_row(one) for one in found.obstacles],
            "told": picked(said, "title", "body", "then") if said else None,
        }


def selection_sheet(selection: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a selection with its rows; load it with its facts."""
    plain = picked(selection, "tie_decision", "fewer_reason", "approved_at")
    lists = {
        "rows": [_selection_row(row) for row in selection.rows.all()],
        "concentrations": [_concentration_row(one) for one in selection.concentrations()],
    }
    return paper_sheet(selection, actor, at) | plain | lists


def _selection_row(row: SelectionRow) -> dict[str, Any]:
    nomination = row.nomination
    return picked(row, "rank", "outcome", "reason", "standing", "stability") | {
        "nomination": nomination.pk,
        "number": nomination.number,
        "community": community_ref(nomination.community),
        "district": organization_ref(nomination.district),
        "company": organization_ref(nomination.company),
    }


def _concentration_row(found: Concentration) -> dict[str, Any]:
    return picked(found.holder, "kind", "id", "name") | {
        "places": found.places,
        "share": found.share,
        "above": found.is_above,
    }
