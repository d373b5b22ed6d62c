"""Serializers that take nothing they do not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

REQUIRED = _("This field is required.")
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

    def require(self, name: str) -> None:
        """Refuse the body for want of a field that the rest of it makes necessary."""
        raise serializers.ValidationError({name: [serializers.ErrorDetail(str(REQUIRED), code="required")]})

    def forbid(self, name: str) -> None:
        """Refuse the body for a field that the rest of it makes senseless."""
        raise serializers.ValidationError({name: [_stranger(is_known=False)]})

    def _strangers(self, data: Mapping[str, Any]) -> dict[str, Any]:
        known = self.fields
        return {
            name: [_stranger(is_known=name in known)] for name in data if name not in known or known[name].read_only
        }


def _stranger(*, is_known: bool) -> serializers.ErrorDetail:
    if is_known:
        return serializers.ErrorDetail(str(READ_ONLY_FIELD), code="read_only_field")
    return serializers.ErrorDetail(str(UNKNOWN_FIELD), code="unknown_field")
