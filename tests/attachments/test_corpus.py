"""Every upload of the corpus gets the verdict it must get, and leaves nothing where nothing may stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from attachments.enums import AttachmentState
from attachments.errors import FileRefused
from attachments.models import Attachment
from common.refusals import Refusal
from tests.attachments.steps import inspect, receive, stored_files
from tests.corpus.uploads import CORPUS, Specimen


def verdict_on(specimen: Specimen, uploader: User) -> tuple[str, Refusal | None]:
    """Upload and inspect; return who refused the file, and why."""
    try:
        inspected = inspect(receive(uploader, specimen.build(), specimen.name))
    except FileRefused as error:
        return "upload", error.refusal
    return "inspection" if inspected.rejection else "", inspected.rejection


def test_corpus_is_large_and_its_keys_are_unique() -> None:
    assert len(CORPUS) >= 250
    assert len({specimen.key for specimen in CORPUS}) == len(CORPUS)


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")  # Pillow grumbles about broken camera data and reads on
@pytest.mark.parametrize("specimen", CORPUS, ids=lambda specimen: specimen.key)
def test_upload_gets_its_verdict(
    specimen: Specimen, uploader: User, store: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        refused_by, reason = verdict_on(specimen, uploader)

    kept = Attachment.objects.filter(state=AttachmentState.CLEAN)
    assert (refused_by, reason.code if reason else "") == specimen.verdict
    assert [row.kind for row in kept] == ([specimen.kept_as] if specimen.kept_as else [])
    assert [row.original_name for row in kept if specimen.shown_as] == [specimen.shown_as] * bool(specimen.shown_as)
    assert stored_files(store) == sorted(
        name for row in kept for name in (row.stored_name, str(row.small_file)) if name
    )
    if reason:
        assert_told(reason)


def assert_told(reason: Refusal) -> None:
    """See that the refusal names the field, and the file in both languages."""
    assert reason.fix == "file"
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert f"“{reason.params['name']}”" in reason.sentence()
