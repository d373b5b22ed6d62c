"""What the lists beside the papers have in common: who entered a row and when, and how one is read, mended, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from accounts.actors import Actor
from api.serializers import StrictSerializer
from api.v1.refs import picked
from api.views import ListView, ObjectView

RECORDED = ("recorded_at", "changed_at")


class RecordShape(serializers.Serializer[None]):
    """A row that somebody entered."""

    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(allow_null=True)


class RecordsView(ListView):
    """A list of records."""

    model: ClassVar[Any]
    usual_ordering = "-recorded_at"

    def records(self) -> QuerySet[Any]:
        """Return the records in scope, with whatever a row is shown with."""
        return in_scope(self.model, self.actor)


class RecordView(ObjectView):
    """One record."""

    model: ClassVar[Any]

    def rows(self) -> QuerySet[Any]:
        """Return the records in scope, with whatever a row is shown with."""
        return in_scope(self.model, self.actor)


def in_scope(model: Any, actor: Actor) -> QuerySet[Any]:
    """Return the records that the actor may know of."""
    rows: QuerySet[Any] = model.objects.visible_to(actor).in_words()
    return rows


def wish_of(serializer: type[StrictSerializer], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """Return what was sent, days as text as the rules read them; raises for what the shape does not know."""
    wish = serializer(data=request.data, partial=partial)
    wish.is_valid(raise_exception=True)
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in wish.validated_data.items()
    }


def taken(wish: dict[str, Any], name: str) -> UUID:
    """Take the id of what a record is about out of a wish."""
    found: UUID = wish.pop(name)
    return found


def record_row(record: Any, *names: str, **more: Any) -> Mapping[str, Any]:
    """Return a record as it is shown."""
    return picked(record, "id", *names, *RECORDED) | more
