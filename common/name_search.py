"""Looking for a Chinese name by its characters, its pinyin with or without spaces, or its initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace

LONGEST = 60


def wanted_in(text: str) -> str | None:
    """Return what is looked for with its spaces tidied; ``None`` when nobody can look for it."""
    wanted = " ".join(text.split())
    return wanted if 1 <= len(wanted) <= LONGEST and "\0" not in wanted else None


def holding(rows: QuerySet[Any], paths: Sequence[str], wanted: str, *, also: Sequence[str] = ()) -> QuerySet[Any]:
    """Keep the rows whose name, pinyin or initials at one of ``paths`` hold what is looked for (``""``: the row's own).

    ``also`` names plain columns, such as a number, that may hold it too.
    """
    condition = Q()
    for column in also:
        condition |= Q(**{f"{column}__icontains": wanted})
    for path in paths:
        condition |= Q(**{f"{path}name__icontains": wanted})
        if wanted.isascii():
            spelled = Replace(F(f"{path}pinyin"), Value(" "), Value(""), output_field=CharField())
            alias = f"{path}spelled"
            rows = rows.alias(**{alias: spelled})
            condition |= Q(**{f"{alias}__contains": wanted.replace(" ", "").lower()})
            condition |= Q(**{f"{path}initials__startswith": wanted.lower()})
    return rows.filter(condition)
