"""Queries that are compiled once: Django takes longer to spell out a query than PostgreSQL to answer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class PreparedRows:
    """A ``values_list`` query whose text is made at its first use and sent with other values ever after.

    ``rows`` builds the queryset from keyword arguments; ``samples`` are values of the same names, each unlike any other
    parameter of the query, by which their places in it are found. Columns must need no conversion by Django.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], **samples: Any) -> None:
        self._rows, self._samples = rows, samples
        self._statement: tuple[str, list[tuple[str, Any]]] | None = None

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        sql, slots = self._statement or self._compiled()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[name] if name else fixed for name, fixed in slots])
            return list(cursor.fetchall())

    def _compiled(self) -> tuple[str, list[tuple[str, Any]]]:
        compiler = self._rows(**self._samples).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column[0] for column in compiler.select]
        if compiler.get_converters(columns):
            raise TypeError("a column of this query needs conversion")
        slots = [(self._name_of(value), value) for value in params]
        if missing := self._samples.keys() - {name for name, _value in slots}:
            raise TypeError(f"not found among the parameters: {', '.join(sorted(missing))}")
        self._statement = sql, slots
        return self._statement

    def _name_of(self, value: Any) -> str:
        """Return the name of the sample that stands here, empty for a value that is part of the query."""
        return next(
            (name for name, sample in self._samples.items() if type(value) is type(sample) and value == sample), ""
        )
