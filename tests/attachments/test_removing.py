"""Setting a file aside: at once, once, and never at the price of a deadlock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from attachments import operations, queries
from attachments.enums import AttachmentState
from attachments.models import Attachment
from common.identifiers import new_id
from tests.attachments.steps import AT, receive, receive_clean, stored_files

LATER = AT + timedelta(days=1)


def test_clean_file_is_set_aside_and_its_bytes_stay(
    uploader: User, store: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive_clean(uploader)
    with django_capture_on_commit_callbacks(execute=True):
        removed = operations.remove(attachment_id=attachment.pk, at=LATER)

    row = Attachment.objects.get()
    assert (removed.removed_at, row.removed_at, row.state) == (LATER, LATER, AttachmentState.CLEAN)
    assert (store / row.stored_name).exists()
    assert list(queries.of(row.subject_kind, row.subject_id)) == []


def test_waiting_file_is_removed_with_its_bytes(
    uploader: User, store: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive(uploader)

    with django_capture_on_commit_callbacks(execute=True):
        operations.remove(attachment_id=attachment.pk, at=LATER)

    assert stored_files(store) == []


def test_removing_again_changes_nothing(uploader: User) -> None:
    attachment = receive_clean(uploader)
    operations.remove(attachment_id=attachment.pk, at=AT)

    again = operations.remove(attachment_id=attachment.pk, at=LATER)

    assert again.removed_at == AT


def test_sealed_copy_can_be_set_aside(uploader: User) -> None:
    attachment = receive_clean(uploader, purpose="sealed_copy")

    assert operations.remove(attachment_id=attachment.pk, at=LATER).removed_at == LATER


def test_unknown_file_is_not_there(db: None) -> None:
    with pytest.raises(Attachment.DoesNotExist):
        operations.remove(attachment_id=new_id(), at=AT)
