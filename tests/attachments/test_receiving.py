"""Taking an upload into quarantine (S-03, S-07): kept with its row, or neither is."""

from __future__ import annotations

import errno
import io
import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, transaction
from pytest_django import Settings

from accounts.models import User
from attachments.enums import AttachmentKind, AttachmentState
from attachments.errors import FileRefused, StorageUnavailable
from attachments.models import Attachment
from attachments.operations import remove
from common.identifiers import new_id
from tests.attachments.steps import AT, receive, receive_clean, receive_upload, sha256, stored_files, upload
from tests.corpus.uploads.pdfs import pdf, stream
from tests.corpus.uploads.pictures import jpeg


class FullDisk(FileSystemStorage):
    """A store whose disk fills up in the middle of a file."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(100))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class ShortWrites(FileSystemStorage):
    """A store that loses the end of a file and says nothing."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        return super().save(name, SimpleUploadedFile("x", content.read()[:-1]), max_length)


class CutOff(SimpleUploadedFile):
    """An upload whose connection breaks while it is read."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"%PDF-"
        raise OSError("connection lost")


class Shrunken(SimpleUploadedFile):
    """An upload that holds less than it announced."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield pdf()[:-1]


@pytest.fixture
def broken_store(store: Path, settings: Settings, request: pytest.FixtureRequest) -> Path:
    """The store of this test, misbehaving as the parameter says."""
    backend = {"BACKEND": f"{__name__}.{request.param}", "OPTIONS": {"location": str(store)}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}
    return store


def test_upload_is_kept_in_quarantine(uploader: User, subject_id: UUID, store: Path) -> None:
    attachment = receive(
        uploader, name="附件3.pdf", subject_id=subject_id, purpose="evidence", label=" 公示\u202e栏 照片 "
    )

    row = Attachment.objects.get()
    assert row == attachment
    assert (row.subject_kind, row.subject_id, row.purpose, row.label) == (
        "nomination",
        subject_id,
        "evidence",
        "公示栏 照片",
    )
    assert (row.original_name, row.kind, row.size) == ("附件3.pdf", AttachmentKind.PDF, len(pdf()))
    assert (row.sha256, row.received_sha256) == (sha256(pdf()), sha256(pdf()))
    assert (row.state, row.sealed, row.attempts, row.inspected_at) == (AttachmentState.QUARANTINED, False, 0, None)
    assert (row.uploaded_by, row.uploaded_at, row.inspect_after, row.removed_at) == (uploader, AT, AT, None)
    assert stored_files(store) == [row.stored_name]
    assert (store / row.stored_name).read_bytes() == pdf()


def test_stored_name_owes_nothing_to_the_sender(uploader: User) -> None:
    first = receive(uploader, name="../../etc/cron.d/evil.pdf")
    second = receive(uploader, name="../../etc/cron.d/evil.pdf")

    names = [first.stored_name, second.stored_name]
    assert [name.rpartition("/")[0] for name in names] == ["attachments/quarantine/2023/07/18"] * 2
    assert [str(UUID(name.rpartition("/")[2])) for name in names] == [name.rpartition("/")[2] for name in names]
    assert len(set(names)) == 2


def test_upload_from_a_file_on_disk_is_kept(uploader: User, store: Path) -> None:
    with TemporaryUploadedFile("大.pdf", "application/pdf", len(pdf()), None) as large:
        large.write(pdf())
        large.flush()
        attachment = receive_upload(uploader, large)

    assert (store / attachment.stored_name).read_bytes() == pdf()


def test_large_upload_never_lies_in_memory(uploader: User) -> None:
    content = pdf(stream(b"", b"0" * 19_000_000))
    with TemporaryUploadedFile("大.pdf", "application/pdf", len(content), None) as large:
        large.write(content)
        large.flush()
        size = len(content)
        del content
        tracemalloc.start()
        attachment = receive_upload(uploader, large)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert attachment.size == size
    assert peak < 2_000_000


