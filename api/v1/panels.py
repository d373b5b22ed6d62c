"""Panels: proposed, looked through, changed by hand, deployed; and the board of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.acts import Versioned
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.v1.assignments import AssignmentShape, assignment_row
from api.v1.refs import CommunityRef, OrganizationRef, PersonRef, community_ref, organization_ref, picked
from api.views import ListView, ObjectView, versioned
from nominations.enums import Capacity, ConflictKind
from nominations.models import Campaign, PanelProposal, PanelSeat
from nominations.operations import panel
from nominations.queries.panel import Board, Row, board_of, proposals_visible_to


class SeatShape(serializers.Serializer[None]):
    """An evaluator proposed for a community."""

    evaluator = serializers.UUIDField()
    person = PersonRef()
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    is_manual = serializers.BooleanField()


class PanelRowShape(serializers.Serializer[None]):
    """One community and whom the proposal names for it."""

    nomination = serializers.UUIDField()
    community = CommunityRef()
    district = OrganizationRef()
    seats = SeatShape(many=True)


class LackShape(serializers.Serializer[None]):
    """What could not be filled: of which capacity, empty where anybody would do, and how many."""

    nomination = serializers.UUIDField()
    capacity = serializers.ChoiceField(choices=Capacity.choices, allow_null=True)
    count = serializers.IntegerField()


class AvoidedShape(serializers.Serializer[None]):
    """A pair that a conflict of interest forbade; of what kind, and no more."""

    nomination = serializers.UUIDField()
    evaluator = serializers.UUIDField()
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=ConflictKind.choices))


class ProposalShape(serializers.Serializer[None]):
    """A proposal of panels: the same input digest means the same input and the same seed."""

    id = serializers.UUIDField()
    campaign = serializers.UUIDField()
    seed = serializers.IntegerField()
    input_digest = serializers.CharField()
    version = serializers.IntegerField()
    prepared_at = serializers.DateTimeField()
    deployed_at = serializers.DateTimeField(allow_null=True)
    replaced_at = serializers.DateTimeField(allow_null=True)
    rows = PanelRowShape(many=True)
    lacking = LackShape(many=True)
    avoided = AvoidedShape(many=True)
    loads = serializers.DictField(child=serializers.IntegerField())


class ProposalWish(StrictSerializer):
    """For which campaign, and from which seed if not from the next one."""

    campaign = serializers.UUIDField()
    seed = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=panel.LARGEST_SEED
    )


class PanelRowWish(Versioned):
    """Who shall score one community instead of those proposed."""

    nomination = serializers.UUIDField()
    evaluators = serializers.ListField(child=serializers.UUIDField(), max_length=20)


class BoardRowShape(serializers.Serializer[None]):
    """One community of the board; how far its sheets are, without a point."""

    nomination = serializers.UUIDField()
    community = CommunityRef()
    district = OrganizationRef()
    state = serializers.CharField()
    seated = AssignmentShape(many=True)
    left = AssignmentShape(many=True)
    lacking = serializers.IntegerField()
    handed_in = serializers.IntegerField()


class LoadShape(serializers.Serializer[None]):
    """How many communities somebody has in this campaign."""

    evaluator = serializers.UUIDField()
    person = PersonRef()
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    load = serializers.IntegerField()


class BoardShape(serializers.Serializer[None]):
    """The panels of a campaign."""

    rows = BoardRowShape(many=True)
    loads = LoadShape(many=True)


class PanelsView(ListView):
    """Proposals of panels."""

    queryset = PanelProposal.objects.none()
    orderings = {"prepared_at": ("prepared_at",)}
    usual_ordering = "-prepared_at"
    filter_backends = []

    @extend_schema(responses=ProposalShape(many=True))
    def get(self, request: Request) -> Response:
        """List the proposals, the latest first."""
        return self.page(proposals_visible_to(self.actor), proposal_row)

    @extend_schema(request=ProposalWish, responses={201: ProposalShape})
    def post(self, request: Request) -> Response:
        """Propose evaluators for every community that lacks some; an open proposal is replaced."""
        wish = ProposalWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        made = panel.propose_panels(campaign_id=asked["campaign"], seed=asked["seed"], actor=self.actor, at=self.at)
        return versioned(proposal_row(proposals_visible_to(self.actor).get(pk=made.pk)), made.version, status=201)


class PanelPart(ObjectView):
    """What every address below a proposal begins with."""

    def rows(self) -> QuerySet[PanelProposal]:
        """Return the proposals in sight."""
        return proposals_visible_to(self.actor)

    def shown(self, pk: UUID) -> Response:
        """Return the proposal as it now stands."""
        found = self.find(pk)
        return versioned(proposal_row(found), found.version)


class PanelView(PanelPart):
    """One proposal."""

    @extend_schema(responses=ProposalShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show a proposal: every row, everybody's load, conflicts avoided, who is lacking where."""
        return self.shown(pk)

    @extend_schema(request=PanelRowWish, responses=ProposalShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Put other evaluators into one row; whoever is in conflict is refused."""
        self.require_role(pk)
        wish = PanelRowWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        with precondition(request):
            panel.change_panel(
                proposal_id=pk,
                nomination_id=asked["nomination"],
                evaluator_ids=asked["evaluators"],
                version=version_wanted(request, asked.get("version")),
                actor=self.actor,
                at=self.at,
            )
        return self.shown(pk)


class DeployView(PanelPart):
    """Deploying a proposal."""

    @extend_schema(request=Versioned, responses=ProposalShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Assign everybody whom the proposal names, in one transaction, each with a notice."""
        self.require_role(pk)
        wish = Versioned(data=self.body)
        wish.is_valid(raise_exception=True)
        with precondition(request):
            version = version_wanted(request, wish.validated_data.get("version"))
            panel.deploy_panels(proposal_id=pk, version=version, actor=self.actor, at=self.at)
        return self.shown(pk)


class BoardView(ObjectView):
    """The board of a campaign."""

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor)

    @extend_schema(responses=BoardShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show who scores what and how far they are; no points, no totals."""
        return Response(self._content(board_of(self.find(pk), self.actor)))

    def _content(self, board: Board) -> dict[str, Any]:
        return {
            "rows": [self._row(row) for row in board.rows],
            "loads": [
                {
                    "evaluator": one.pk,
                    "person": picked(one.user, "id", "name"),
                    "capacity": one.kind,
                    "load": load,
                }
                for one, load in board.loads
            ],
        }

    def _row(self, row: Row) -> dict[str, Any]:
        return {
            "nomination": row.nomination.pk,
            "community": community_ref(row.nomination.community),
            "district": organization_ref(row.nomination.district),
            "state": row.nomination.state,
            "seated": [assignment_row(one, self.actor) for one in row.seated],
            "left": [assignment_row(one, self.actor) for one in row.left],
            "lacking": row.lacking,
            "handed_in": row.handed_in,
        }


def proposal_row(proposal: PanelProposal) -> dict[str, Any]:
    """Return a proposal with all that was found."""
    plain = picked(proposal, "id", "seed", "input_digest", "version", "prepared_at", "deployed_at", "replaced_at")
    rows: dict[UUID, list[PanelSeat]] = {}
    for seat in proposal.seats.all():
        rows.setdefault(seat.nomination_id, []).append(seat)
    return plain | {
        "campaign": proposal.campaign_id,
        "rows": [_panel_row(seats) for seats in rows.values()],
        **proposal.findings,
    }


def _panel_row(seats: Sequence[PanelSeat]) -> dict[str, Any]:
    nomination = seats[0].nomination
    return {
        "nomination": nomination.pk,
        "community": community_ref(nomination.community),
        "district": organization_ref(nomination.district),
        "seats": [
            {
                "evaluator": seat.evaluator_id,
                "person": picked(seat.evaluator.user, "id", "name"),
                "capacity": seat.evaluator.kind,
                "is_manual": seat.is_manual,
            }
            for seat in seats
        ],
    }
