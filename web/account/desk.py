"""What is shown to whoever has no desk of their own: a viewer, an administrator."""

from __future__ import annotations

from web.navigation import Desk

DESK = Desk()
