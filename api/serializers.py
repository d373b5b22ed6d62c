"""Serializers that take nothing they do not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

UNKNOWN_FIELD = _("This field does not exist.")
READ_ONLY_FIELD = _("This field cannot be written.")


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that names every field it does not know or does not let be written."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values; raises with every unknown field and every other fault at once."""
        faults = self._strangers(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            faults |= error.detail if isinstance(error.detail, dict) else {"": error.detail}
        if faults:
            raise serializers.ValidationError(faults)
        return values

    def _strangers(self, data: Mapping[str, Any]) -> dict[str, Any]:
        known = self.fields
        return {name: [_stranger(name in known)] for name in data if name not in known or known[name].read_only}


def _stranger(is_known: bool) -> serializers.ErrorDetail:
    if is_known:
        return serializers.ErrorDetail(str(READ_ONLY_FIELD), code="read_only_field")
    return serializers.ErrorDetail(str(UNKNOWN_FIELD), code="unknown_field")
