"""What an event changed, field by field, as two columns that can be read side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from common.refusals import Sentence
from web.audit.words import FIELDS

EMPTY = "—"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after."""

    label: Sentence
    old: str
    new: str

    @property
    def is_first(self) -> bool:
        """Tell whether there was nothing before."""
        return self.old == EMPTY


def exact(at: datetime) -> str:
    """Return an instant to the microsecond, on the clock of the place: ``2026-11-27 04:23:05.874983 +0800``."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S.%f %z}"


def changes_of(changes: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """Return every single value that an event changed; what is nested is taken apart, what is equal left out."""
    return [
        row for field, pair in sorted(changes.items()) for row in _compared(field, pair.get("old"), pair.get("new"))
    ]


def lines_of(told: Mapping[str, Any]) -> list[tuple[Sentence, str]]:
    """Return what an event tells besides, name by name."""
    return [(FIELDS.get(name, name), _spelled(value)) for name, value in sorted(told.items())]


def _compared(path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, dict) or isinstance(new, dict):
        before, after = old or {}, new or {}
        if isinstance(before, dict) and isinstance(after, dict):
            for name in sorted({*before, *after}):
                yield from _compared(f"{path}.{name}", before.get(name), after.get(name))
            return
    if old != new:
        yield Change(FIELDS.get(path, path), _spelled(old), _spelled(new))


def _spelled(value: Any) -> str:
    if value in (None, ""):
        return EMPTY
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return exact(datetime.fromisoformat(value)) if INSTANT.fullmatch(value) else value
