"""Values as JSON keeps them: the digest is taken of what a later reader will find in the column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """Return ``value`` made of dicts, lists, strings, integers, booleans and ``None`` only."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, date):  # and datetime, its subclass
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal | float | str) else value
