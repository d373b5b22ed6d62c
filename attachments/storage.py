"""Where the bytes lie: names that nobody chose, two folders, and nothing left behind when a write breaks off.

The store is ``STORAGES["attachments"]`` if the site names one, otherwise the default; S3 is a matter of settings.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

import structlog
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from attachments.enums import AttachmentKind
from attachments.errors import StorageUnavailable
from attachments.rules import ENDING_OF
from common.identifiers import new_id

logger = structlog.get_logger(__name__)
QUARANTINE, KEPT = "attachments/quarantine", "attachments/kept"
CHUNK = 256 * 1024

if TYPE_CHECKING:
    Content = File[bytes]


def _remote_faults() -> Iterator[type[Exception]]:
    """Yield what the S3 client raises, if it is installed: it is an optional extra, and its errors are no OSErrors."""
    with suppress(ImportError):
        yield import_module("boto3.exceptions").Boto3Error
        yield import_module("botocore.exceptions").BotoCoreError
        yield import_module("botocore.exceptions").ClientError


FAULTS: tuple[type[Exception], ...] = (OSError, *_remote_faults())


def attachment_storage() -> Storage:
    """Return the store that the site has named for attachments, or its default one."""
    try:
        return storages["attachments"]
    except InvalidStorageError:
        return storages["default"]


def quarantine_name(at: datetime) -> str:
    """Return a fresh name for bytes that nobody has looked at yet."""
    return f"{QUARANTINE}/{_day(at)}/{new_id()}"


def kept_name(kind: AttachmentKind, at: datetime) -> str:
    """Return a fresh name for bytes that were found clean."""
    return f"{KEPT}/{_day(at)}/{new_id()}.{ENDING_OF[kind]}"


@contextmanager
def written(name: str, content: Content) -> Iterator[str]:
    """Store ``content`` and yield the name it got; if the block raises, the bytes are taken away again.

    Raises ``StorageUnavailable`` when the store is full or does not answer; then nothing is left either.
    """
    try:
        stored = _write(name, content)
    except BaseException as error:
        discard(name)
        if isinstance(error, FAULTS):
            raise StorageUnavailable from error
        raise
    try:
        yield stored
    except BaseException:
        discard(stored)
        raise


def discard(name: str) -> None:
    """Delete stored bytes; what cannot be deleted now is found by the sweep."""
    try:
        attachment_storage().delete(name)
    except FAULTS as error:
        logger.warning("attachment_not_deleted", name=name, error=str(error))


def opened(name: str) -> File[bytes]:
    """Return stored bytes as an open file; raises ``StorageUnavailable``."""
    try:
        return attachment_storage().open(name)
    except FAULTS as error:
        raise StorageUnavailable from error


def fetch(name: str, target: Path) -> str:
    """Copy stored bytes to a local file and return their SHA-256; raises ``StorageUnavailable``."""
    try:
        with opened(name) as source, target.open("wb") as copy:
            return digest_of(source.chunks(CHUNK), copy)
    except FAULTS as error:
        raise StorageUnavailable from error


def digest_of(chunks: Iterator[bytes], copy: IO[bytes] | None = None) -> str:
    """Return the SHA-256 of the chunks in hexadecimal, writing them to ``copy`` on the way."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        if copy:
            copy.write(chunk)
    return digest.hexdigest()


def folders() -> Iterator[tuple[str, list[str]]]:
    """Yield each folder that holds files, with the full names of its files; one folder, a day's worth, at a time."""
    store = attachment_storage()
    waiting = [QUARANTINE, KEPT]
    while waiting:
        folder = waiting.pop()
        below, files = _listed(store, folder)
        waiting.extend(f"{folder}/{name}" for name in below)
        if files:
            yield folder, [f"{folder}/{name}" for name in files]


def names_in(folder: str) -> set[str]:
    """Return the full names of the files in one folder."""
    return {f"{folder}/{name}" for name in _listed(attachment_storage(), folder)[1]}


def is_older(name: str, than: datetime) -> bool:
    """Tell whether stored bytes were written before an instant; bytes that have just gone are not."""
    with suppress(FileNotFoundError):
        return attachment_storage().get_modified_time(name) < than
    return False


def _listed(store: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return store.listdir(folder)
    except FileNotFoundError:
        return [], []


def _write(name: str, content: Content) -> str:
    store = attachment_storage()
    size = content.size
    stored = store.save(name, content)
    if store.size(stored) != size:
        raise OSError(f"{stored}: {store.size(stored)} bytes stored of {size}")
    _flush(store, stored)
    return stored


def _flush(store: Storage, name: str) -> None:
    """Bring a local file to the disk before its row is committed; other stores answer for that themselves."""
    if not isinstance(store, FileSystemStorage):
        return
    path = Path(store.path(name))
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y/%m/%d")
