"""The transaction of one command, and the trips to the database inside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from workflow.violations import translated

THIS_STEP = _("This step")


@contextmanager
def one_transaction(label: Sentence = THIS_STEP) -> Iterator[None]:
    """Open the transaction of one command; what the database refuses comes out as an error that explains itself.

    Raises ``Busy`` for a lock that could not be had, ``KeyReused`` for a key that served another command, and
    ``MoveRefused``, which calls the command by its ``label``, for a constraint with a sentence of its own.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        domain_error = translated(error, label)
        if domain_error is None:
            raise
        raise domain_error from error


@contextmanager
def one_round_trip() -> Iterator[None]:
    """Send the statements of the block without waiting in between; their errors are raised when it ends.

    The server still runs them one after the other, each with a fresh view of what others have committed.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
