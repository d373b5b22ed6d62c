"""Acts that are no moves: one domain call with an event of its own, answered like a move."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.events import event_row
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.shapes import EventShape
from api.views import ObjectView
from nominations.models import Nomination
from workflow.declaration import flow_of
from workflow.models import Event


class Versioned(StrictSerializer):
    """A body that may name the version that was seen."""

    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class ActView(ObjectView):
    """One act on a nomination; the address names the operation, and the body what it asks for."""

    operation: ClassVar[Any] = None
    serializer_class: type[Versioned] = Versioned

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)

    @extend_schema(responses=EventShape, parameters=[MATCH_PARAMETER])
    def post(self, request: Request, pk: UUID) -> Response:
        """Carry out the act and return its event."""
        self.require_role(pk)
        wish = self.serializer_class(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        with precondition(request):
            version = version_wanted(request, asked.pop("version", None))
            event: Event = self.operation(nomination_id=pk, actor=self.actor, at=self.at, version=version, **asked)
        return Response(event_row(event, self.actor, flow_of(Nomination)))