@pytest.mark.parametrize(("purpose", "sealed"), [("sealed_copy", True), ("evidence", False)])
def test_purpose_decides_whether_a_copy_is_sealed(uploader: User, purpose: str, sealed: bool) -> None:
    assert receive(uploader, purpose=purpose).sealed is sealed


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (pdf(), "a.exe", "extension"),
        (jpeg(), "a.pdf", "kind_mismatch"),
        (b"<html>", "a.pdf", "markup"),
    ],
)
def test_refused_upload_leaves_nothing(uploader: User, store: Path, content: bytes, name: str, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        receive(uploader, content, name)

    assert (refused.value.refusal.code, refused.value.attr) == (code, "file")
    assert (Attachment.objects.count(), stored_files(store)) == (0, [])


def test_label_that_is_too_long_leaves_nothing(uploader: User, store: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        receive(uploader, label="长" * 121)

    assert (refused.value.refusal.code, refused.value.attr) == ("label_too_long", "label")
    assert (Attachment.objects.count(), stored_files(store)) == (0, [])


@pytest.mark.parametrize("kind", [CutOff, Shrunken])
def test_upload_that_breaks_off_leaves_nothing(uploader: User, store: Path, kind: type[SimpleUploadedFile]) -> None:
    broken = kind("a.pdf", pdf())

    with pytest.raises(FileRefused) as refused:
        receive_upload(uploader, broken)

    assert refused.value.refusal.code == "incomplete"
    assert (Attachment.objects.count(), stored_files(store)) == (0, [])


@pytest.mark.parametrize("broken_store", ["FullDisk", "ShortWrites"], indirect=True)
def test_store_that_fails_leaves_nothing(uploader: User, broken_store: Path) -> None:
    with pytest.raises(StorageUnavailable):
        receive(uploader)

    assert (Attachment.objects.count(), stored_files(broken_store)) == (0, [])


def test_row_that_is_refused_takes_its_bytes_along(uploader: User, store: Path) -> None:
    with pytest.raises(IntegrityError, match="attachment_codes_formed"), transaction.atomic():
        receive(uploader, purpose="Not a code")

    assert stored_files(store) == []


def test_row_that_a_surrounding_transaction_takes_back_leaves_bytes_to_the_sweep(uploader: User, store: Path) -> None:
    with transaction.atomic():
        receive(uploader)
        transaction.set_rollback(True)

    assert Attachment.objects.count() == 0
    assert len(stored_files(store)) == 1


def test_upload_without_name_or_size_is_refused(uploader: User) -> None:
    nameless = SimpleUploadedFile("a.pdf", pdf())
    nameless._name = None  # type: ignore[attr-defined]  # as a hand-made upload may be
    sizeless = upload()
    sizeless.size = None
    codes = []

    for broken in (nameless, sizeless):
        with pytest.raises(FileRefused) as refused:
            receive_upload(uploader, broken)
        codes.append(refused.value.refusal.code)

    assert codes == ["extension", "empty"]
    assert isinstance(sizeless.file, io.BytesIO)


def test_subject_has_room_for_so_many_files_of_a_purpose(store: Path, uploader: User, settings: Settings) -> None:
    settings.ATTACHMENT_LIMITS = {"max_files": 2}
    subject = new_id()
    first = receive(uploader, subject_id=subject)
    receive(uploader, subject_id=subject)

    with pytest.raises(FileRefused) as refused:
        receive(uploader, subject_id=subject)
    receive(uploader, subject_id=subject, purpose="photo")
    receive(uploader)

    assert (refused.value.refusal.code, refused.value.refusal.params["limit"]) == ("too_many_files", 2)
    remove(attachment_id=first.pk, at=AT)
    assert receive(uploader, subject_id=subject).subject_id == subject


def test_files_set_aside_take_room_as_long_as_their_bytes_are_kept(
    store: Path, uploader: User, settings: Settings
) -> None:
    settings.ATTACHMENT_LIMITS = {"max_kept_files": 2}
    subject = new_id()
    kept = receive_clean(uploader, subject_id=subject)
    remove(attachment_id=kept.pk, at=AT)
    gone = receive(uploader, subject_id=subject)
    with transaction.atomic():
        remove(attachment_id=gone.pk, at=AT)
    receive(uploader, subject_id=subject)

    with pytest.raises(FileRefused) as refused:
        receive(uploader, subject_id=subject)

    assert refused.value.refusal.code == "too_many_kept_files"


def test_person_sends_so_much_a_day_to_whatever_subject(store: Path, uploader: User, settings: Settings) -> None:
    settings.ATTACHMENT_LIMITS = {"max_day_bytes": len(pdf()) + 1}
    receive(uploader)

    with pytest.raises(FileRefused) as refused:
        receive(uploader)

    assert refused.value.refusal.code == "day_used_up"
    assert receive(uploader, at=AT + timedelta(days=1)).uploaded_by == uploader
