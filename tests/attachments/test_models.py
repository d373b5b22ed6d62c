"""What the database refuses, whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import User
from attachments.enums import AttachmentState
from attachments.models import Attachment
from common.identifiers import new_id
from tests.attachments.steps import AT, receive, receive_clean
from tests.corpus.uploads.offices import docx

OTHER = "0" * 64


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "exe"}, "attachment_kind_known"),
        ({"size": 0}, "attachment_not_empty"),
        ({"sha256": "A" * 64}, "attachment_digest_formed"),
        ({"received_sha256": "0" * 63}, "attachment_digest_formed"),
        ({"purpose": "Evidence"}, "attachment_codes_formed"),
        ({"subject_kind": ""}, "attachment_codes_formed"),
        ({"rejection_code": "empty"}, "attachment_rejection_reasoned"),
        ({"state": "rejected", "inspected_at": AT}, "attachment_rejection_reasoned"),
        ({"state": "rejected", "inspected_at": AT, "rejection_code": "dislike"}, "attachment_rejection_reasoned"),
        ({"state": "clean"}, "attachment_inspection_dated"),
        ({"inspected_at": AT}, "attachment_inspection_dated"),
        ({"latitude": 31}, "attachment_place_on_earth"),
        ({"latitude": 91, "longitude": 0}, "attachment_place_on_earth"),
        ({"latitude": 0, "longitude": -181}, "attachment_place_on_earth"),
        ({"width": 9}, "attachment_measures_paired"),
        ({"width": 9, "height": 0}, "attachment_measures_paired"),
        ({"removed_at": AT - timedelta(seconds=1)}, "attachment_removed_after_upload"),
    ],
)
def test_row_that_contradicts_itself_is_refused(uploader: User, changes: dict[str, Any], constraint: str) -> None:
    receive(uploader)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attachment.objects.update(**changes)


def test_row_in_an_unknown_state_is_refused(uploader: User) -> None:
    attachment = receive(uploader)
    attachment.pk, attachment.state, attachment.inspected_at = new_id(), "trusted", AT

    with pytest.raises(IntegrityError, match="attachment_state_known"):
        attachment.save(force_insert=True)


def test_every_constraint_has_a_sentence_of_its_own() -> None:
    sentences = [constraint.get_violation_error_message() for constraint in Attachment._meta.constraints]

    assert len(set(sentences)) == len(sentences)


def test_constraint_speaks_the_readers_language(uploader: User) -> None:
    attachment = receive(uploader)
    attachment.size = 0

    with pytest.raises(ValidationError, match="文件不能为空"):
        attachment.validate_constraints()


@pytest.mark.parametrize("state", [AttachmentState.CLEAN, AttachmentState.QUARANTINED])
def test_verdict_is_never_taken_back(uploader: User, state: AttachmentState) -> None:
    receive_clean(uploader, docx({"word/vbaProject.bin": b"x"}), "a.docx")

    with pytest.raises(ProgrammingError, match='Invalid transition of field "state" from "rejected"'):
        Attachment.objects.update(state=state, rejection_code="")


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "attachments/kept/other.pdf"},
        {"sha256": OTHER},
        {"received_sha256": OTHER},
        {"sealed": False},
        {"purpose": "evidence"},
        {"original_name": "other.pdf"},
        {"removed_at": AT, "sha256": OTHER},
    ],
)
def test_sealed_copy_that_is_clean_is_never_altered(uploader: User, changes: dict[str, Any]) -> None:
    receive_clean(uploader, purpose="sealed_copy")

    with pytest.raises(IntegrityError, match="sealed copy: UPDATE on attachments_attachment refused"):
        Attachment.objects.update(**changes)


def test_sealed_copy_that_is_clean_is_never_deleted(uploader: User) -> None:
    receive_clean(uploader, purpose="sealed_copy")

    with pytest.raises(IntegrityError, match="sealed copy: DELETE on attachments_attachment refused"):
        Attachment.objects.all().delete()


def test_table_is_never_emptied(db: None) -> None:
    with (
        pytest.raises(IntegrityError, match="sealed copy: TRUNCATE on attachments_attachment refused"),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE attachments_attachment CASCADE")


def test_sealed_copy_may_be_set_aside_and_changed_while_it_waits(uploader: User) -> None:
    clean, waiting = receive_clean(uploader, purpose="sealed_copy"), receive(uploader, purpose="sealed_copy")

    set_aside = Attachment.objects.filter(pk=clean.pk).update(removed_at=AT)
    changed = Attachment.objects.filter(pk=waiting.pk).update(sha256=OTHER)

    assert (set_aside, changed) == (1, 1)


def test_other_files_may_be_changed_and_deleted(uploader: User) -> None:
    receive_clean(uploader)

    assert Attachment.objects.update(label="x") == 1
    assert Attachment.objects.all().delete()[0] == 1


def test_attachment_names_itself_and_its_reason(uploader: User) -> None:
    rejected = receive_clean(uploader, docx({"word/vbaProject.bin": b"x"}), "说明.docx")

    assert str(rejected) == "说明.docx (rejected)"
    assert rejected.rejection is not None
    assert rejected.rejection.sentence() == "“说明.docx”含有宏，请另存为不含宏的文件后上传。"
    assert rejected.is_handed_out is False
