"""One statement that writes several things: each part a data-modifying WITH query that reads its rows from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement: its name, by which later parts may refer to it, its SQL, and its parameters."""

    name: str
    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)


def execute(parts: Sequence[Part], answer: str = "SELECT NULL") -> list[tuple[Any, ...]]:
    """Run the parts as one statement and return what ``answer``, a query over them, says; nothing without parts.

    The server runs every part to its end, whether or not another one reads it.
    """
    if not parts:
        return []
    sql = f"WITH {', '.join(f'{part.name} AS ({part.sql})' for part in parts)} {answer}"
    params = {name: value for part in parts for name, value in part.params.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        answers: list[tuple[Any, ...]] = cursor.fetchall()
    return answers
