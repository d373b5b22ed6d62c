"""What the reader is told in the product, how mails come to them, and what became of the mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters.rest_framework import BooleanFilter, ChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.serializers import StrictSerializer
from api.v1.refs import picked
from api.views import ApiView, ListView, ObjectView
from notifications.enums import Category, DeliveryState, Mode
from notifications.letters import letter_for
from notifications.models import Delivery, Notice
from notifications.operations import mark_all_read, mark_read, prefer, send_again
from notifications.queries import (
    deliveries_visible_to,
    notices_of,
    outcomes_for,
    preferences_of,
    troubled_deliveries,
    unread_count,
)


class SubjectRef(serializers.Serializer[None]):
    """What a notice is about."""

    flow = serializers.CharField()
    id = serializers.UUIDField()


class NoticeShape(serializers.Serializer[None]):
    """What the reader is told about one event or one deadline."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    category = serializers.ChoiceField(choices=Category.choices)
    topic = serializers.CharField()
    about = SubjectRef()
    url = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class UnreadShape(serializers.Serializer[None]):
    """How many notices are left unread."""

    unread = serializers.IntegerField()


class PreferenceShape(serializers.Serializer[None]):
    """How the mails of one category come."""

    category = serializers.ChoiceField(choices=Category.choices)
    category_label = serializers.CharField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    can_change = serializers.BooleanField()


class PreferenceChange(StrictSerializer):
    """How the mails of one category are to come."""

    category = serializers.CharField(max_length=10)
    mode = serializers.CharField(max_length=8)


class DeliveryShape(serializers.Serializer[None]):
    """A mail that was refused, given up or perhaps lost."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    state_label = serializers.CharField()
    address = serializers.CharField()
    message_id = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    smtp_code = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    sent_at = serializers.DateTimeField(allow_null=True)


class NoticeFilter(Filters):
    """What the list may be narrowed by."""

    unread = BooleanFilter(field_name="read_at", lookup_expr="isnull")
    category = ChoiceFilter(choices=Category.choices)


class DeliveryFilter(Filters):
    """What the list may be narrowed by."""

    state = ChoiceFilter(choices=DeliveryState.choices)


class NoticesView(ListView):
    """The reader's notices."""

    queryset = Notice.objects.none()
    orderings = {"created_at": ()}
    usual_ordering = "-created_at"
    filterset_class = NoticeFilter

    @extend_schema(responses=NoticeShape(many=True))
    def get(self, request: Request) -> Response:
        """List the reader's notices, the latest first."""
        notices = self.found(notices_of(self.actor))
        outcomes = outcomes_for(notices)
        return self.get_paginated_response([notice_row(one, outcomes.get(one.pk, ())) for one in notices])


class NoticeReadView(ObjectView):
    """Reading one notice."""

    def rows(self) -> QuerySet[Notice]:
        """Return the reader's notices."""
        return notices_of(self.actor)

    @extend_schema(request=None, responses=UnreadShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Mark a notice as read; the first reading counts."""
        mark_read(notice_id=pk, within=notices_of(self.actor), at=self.at)
        return Response({"unread": unread_count(self.actor)})


class NoticesReadView(ApiView):
    """Reading all notices."""

    @extend_schema(request=None, responses=UnreadShape)
    def post(self, request: Request) -> Response:
        """Mark every notice as read."""
        mark_all_read(actor=self.actor, at=self.at)
        return Response({"unread": unread_count(self.actor)})


class PreferencesView(ApiView):
    """How mails come to the reader."""

    @extend_schema(responses=PreferenceShape(many=True), filters=False)
    def get(self, request: Request) -> Response:
        """List how the mails of each category come."""
        chosen = preferences_of(self.actor.person_id)
        return Response([_preference_row(category, mode) for category, mode in chosen.items()])

    @extend_schema(request=PreferenceChange, responses=PreferenceShape)
    def put(self, request: Request) -> Response:
        """Choose how the mails of one category come; those with legal effect always come at once."""
        change = PreferenceChange(data=request.data)
        change.is_valid(raise_exception=True)
        kept = prefer(user_id=self.actor.person_id, **change.validated_data)
        return Response(_preference_row(Category(kept.category), Mode(kept.mode)))


class DeliveriesView(ListView):
    """Mails in trouble."""

    queryset = Delivery.objects.none()
    orderings = {"created_at": ()}
    usual_ordering = "-created_at"
    filterset_class = DeliveryFilter

    @extend_schema(responses=DeliveryShape(many=True))
    def get(self, request: Request) -> Response:
        """List the mails in scope that were refused, given up or perhaps lost, the latest first."""
        return self.page(troubled_deliveries(self.actor), delivery_row)


class DeliveryAgainView(ObjectView):
    """Sending a mail again."""

    def rows(self) -> QuerySet[Delivery]:
        """Return the mails in trouble in scope."""
        return troubled_deliveries(self.actor)

    def traces(self) -> QuerySet[Delivery]:
        """Return the mails in scope: sent again, one is in trouble no more."""
        return deliveries_visible_to(self.actor)

    @extend_schema(request=None, responses=DeliveryShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have a mail in trouble sent once more."""
        self.require_role(pk)
        return Response(delivery_row(send_again(delivery_id=pk, actor=self.actor, at=self.at)))


def notice_row(notice: Notice, outcomes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a notice in the words of its mail, in the language of the request."""
    letter = letter_for(notice, language=get_language() or "", outcomes=outcomes)
    source = notice.reminder.deadline if notice.reminder else notice.event
    assert source is not None  # constraint notice_has_one_source
    return picked(notice, "id", "category", "topic", "created_at", "read_at") | {
        "title": letter.title,
        "text": "\n".join(letter.body),
        "about": {"flow": source.flow, "id": source.subject_id},
        "url": letter.url,
    }


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """Return a mail in trouble."""
    plain = picked(delivery, "id", "state", "address", "message_id", "attempts", "smtp_code", "last_error", "sent_at")
    return plain | {
        "state_label": delivery.get_state_display(),
        "topic": delivery.notice.topic if delivery.notice else "",
    }


def _preference_row(category: Category, mode: Mode) -> dict[str, Any]:
    return {
        "category": category,
        "category_label": category.label,
        "mode": mode,
        "can_change": category != Category.LEGAL,
    }
