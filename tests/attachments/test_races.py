"""Several inspectors, and a person beside them, at the same instant: real connections, committed rows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from accounts.models import User
from attachments import operations
from attachments.enums import AttachmentState
from attachments.errors import AttachmentBusy
from attachments.models import Attachment
from tests.attachments import clamav
from tests.attachments.steps import AT, receive, receive_clean, stored_files

T = TypeVar("T")
AT_ONCE = 6
REMOVE_ROWS = """
    ALTER TABLE attachments_attachment DISABLE TRIGGER USER;
    DELETE FROM attachments_attachment;
    ALTER TABLE attachments_attachment ENABLE TRIGGER USER;
    DELETE FROM accounts_user WHERE username = 'racer'
"""
told: list[UUID] = []
verdict_begun, may_end = Event(), Event()


def note(attachment: Attachment) -> None:
    """Stand for the domain: note what it is told."""
    told.append(attachment.pk)


def dawdle(attachment: Attachment) -> None:
    """Stand for a domain that holds the verdict's transaction open for a while."""
    verdict_begun.set()
    assert may_end.wait(10)


def elsewhere(act: Callable[[], T]) -> T:
    """Do the act on a connection of its own, so that it commits."""

    def run() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def all_at_once(act: Callable[[], T]) -> list[T]:
    """Start the act six times at the same instant, each on a connection of its own."""
    start = Barrier(AT_ONCE)

    def run(_number: int) -> T:
        try:
            start.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def remove_rows() -> None:
    """Remove what the test has committed, as only the owner of the table can."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in REMOVE_ROWS.split(";"):
            cursor.execute(statement)


@pytest.fixture
def racer(db: None, settings: Settings) -> Iterator[User]:
    """A person whose rows are committed, and a domain that notes what it is told."""
    told.clear()
    settings.ATTACHMENT_INSPECTED = f"{__name__}.note"
    yield elsewhere(lambda: User.objects.create(username="racer", name="苏望"))
    elsewhere(remove_rows)


def test_many_inspectors_of_one_file_give_one_verdict(racer: User, store: Path) -> None:
    waiting = elsewhere(lambda: receive(racer))

    outcomes = all_at_once(lambda: operations.inspect(attachment_id=waiting.pk, at=AT))

    row = Attachment.objects.get()
    assert [outcome for outcome in outcomes if outcome is not None] == [waiting]
    assert (row.state, row.attempts) == (AttachmentState.CLEAN, 1)
    assert stored_files(store) == [row.stored_name]
    assert told == [waiting.pk]


def test_many_ticks_share_the_files_among_them(racer: User, store: Path) -> None:
    for _ in range(12):
        elsewhere(lambda: receive(racer))

    outcomes = all_at_once(lambda: operations.inspect_quarantined(at=AT))

    assert sum(outcomes, Counter()) == Counter(clean=12)
    assert len(told) == len(set(told)) == len(stored_files(store)) == 12


def test_many_removals_give_one(racer: User) -> None:
    attachment = elsewhere(lambda: receive_clean(racer))
    later = iter(AT + timedelta(seconds=second) for second in range(1, AT_ONCE + 1))

    def remove() -> str:
        try:
            return str(operations.remove(attachment_id=attachment.pk, at=next(later)).removed_at)
        except AttachmentBusy:
            return "busy"

    outcomes = set(all_at_once(remove)) - {"busy"}

    assert outcomes == {str(Attachment.objects.get().removed_at)}


def test_file_removed_while_it_is_scanned_gets_no_verdict(racer: User, store: Path, settings: Settings) -> None:
    waiting = elsewhere(lambda: receive(racer))

    with tempfile.TemporaryDirectory() as folder, clamav.running(Path(folder)) as daemon:
        settings.CLAMAV_SOCKET = daemon.address
        daemon.meanwhile = lambda: elsewhere(lambda: operations.remove(attachment_id=waiting.pk, at=AT))
        outcome = elsewhere(lambda: operations.inspect(attachment_id=waiting.pk, at=AT))

    row = Attachment.objects.get()
    assert outcome is None
    assert (row.state, row.removed_at) == (AttachmentState.QUARANTINED, AT)
    assert (stored_files(store), told) == ([], [])


def test_removal_does_not_wait_for_a_verdict(racer: User, settings: Settings) -> None:
    settings.ATTACHMENT_INSPECTED = f"{__name__}.dawdle"
    verdict_begun.clear()
    may_end.clear()
    waiting = elsewhere(lambda: receive(racer))

    with ThreadPoolExecutor(1) as pool:
        inspection = pool.submit(elsewhere, lambda: operations.inspect(attachment_id=waiting.pk, at=AT))
        assert verdict_begun.wait(10)
        with pytest.raises(AttachmentBusy, match="附件3"):
            elsewhere(lambda: operations.remove(attachment_id=waiting.pk, at=AT))
        may_end.set()
        assert inspection.result() == waiting

    assert elsewhere(lambda: operations.remove(attachment_id=waiting.pk, at=AT)).removed_at == AT
