"""The UPDATE that keeps what was changed on objects in memory: one per kind of row, however many rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Model

from common.digest import canonical_json_of_plain
from workflow import changes
from workflow.plain import plain
from workflow.statement import Part

Fields = tuple[Any, ...]


def parts_for(rows: Iterable[Model], *, told: bool) -> list[Part]:
    """Return the parts that write every changed field, rows in which the same fields were changed together.

    ``told`` rows are written only after their event, which an earlier part called ``event`` inserts: the trigger looks
    for it. The rows count as written from here on.
    """
    groups: dict[tuple[type[Model], Fields], list[dict[str, Any]]] = {}
    for row in rows:
        fields = tuple(changes.changed(row))
        if fields:
            groups.setdefault((type(row), fields), []).append(_values(row, fields))
            changes.accept(row, fields)
    prefix = "subject" if told else "parent"
    return [
        _part(f"{prefix}_{number}", model, fields, values, told=told)
        for number, ((model, fields), values) in enumerate(groups.items())
    ]


def _values(row: Model, fields: Fields) -> dict[str, Any]:
    key: Any = row._meta.pk
    return {field.column: plain(field.get_prep_value(getattr(row, field.attname))) for field in (key, *fields)}


def _part(name: str, model: type[Model], fields: Fields, values: list[dict[str, Any]], *, told: bool) -> Part:
    only = len(values) == 1
    sql = _update(name, model, fields, only=only, told=told)
    return Part(name, sql, {name: canonical_json_of_plain(values[0] if only else values)})


@cache
def _update(name: str, model: type[Model], fields: Fields, *, only: bool, told: bool) -> str:
    """Return the UPDATE that takes the new values from JSON: one row, for which the planner uses the key, or many."""
    table, key = f'"{model._meta.db_table}"', f'"{_key(model)}"'
    columns = ", ".join(f'"{field.column}" = latest."{field.column}"' for field in fields)
    populate = "json_populate_record" if only else "json_populate_recordset"
    source = f"{populate}(NULL::{table}, %({name})s) AS latest"
    after_event = f" JOIN event ON event.subject_id = latest.{key}" if told else ""
    return f"UPDATE {table} SET {columns} FROM {source}{after_event} WHERE {table}.{key} = latest.{key}"  # noqa: S608


def _key(model: type[Model]) -> str:
    key: Any = model._meta.pk
    return str(key.column)
