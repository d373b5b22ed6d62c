"""Later ends of a window: prepared by one officer of the city, approved by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import StrictSerializer
from api.v1.refs import picked
from api.views import ListView, ObjectView
from nominations.enums import Window
from nominations.models import Campaign, Extension
from nominations.operations.extension import approve_extension, prepare_extension


class ExtensionShape(serializers.Serializer[None]):
    """Who shall have longer, until when, and why."""

    id = serializers.UUIDField()
    window = serializers.ChoiceField(choices=Window.choices)
    window_label = serializers.CharField()
    district = serializers.UUIDField(allow_null=True)
    nomination = serializers.UUIDField(allow_null=True)
    until = serializers.DateTimeField()
    reason = serializers.CharField()
    prepared_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)


class ExtensionWish(StrictSerializer):
    """An extension for the whole campaign, one district or one nomination."""

    window = serializers.ChoiceField(choices=Window.choices)
    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=1000)
    district = serializers.UUIDField(required=False, allow_null=True, default=None)
    nomination = serializers.UUIDField(required=False, allow_null=True, default=None)


class CampaignExtensionsView(ObjectView, ListView):
    """The extensions of a campaign."""

    queryset = Extension.objects.none()
    orderings = {"prepared_at": ("prepared_at",)}
    usual_ordering = "-prepared_at"
    filter_backends = []

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor)

    @extend_schema(responses=ExtensionShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the extensions, the latest first."""
        self.find(pk)
        return self.page(Extension.objects.filter(campaign=pk), extension_row)

    @extend_schema(request=ExtensionWish, responses={201: ExtensionShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Prepare an extension; nothing changes before somebody else approves it."""
        self.require_role(pk)
        wish = ExtensionWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        made = prepare_extension(
            campaign_id=pk,
            window=Window(asked["window"]),
            until=asked["until"],
            reason=asked["reason"],
            district_id=asked["district"],
            nomination_id=asked["nomination"],
            actor=self.actor,
            at=self.at,
        )
        return Response(extension_row(made), status=201)


class ExtensionApprovalView(ObjectView):
    """Approving an extension."""

    def rows(self) -> QuerySet[Extension]:
        """Return the extensions of the campaigns in sight."""
        return Extension.objects.filter(campaign__in=Campaign.objects.visible_to(self.actor))

    @extend_schema(request=None, responses=ExtensionShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Let the extension count from now on."""
        self.require_role(pk)
        return Response(extension_row(approve_extension(extension_id=pk, actor=self.actor, at=self.at)))


def extension_row(extension: Extension) -> dict[str, Any]:
    """Return an extension as it is listed."""
    return picked(extension, "id", "window", "until", "reason", "prepared_at", "approved_at") | {
        "window_label": extension.get_window_display(),
        "district": extension.district_id,
        "nomination": extension.nomination_id,
    }
