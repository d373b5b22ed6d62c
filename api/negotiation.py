"""Everything here speaks JSON, whatever the caller would rather have."""

from __future__ import annotations

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class AlwaysJSON(DefaultContentNegotiation):
    """Choose the parser by what was sent, and never refuse for what is wanted back."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        """Return the view's first renderer."""
        return renderers[0], renderers[0].media_type
