"""A person, a subject and a file store of its own for every test."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from accounts.models import User
from common.identifiers import new_id


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    """The folder under which the store of this test keeps its files."""
    folder = tmp_path / "store"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}
    return folder


@pytest.fixture
def subject_id() -> UUID:
    return new_id()


@pytest.fixture
def uploader(db: None) -> User:
    return User.objects.create(username="uploader", name="苏望")
