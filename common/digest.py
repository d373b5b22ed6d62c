"""Digests that two machines compute alike: canonical JSON and SHA-256 (RFC 8785 in spirit; no floats admitted)."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON with sorted keys and no spaces; instants in UTC, decimals and ids as strings.

    Raises ``TypeError`` for floats and for anything else that has no single spelling.
    """
    return _encoder.encode(_plain(value))


def canonical_json_of_plain(value: Any) -> str:
    """Return ``canonical_json(value)``, sooner, for a value that is known to hold no floats and only text as keys."""
    return _encoder.encode(value)


def canonical_digest(value: Any) -> str:
    """Return the SHA-256 of ``canonical_json(value)`` as 64 lower-case hexadecimal digits."""
    return sha256_hex(canonical_json(value))


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of ``text`` as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_scalar)
