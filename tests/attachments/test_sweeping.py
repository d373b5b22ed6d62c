"""The store and the rows in step: bytes without a row go, rows without bytes are told."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from pytest_django import Settings

from accounts.models import User
from attachments import operations
from attachments.enums import AttachmentState
from attachments.errors import StorageUnavailable
from attachments.models import Attachment
from attachments.operations import Sweep
from tests.attachments.steps import AT, receive, receive_clean, stored_files
from tests.corpus.uploads.offices import docx
from tests.corpus.uploads.pictures import jpeg, scene

TWO_DAYS_LATER = AT + timedelta(days=2)


class Unreachable(FileSystemStorage):
    """A store that cannot be listed."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        raise PermissionError(path)


def age(folder: Path) -> None:
    """Let every file in the store have been written at ``AT``."""
    for path in folder.rglob("*"):
        os.utime(path, (AT.timestamp(), AT.timestamp()))


def stray(store: Path, name: str) -> Path:
    """Put bytes into the store that no row knows."""
    path = store / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"stray")
    return path


def test_small_copy_is_left_alone(uploader: User, store: Path) -> None:
    row = receive_clean(uploader, jpeg(scene(size=(1600, 1200))), "现场.jpg")
    age(store)

    operations.sweep_orphans(at=TWO_DAYS_LATER)

    assert stored_files(store) == sorted([row.stored_name, str(row.small_file.name)])


def test_store_in_step_is_left_alone(uploader: User, store: Path) -> None:
    receive(uploader)
    receive_clean(uploader)
    operations.remove(attachment_id=receive_clean(uploader).pk, at=AT)
    names = [row.stored_name for row in Attachment.objects.all()]
    age(store)
    for path in set(stored_files(store)) - set(names):
        (store / path).unlink()  # the quarantined bytes of the clean ones: no commit has happened in this test

    sweep = operations.sweep_orphans(at=TWO_DAYS_LATER)

    assert sweep == Sweep()
    assert stored_files(store) == sorted(names)


def test_empty_store_has_nothing_to_sweep(db: None) -> None:
    assert operations.sweep_orphans(at=TWO_DAYS_LATER) == Sweep()


def test_bytes_without_a_row_go_when_they_are_old(uploader: User, store: Path) -> None:
    known = receive(uploader)
    stray(store, "attachments/quarantine/2023/07/18/stray")
    stray(store, "attachments/kept/2021/01/01/stray.pdf")
    elsewhere = stray(store, "papers/stray.pdf")
    age(store)
    fresh = stray(store, "attachments/kept/2023/07/18/fresh.pdf")
    os.utime(fresh, (TWO_DAYS_LATER.timestamp(), TWO_DAYS_LATER.timestamp()))

    sweep = operations.sweep_orphans(at=TWO_DAYS_LATER)

    assert sweep == Sweep(deleted=2)
    assert stored_files(store) == sorted(
        [known.stored_name, str(fresh.relative_to(store)), str(elsewhere.relative_to(store))]
    )


def test_bytes_of_rejected_and_withdrawn_files_go(uploader: User, store: Path) -> None:
    receive_clean(uploader, docx({"word/vbaProject.bin": b"x"}), "a.docx")
    operations.remove(attachment_id=receive(uploader).pk, at=AT)
    age(store)

    sweep = operations.sweep_orphans(at=TWO_DAYS_LATER)

    assert sweep == Sweep(deleted=2)
    assert stored_files(store) == []


def test_waiting_file_whose_bytes_are_gone_is_rejected(uploader: User, store: Path) -> None:
    attachment = receive(uploader)
    (store / attachment.stored_name).unlink()

    sweep = operations.sweep_orphans(at=TWO_DAYS_LATER)

    row = Attachment.objects.get()
    assert sweep == Sweep(rejected=[attachment.pk])
    assert (row.state, row.rejection_code, row.inspected_at) == (AttachmentState.REJECTED, "lost", TWO_DAYS_LATER)


def test_clean_file_whose_bytes_are_gone_is_reported(uploader: User, store: Path) -> None:
    attachment, intact = receive_clean(uploader), receive_clean(uploader)
    (store / attachment.stored_name).unlink()

    sweep = operations.sweep_orphans(at=TWO_DAYS_LATER)

    assert sweep == Sweep(missing=[attachment.pk])
    assert {row.state for row in Attachment.objects.all()} == {AttachmentState.CLEAN}
    assert (store / intact.stored_name).exists()


def test_young_rows_are_not_judged(uploader: User, store: Path) -> None:
    attachment = receive(uploader)
    (store / attachment.stored_name).unlink()

    assert operations.sweep_orphans(at=AT + timedelta(hours=23)) == Sweep()


def test_file_inspected_between_two_looks_is_let_be(uploader: User) -> None:
    as_it_was = receive(uploader)
    operations.inspect(attachment_id=as_it_was.pk, at=AT)
    sweep = Sweep()

    operations._report(sweep, as_it_was, TWO_DAYS_LATER)

    assert sweep == Sweep()
    assert Attachment.objects.get().state == AttachmentState.CLEAN


def test_store_that_does_not_answer_stops_the_sweep(db: None, store: Path, settings: Settings) -> None:
    backend = {"BACKEND": f"{__name__}.Unreachable", "OPTIONS": {"location": str(store)}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}

    with pytest.raises(StorageUnavailable):
        operations.sweep_orphans(at=TWO_DAYS_LATER)
