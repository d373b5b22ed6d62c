"""How answers become bytes: JSON in UTF-8, instants with the offset of the place, decimals as strings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder


class Encoder(JSONEncoder):
    """DRF's encoder, but exact: instants in the time zone of the programme, decimals with every digit as strings."""

    def default(self, obj: Any) -> Any:
        """Return what stands for ``obj`` in JSON."""
        if isinstance(obj, datetime):
            return stamp(obj)
        return format(obj, "f") if isinstance(obj, Decimal) else super().default(obj)


class JSONRenderer(renderers.JSONRenderer):
    """The only renderer of the interface; it takes no wish for indentation."""

    encoder_class = Encoder

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        """Return ``None``: answers are for programs."""


def stamp(at: datetime) -> str:
    """Return an instant as ISO 8601 with the offset of the programme's time zone."""
    return timezone.localtime(at).isoformat()
