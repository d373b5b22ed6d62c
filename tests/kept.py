"""What takes long to build is built once for the tests of a file; each of them finds it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def rows_kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written until a fixture of the whole file ends: tests with `db` work in savepoints on top of it.

    No other connection sees the rows, so tests that need several connections belong in a file of their own. Objects in
    memory are not rolled back: hand each test a copy of them.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
