"""The store: the site's choice, and what is left when it misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, InMemoryStorage, storages
from django.utils import timezone
from pytest_django import Settings

from attachments import storage
from attachments.errors import StorageUnavailable


class Stubborn(FileSystemStorage):
    """A store that deletes nothing."""

    def delete(self, name: str) -> None:
        raise PermissionError(name)


class Unreadable(FileSystemStorage):
    """A store that stops answering in the middle of a file."""

    def open(self, name: str, mode: str = "rb") -> File[bytes]:
        class Cut(ContentFile):  # type: ignore[type-arg]  # generic for the type checker only
            def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
                yield b"begin"
                raise TimeoutError

        return Cut(b"begin and end")


def use(settings: Settings, backend: str, **options: Any) -> None:
    """Let the site keep its attachments with this backend."""
    settings.STORAGES = {**settings.STORAGES, "attachments": {"BACKEND": backend, "OPTIONS": options}}


def test_default_store_serves_where_no_other_is_named(settings: Settings) -> None:
    settings.STORAGES = {name: value for name, value in settings.STORAGES.items() if name != "attachments"}

    assert storage.attachment_storage() is storages["default"]


def test_store_without_paths_is_written_and_listed(settings: Settings) -> None:
    use(settings, "django.core.files.storage.InMemoryStorage")

    with storage.written("attachments/kept/2023/07/18/a.pdf", ContentFile(b"content")) as stored:
        assert isinstance(storage.attachment_storage(), InMemoryStorage)

    assert list(storage.folders()) == [("attachments/kept/2023/07/18", ["attachments/kept/2023/07/18/a.pdf"])]
    assert stored == "attachments/kept/2023/07/18/a.pdf"


def test_bytes_that_cannot_be_deleted_are_left_to_the_sweep(settings: Settings, store: Path) -> None:
    use(settings, f"{__name__}.Stubborn", location=str(store))

    with storage.written("attachments/kept/a", ContentFile(b"content")) as stored:
        storage.discard(stored)

    assert (store / stored).read_bytes() == b"content"


def test_bytes_are_taken_back_when_the_block_fails(store: Path) -> None:
    with pytest.raises(KeyError), storage.written("attachments/kept/a", ContentFile(b"content")):
        raise KeyError

    assert list(store.rglob("a")) == []


def test_fault_of_the_sender_is_not_the_stores(store: Path) -> None:
    class Faulty(ContentFile):  # type: ignore[type-arg]  # generic for the type checker only
        def chunks(self, chunk_size: int | None = None) -> Any:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), storage.written("attachments/kept/a", Faulty(b"content")):
        pass

    assert list(store.rglob("a")) == []


def test_missing_bytes_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        storage.fetch("attachments/kept/absent", tmp_path / "copy")


def test_bytes_that_break_off_are_not_taken_for_whole(settings: Settings, tmp_path: Path) -> None:
    use(settings, f"{__name__}.Unreadable", location=str(tmp_path))

    with pytest.raises(StorageUnavailable):
        storage.fetch("attachments/kept/a", tmp_path / "copy")


def test_bytes_that_have_just_gone_are_not_old() -> None:
    assert storage.is_older("attachments/kept/absent", timezone.now()) is False
