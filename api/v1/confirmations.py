"""How the owners' committee stands behind the form: invited by the company, answering at a link of its own."""

from __future__ import annotations

from datetime import datetime
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
from api.v1.refs import picked
from api.views import ObjectView
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import invite_committee
from nominations.queries.confirmation import confirmations_of, standing_of

STANDINGS = ("invited", "confirmed", "refused", "void", "expired", "locked")


class InvitationShape(serializers.Serializer[None]):
    """One invitation and its answer; link and code go to the committee alone."""

    id = serializers.UUIDField()
    standing = serializers.ChoiceField(choices=STANDINGS)
    content_digest = serializers.CharField()
    contact_name = serializers.CharField()
    invited_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ConfirmationShape(serializers.Serializer[None]):
    """Whether the present text is confirmed, and every invitation, the latest first."""

    confirmed = serializers.BooleanField()
    content_digest = serializers.CharField(allow_blank=True)
    invitations = InvitationShape(many=True)


class ConfirmationView(ObjectView):
    """The committee's confirmation of a nomination."""

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)

    @extend_schema(responses=ConfirmationShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show whether the present text is confirmed, and what became of each invitation."""
        nomination: Nomination = self.find(pk)
        digest = nomination.content_digest
        invitations = [invitation_row(one, self.at) for one in confirmations_of(pk, actor=self.actor)]
        confirmed = bool(digest) and nomination.confirmed_digest == digest
        return Response({"confirmed": confirmed, "content_digest": digest, "invitations": invitations})

    @extend_schema(request=Versioned, responses={201: InvitationShape}, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Invite the committee named in the form to confirm the present text; it is told by mail."""
        self.require_role(pk)
        wish = Versioned(data=self.body)
        wish.is_valid(raise_exception=True)
        with precondition(request):
            version = version_wanted(request, wish.validated_data.get("version"))
            invited = invite_committee(nomination_id=pk, actor=self.actor, at=self.at, version=version)
        return Response(invitation_row(invited, self.at), status=201)


def invitation_row(confirmation: CommitteeConfirmation, at: datetime) -> dict[str, Any]:
    """Return one invitation, without what only the committee may have."""
    plain = ("id", "content_digest", "contact_name", "invited_at", "expires_at", "answered_at", "reason")
    return picked(confirmation, *plain) | {"standing": standing_of(confirmation, at=at)}
