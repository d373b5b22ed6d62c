"""The rows that an actor may know of: a statement is compiled once per capacity, not once per person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, QuerySet, Value
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from workflow.models import WorkflowModel
    from workflow.moves import Actor

Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value is still to be put into a compiled statement."""

    name: str


IDS = _Place("ids")
_NAMES = ("name", "organization_name")


def lock_statement(model: type[WorkflowModel], ids: Collection[UUID], actor: Actor) -> Statement | None:
    """Return the statement that locks those of the rows which the actor may know of, in the order of their keys.

    ``None`` when nothing can be visible. ``visible_to`` may look at the actor's capacity as it likes; an id of the
    actor it may only compare with columns, for it is asked once for all who act in the same capacity.
    """
    compiled = _compiled(model, anybody_like(actor))
    if compiled is None:
        return None
    sql, params = compiled
    return sql, filled_in(params, {"ids": list(ids), **ids_of(actor)})


def asked(rows: Callable[[Any], QuerySet[Any, Any]], actor: Actor) -> list[tuple[Any, ...]]:
    """Return what a query of values answers about the actor's scope; its text is made once for a capacity.

    ``rows`` is a function of a module, which builds the query under the condition of ``lock_statement``; its columns
    come as the database answers them: texts and counts, nothing that a field of ours would have to convert.
    """
    compiled = _answering(rows, anybody_like(actor))
    if compiled is None:
        return []
    sql, params = compiled
    with connection.cursor() as cursor:
        cursor.execute(sql, filled_in(params, ids_of(actor)))
        return list(cursor.fetchall())


def filled_in(params: Sequence[Any], values: Mapping[str, Any]) -> list[Any]:
    """Return the parameters of a compiled statement with values in their places."""
    return [values[value.name] if isinstance(value, _Place) else value for value in params]


def is_one_of(model: type[WorkflowModel], *, only: bool = False) -> RawSQL:
    """Return the condition that the row is one of ``IDS``: one array, so that the statement is prepared once.

    With ``only`` it is the one id: then the server keeps its plan too, which takes longer to make than to run.
    """
    one_of = "= %s" if only else "= ANY(%s)"
    return RawSQL(f'"{model._meta.db_table}"."id" {one_of}', [IDS], output_field=BooleanField())  # noqa: S611


@lru_cache(maxsize=1024)
def _compiled(model: type[WorkflowModel], actor: Actor) -> Statement | None:
    rows = model.objects.visible_to(actor).filter(is_one_of(model)).order_by("pk")
    locking = rows.select_for_update(of=("self",), no_key=True).values_list("pk", "stream")
    return _text_of(locking.query.get_compiler(connection=connection))


@lru_cache(maxsize=1024)
def _answering(rows: Callable[[Any], QuerySet[Any, Any]], actor: Actor) -> Statement | None:
    return _text_of(rows(actor).query.get_compiler(connection=connection))


def _text_of(compiler: Any) -> Statement | None:
    """Return the statement, ``None`` for one that can answer nothing."""
    try:
        return compiler.as_sql()  # type: ignore[no-any-return]  # Django's
    except EmptyResultSet:
        return None


def anybody_like(actor: Any) -> Any:
    """Return an actor in the same capacity whose ids are places to be filled in."""
    places = {name: _place(name) for name, value in ids_of(actor).items() if value is not None}
    return replace(actor, **dict.fromkeys(_NAMES, ""), **places)


def ids_of(actor: Any) -> dict[str, Any]:
    """Return the actor's own ids by the names of their places."""
    return {field.name: getattr(actor, field.name) for field in fields(actor) if field.name.endswith("_id")}


@cache
def _place(name: str) -> Value:
    return Value(_Place(name))
