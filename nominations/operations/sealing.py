"""Binding a sealed scan to the text that was printed, whatever was sealed (rows S-03, S-06, S-16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from attachments import operations as attachments
from attachments.models import Attachment
from nominations.errors import ContentChanged
from workflow import engine

SEALED_COPY = "sealed_copy"


def seal(subject: Any, *, upload: UploadedFile[bytes], content_digest: str, actor: Actor, at: datetime) -> Attachment:
    """Receive the scan, bind it to the present text of the taken ``subject``, set an earlier one aside, record it.

    ``content_digest`` is the digest printed on the paper; raises ``ContentChanged`` unless it is the present one, and
    what ``attachments.receive`` raises.
    """
    if not subject.content_digest or content_digest != subject.content_digest:
        raise ContentChanged(attr="content_digest")
    scan = receive(
        kind=subject.flow,
        subject_id=subject.pk,
        purpose=SEALED_COPY,
        label=_("Sealed copy"),
        upload=upload,
        actor=actor,
        at=at,
    )
    if subject.sealed_copy_id is not None:
        attachments.remove(attachment_id=subject.sealed_copy_id, at=at)
    subject.sealed_copy_id, subject.sealed_digest = scan.pk, content_digest
    engine.record(subject, "seal", actor=actor, at=at, documents={SEALED_COPY: scan.sha256})
    return scan


def receive(
    *, kind: str, subject_id: UUID, purpose: str, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive a file of one subject, in quarantine at first."""
    return attachments.receive(
        subject_kind=kind,
        subject_id=subject_id,
        purpose=purpose,
        label=label,
        upload=upload,
        uploaded_by=User.objects.get(pk=actor.person_id),
        at=at,
    )
