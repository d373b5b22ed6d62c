"""Objects with what guards read: taken for a change, locked after their parents; or loaded to be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import prefetch_related_objects
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

from workflow import changes
from workflow.scoping import Statement, anybody_like, filled_in, ids_of, is_one_of, lock_statement
from workflow.transactions import one_round_trip

if TYPE_CHECKING:
    from workflow.models import WorkflowModel
    from workflow.moves import Actor


def take(
    model: type[WorkflowModel], ids: Collection[UUID], *, actor: Actor, locks: Sequence[str] = ()
) -> dict[UUID, Any]:
    """Lock and load those of the objects that the actor may know of; what lies outside is missing from the answer.

    The parents named in ``locks`` come first, in that order, then the rows in the order of their keys: whoever follows
    cannot meet another in a deadlock. The rows are loaded by a statement of their own, because the joined facts of a
    locking statement would be those from before the lock was granted.
    """
    statements = _lock_statements(model, ids, actor, locks)
    if not statements:
        return {}
    loader = _loader(model, only=len(ids) == 1)
    with connection.cursor() as parents, connection.cursor() as locked, connection.cursor() as loaded:
        with one_round_trip():
            for sql, params in statements[:-1]:
                parents.execute(sql, params)
            locked.execute(*statements[-1])
            loaded.execute(*loader.statement(ids))
        taken = {row[0] for row in locked.fetchall()}
        subjects = [subject for subject in loader.objects(loaded) if subject.pk in taken]
    return _known(subjects, locks)


def lock(
    model: type[WorkflowModel], ids: Collection[UUID], *, actor: Actor, locks: Sequence[str] = ()
) -> dict[UUID, UUID]:
    """Lock parents and rows like ``take`` without loading them; return the stream of each that the actor knows of."""
    with connection.cursor() as cursor:
        for sql, params in _lock_statements(model, ids, actor, locks):
            cursor.execute(sql, params)
        return dict(cursor.fetchall()) if cursor.description else {}


def lock_free(model: type[WorkflowModel], ids: Collection[UUID], *, locks: Sequence[str] = ()) -> set[UUID]:
    """Lock the parents, then those of the rows that nobody holds; return their ids."""
    rows = model._base_manager.filter(pk__in=list(ids)).order_by("pk")
    with connection.cursor() as cursor:
        for name in locks:
            cursor.execute(*_parent_statement(model, name, ids))
    return set(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))


def load_locked(model: type[WorkflowModel], ids: Collection[UUID], locks: Sequence[str] = ()) -> dict[UUID, Any]:
    """Load objects that were locked before."""
    return _known(list(load(model, ids).values()), locks)


def load(model: type[WorkflowModel], ids: Collection[UUID]) -> dict[UUID, Any]:
    """Load objects to show them: one query for one of them, for several one more for each of their relations."""
    loader = _loader(model, only=len(ids) == 1)
    with connection.cursor() as cursor:
        cursor.execute(*loader.statement(ids))
        return {subject.pk: subject for subject in loader.objects(cursor)}


def find(model: type[WorkflowModel], pk: UUID, *, actor: Actor) -> Any:
    """Load one object without locking it, to show it; ``None`` when the actor may not know of it."""
    loader = _finder(model, anybody_like(actor))
    if loader is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(*loader.statement([pk], ids_of(actor)))
        return next(iter(loader.objects(cursor)), None)


def _known(subjects: Sequence[Any], locks: Sequence[str]) -> dict[UUID, Any]:
    _share_parents(subjects, locks)
    for subject in subjects:
        changes.remember(subject, locks)
    return {subject.pk: subject for subject in subjects}


def _share_parents(subjects: Iterable[Any], locks: Sequence[str]) -> None:
    """Let rows with the same parent hold one object, so that a count kept by one body is seen by the next guard."""
    for name in locks:
        seen: dict[Any, Any] = {}
        for subject in subjects:
            parent = getattr(subject, name)
            setattr(subject, name, seen.setdefault(getattr(parent, "pk", None), parent))


def _lock_statements(
    model: type[WorkflowModel], ids: Collection[UUID], actor: Actor, locks: Sequence[str]
) -> list[Statement]:
    """Return the locking statements, parents first; none at all when nothing can be visible to the actor."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("objects are taken inside a transaction")
    own = lock_statement(model, ids, actor)
    return [*(_parent_statement(model, name, ids) for name in locks), own] if own else []


def _parent_statement(model: type[WorkflowModel], name: str, ids: Collection[UUID]) -> Statement:
    field: Any = model._meta.get_field(name)
    parent = field.related_model._meta
    wanted = f'SELECT "{field.column}" FROM "{model._meta.db_table}" WHERE id = ANY(%s)'  # noqa: S608  # names of ours
    sql = f'SELECT FROM "{parent.db_table}" WHERE id IN ({wanted}) ORDER BY id FOR NO KEY UPDATE'
    return sql, [list(ids)]


class _Loader:
    """The query ``with_facts()`` of one model or capacity, compiled once: to compile it takes longer than to run it."""

    def __init__(self, known: Any, *, only: bool) -> None:
        model = known.model
        rows = known.with_facts().filter(is_one_of(model, only=only)).order_by("pk")
        if not only:
            # Of many rows, few have parents of their own: those are loaded once, by a statement for each relation.
            rows = rows.select_related(None).prefetch_related(*_paths(rows.query.select_related or {}))
        compiler = rows.query.get_compiler(connection=connection)
        self.alias, self.model, self.only = connection.alias, model, only
        self.prefetched = rows._prefetch_related_lookups
        self.sql, self.params = compiler.as_sql()
        fields = compiler.klass_info["select_fields"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [column[0].target.attname for column in compiler.select[self.own]]
        self.annotations = compiler.annotation_col_map.items()
        populators: Any = get_related_populators  # the stubs describe a later Django
        self.populators = populators(compiler.klass_info, compiler.select, self.alias)
        self.converters = compiler.get_converters([column[0] for column in compiler.select])
        self.convert = compiler.apply_converters

    def statement(self, ids: Collection[UUID], of_actor: Mapping[str, Any] = MappingProxyType({})) -> Statement:
        """Return the query for these objects, asked by an actor with these ids where it is scoped."""
        return self.sql, filled_in(self.params, {"ids": next(iter(ids)) if self.only else list(ids), **of_actor})

    def objects(self, answer: CursorWrapper) -> list[Any]:
        """Return the answer as objects, with what was selected, annotated and prefetched along."""
        found = [self._object(row) for row in self.convert(answer.fetchall(), self.converters)]
        prefetch_related_objects(found, *self.prefetched)
        return found

    def _object(self, row: Sequence[Any]) -> Any:
        found = self.model.from_db(self.alias, self.names, row[self.own])
        for populator in self.populators:
            populator.populate(row, found)
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found


def _paths(related: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Return the relations that ``select_related`` was asked for, each with its way from the row."""
    for name, further in related.items():
        yield prefix + name
        yield from _paths(further, f"{prefix}{name}__")


@cache
def _loader(model: type[WorkflowModel], *, only: bool) -> _Loader:
    return _Loader(model.objects.all(), only=only)


@lru_cache(maxsize=1024)
def _finder(model: type[WorkflowModel], actor: Actor) -> _Loader | None:
    """Return the loader of what an actor in this capacity may know of; ``None`` when that can be nothing."""
    try:
        return _Loader(model.objects.visible_to(actor), only=True)
    except EmptyResultSet:
        return None
