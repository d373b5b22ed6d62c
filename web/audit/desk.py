"""The auditor's desk in the navigation."""

from __future__ import annotations

from web.navigation import Desk

DESK = Desk()
