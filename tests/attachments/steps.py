"""The steps that the tests of attachments are told in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from accounts.models import User
from attachments import operations
from attachments.models import Attachment
from common.identifiers import new_id
from tests.corpus.uploads.pdfs import pdf

AT = datetime(2023, 7, 18, 1, 30, tzinfo=UTC)


def upload(content: bytes | None = None, name: str = "附件3.pdf") -> SimpleUploadedFile:
    """Return an upload, a good PDF unless told otherwise."""
    return SimpleUploadedFile(name, pdf() if content is None else content)


def receive(uploader: User, content: bytes | None = None, name: str = "附件3.pdf", **details: Any) -> Attachment:
    """Receive an upload of this content and name at ``AT``."""
    return receive_upload(uploader, upload(content, name), **details)


def receive_upload(uploader: User, upload: UploadedFile[bytes], **details: Any) -> Attachment:
    """Receive an upload at ``AT``."""
    facts: dict[str, Any] = {
        "subject_kind": "nomination",
        "subject_id": new_id(),
        "purpose": "evidence",
        "label": "",
        "at": AT,
    }
    return operations.receive(upload=upload, uploaded_by=uploader, **facts | details)


def inspect(attachment: Attachment, at: datetime = AT) -> Attachment:
    """Inspect a file that is waiting and return it as it is now."""
    inspected = operations.inspect(attachment_id=attachment.pk, at=at)
    assert inspected is not None
    return inspected


def receive_clean(uploader: User, content: bytes | None = None, name: str = "附件3.pdf", **details: Any) -> Attachment:
    """Receive an upload and inspect it."""
    return inspect(receive(uploader, content, name, **details))


def stored_files(store: Path) -> list[str]:
    """Return the names of all files in the store, relative to it."""
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
