"""The shapes of answers, for the schema; what is written by hand for speed is described here and compared in a test."""

from __future__ import annotations

from rest_framework import serializers

from workflow.enums import Comment, EventKind


class FieldErrorShape(serializers.Serializer[None]):
    """One input at fault."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_blank=True)


class RefusalShape(serializers.Serializer[None]):
    """One reason against a move, and where to mend it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()
    fix = serializers.CharField(allow_blank=True)


class ProblemShape(serializers.Serializer[None]):
    """An answer that is no success (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldErrorShape(many=True)  # type: ignore[assignment]  # the contract's word
    refusals = RefusalShape(many=True, required=False)


class VerdictShape(serializers.Serializer[None]):
    """Whether one move may be made now, and what it asks for."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract's word
    allowed = serializers.BooleanField()
    refusals = RefusalShape(many=True)
    comment = serializers.ChoiceField(choices=Comment.choices)
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]  # the contract's word


class ByShape(serializers.Serializer[None]):
    """Who did it: the office; the person only within the same office."""

    organization = serializers.CharField()
    role = serializers.CharField()
    person = serializers.CharField(allow_null=True)


class EventShape(serializers.Serializer[None]):
    """One link of an object's chain of events."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract's word
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    at = serializers.DateTimeField()
    by = ByShape()
    comment = serializers.CharField(allow_blank=True)
    changes = serializers.DictField(allow_null=True)
    documents = serializers.DictField(allow_null=True)
    payload = serializers.DictField(allow_null=True)
    digest = serializers.CharField()
    hash = serializers.CharField()


class MoveShape(serializers.Serializer[None]):
    """A wish to move one object."""

    name = serializers.CharField()
    comment = serializers.CharField(required=False, allow_blank=True)
    data = serializers.DictField(required=False)  # type: ignore[assignment]  # the contract's word
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class ItemShape(serializers.Serializer[None]):
    """One row of a bulk move."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class BulkShape(serializers.Serializer[None]):
    """A wish to move many objects."""

    name = serializers.CharField()
    comment = serializers.CharField(required=False, allow_blank=True)
    data = serializers.DictField(required=False)  # type: ignore[assignment]  # the contract's word
    items = serializers.ListField(child=ItemShape(), min_length=1, max_length=500)
    mode = serializers.ChoiceField(choices=["all_or_nothing", "skip_refused"], required=False)
    dry_run = serializers.BooleanField(required=False)


class OutcomeShape(serializers.Serializer[None]):
    """What became of one row of a bulk move."""

    id = serializers.UUIDField()
    allowed = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    refusals = RefusalShape(many=True)
    event = EventShape(allow_null=True)


class OutcomesShape(serializers.Serializer[None]):
    """What became of a bulk move: how many moved, and a verdict per row in the order of the request."""

    moved = serializers.IntegerField()
    results = OutcomeShape(many=True)
