"""What only the owner of the database can do: write past the triggers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from workflow.models import WorkflowModel

KEPT = ("django_migrations", "django_content_type", "auth_permission")


@contextmanager
def as_owner() -> Iterator[None]:
    """Switch triggers and foreign keys off for the time of the block, as whoever owns the database can."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def place(subject: WorkflowModel, state: str, **fields: Any) -> Any:
    """Put a row into a state without an event, and return it."""
    with as_owner():
        type(subject)._base_manager.filter(pk=subject.pk).update(state=state, **fields)
    return type(subject)._base_manager.get(pk=subject.pk)


def empty_all_tables() -> None:
    """Remove every row that was committed; nobody who still reads has to wait, as a TRUNCATE would make them."""
    with as_owner(), connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name not in KEPT:
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608  # names from the catalogue
