"""Whoever asks: in which capacities they may act, and in which language they are addressed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Role
from accounts.models import Membership
from accounts.operations import choose_language
from accounts.queries import memberships_of
from api.serializers import StrictSerializer
from api.v1.refs import OrganizationRef, organization_ref
from api.views import ApiView
from nominations.queries.waiting import counts_waiting_for
from notifications.queries import unread_count


class MembershipShape(serializers.Serializer[None]):
    """One capacity of a person."""

    id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    role_label = serializers.CharField()
    organization = OrganizationRef()
    valid_until = serializers.DateTimeField(allow_null=True)


class MeShape(serializers.Serializer[None]):
    """The person, the present capacity and all the others."""

    name = serializers.CharField()
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    acting_as = serializers.IntegerField()
    memberships = MembershipShape(many=True)
    waiting = serializers.DictField(child=serializers.IntegerField())
    unread_notices = serializers.IntegerField()


class MeChange(StrictSerializer):
    """What a person may change here."""

    language = serializers.CharField(max_length=10)


class MeView(ApiView):
    """The person who asks."""

    @extend_schema(responses=MeShape)
    def get(self, request: Request) -> Response:
        """Show who asks, in which capacities they may act, and what waits for them."""
        return self._show(self.actor.language)

    @extend_schema(request=MeChange, responses=MeShape)
    def patch(self, request: Request) -> Response:
        """Choose the language of pages and mails."""
        change = MeChange(data=request.data)
        change.is_valid(raise_exception=True)
        language = change.validated_data["language"]
        choose_language(user_id=self.actor.person_id, language=language)
        return self._show(language)

    def _show(self, language: str) -> Response:
        rows = [membership_row(one) for one in memberships_of(self.actor.person_id, at=self.at)]
        shown = {"name": self.actor.name, "language": language, "acting_as": self.actor.membership_id}
        waiting = {"waiting": counts_waiting_for(self.actor), "unread_notices": unread_count(self.actor)}
        return Response(shown | waiting | {"memberships": rows})


def membership_row(membership: Membership) -> dict[str, Any]:
    """Return one capacity."""
    return {
        "id": membership.pk,
        "role": membership.role,
        "role_label": membership.get_role_display(),
        "organization": organization_ref(membership.organization),
        "valid_until": membership.valid_until,
    }
