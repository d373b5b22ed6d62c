"""How a file is received, inspected, removed, and how the store and the rows are kept in step."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction

from attachments import hooks, queries, scanner, storage
from attachments.enums import AttachmentKind, AttachmentState, Rejection
from attachments.errors import AttachmentBusy, FileRefused, ScannerUnavailable, StorageUnavailable
from attachments.inspection.examination import Findings, examine, glance
from attachments.limits import limits
from attachments.models import Attachment
from attachments.rules import clean_name, clean_text, is_sealed, label_fits, refusal, renamed, within_room
from common import hints
from common.identifiers import new_id
from common.refusals import Refusal

if TYPE_CHECKING:
    from accounts.models import User

logger = structlog.get_logger(__name__)
INSPECT = "attachments.tasks.inspect_attachment"
LEASE = timedelta(minutes=5)  # longer than a worker's hard time limit: nobody else begins while somebody is at it
RETRY = timedelta(minutes=1)
BATCH = 50
GRACE = timedelta(hours=24)  # no transaction and no upload takes that long, so what is older belongs to nobody


@dataclass(slots=True)
class Sweep:
    """What a sweep found: bytes without a row, now deleted, and rows whose bytes are gone."""

    deleted: int = 0
    rejected: list[UUID] = field(default_factory=list)
    missing: list[UUID] = field(default_factory=list)


class _Superseded(Exception):
    """The verdict comes too late: the file was removed, or another inspector was faster."""


def receive(
    *,
    subject_kind: str,
    subject_id: UUID,
    purpose: str,
    label: str,
    upload: UploadedFile[bytes],
    uploaded_by: User,
    at: datetime,
) -> Attachment:
    """Take an upload into quarantine and ask for its inspection (S-03, S-07; API ``…/attachments/``).

    The cheap checks are made at once: name, size, kind by content and ending, pixels and package directories by
    their headers; then whether there is room for one more. Either the row and the bytes are both kept, or neither is;
    bytes whose row a surrounding transaction takes back are found by ``sweep_orphans``. Raises ``FileRefused`` with the
    reason, ``StorageUnavailable``.
    """
    name, label = clean_name(upload.name or ""), clean_text(label)
    if found := label_fits(name, label, limits()):
        raise FileRefused(found)
    size = upload.size or 0
    kind = glance(upload, name, size)
    stored = queries.stored_for(subject_kind, subject_id, purpose, uploaded_by=uploaded_by.pk, at=at)
    if found := within_room(name, size, stored, limits()):
        raise FileRefused(found)
    attachment = Attachment(
        id=new_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        label=label,
        original_name=name,
        kind=kind,
        size=size,
        sealed=is_sealed(purpose),
        inspect_after=at,
        uploaded_by=uploaded_by,
        uploaded_at=at,
    )
    attachment.sha256 = attachment.received_sha256 = _digest(upload, name, size)
    _keep(attachment, upload, at)
    return attachment


def inspect(*, attachment_id: UUID, at: datetime) -> Attachment | None:
    """Examine one quarantined file in full and give the verdict: clean or rejected.

    Scan (fail closed), whole-file checks, pictures re-encoded with place and time stored first. The work is done
    outside any transaction under a claim that lapses after five minutes; the verdict, the domain's hook and the row
    are one transaction. Returns ``None`` when the file is not there, not waiting, or in other hands; the attachment,
    still quarantined, when scanner or store do not answer. Safe to repeat.
    """
    claimed = _claim(attachment_id, at)
    if claimed is None:
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="attachment-") as folder:
            return _settle(claimed, _judge(claimed, Path(folder)), at)
    except (ScannerUnavailable, StorageUnavailable) as error:
        logger.warning("attachment_inspection_postponed", attachment=str(attachment_id), reason=error.code)
        return _postpone(claimed, at)
    except _Superseded:
        return None


def inspect_quarantined(*, at: datetime, limit: int = BATCH) -> Counter[str]:
    """Inspect up to ``limit`` files that wait in quarantine; return how many came to which state.

    Any number of these may run at once: each file is claimed by one of them.
    """
    outcome: Counter[str] = Counter()
    for attachment_id in queries.waiting_for_inspection(at, limit):
        attachment = inspect(attachment_id=attachment_id, at=at)
        outcome.update([str(attachment.state)] if attachment else [])
    return outcome


def remove(*, attachment_id: UUID, at: datetime) -> Attachment:
    """Set a file aside; removing it again changes nothing.

    The bytes of a file that was once clean stay in the store, for the record of what was submitted; others are
    deleted. Raises ``Attachment.DoesNotExist``, and ``AttachmentBusy`` while the verdict on it is being written:
    waiting here for a row whose inspector waits for the subject would be a deadlock.
    """
    with transaction.atomic():
        attachment = _locked(attachment_id)
        if attachment.removed_at is None:
            attachment.removed_at = at
            attachment.save(update_fields=["removed_at"])
            if attachment.state == AttachmentState.QUARANTINED:
                _discard_on_commit(attachment.stored_name)
    return attachment


def sweep_orphans(*, at: datetime, grace: timedelta = GRACE) -> Sweep:
    """Delete bytes that no row needs and look for rows whose bytes are gone; only what is older than ``grace``.

    A waiting file without bytes is rejected, so that its uploader is told; a clean one is reported as an error, for
    a restore from the backup. Raises ``StorageUnavailable``.
    """
    sweep = Sweep()
    try:
        _sweep_bytes(sweep, at - grace)
        _sweep_rows(sweep, at - grace, at)
    except storage.FAULTS as error:
        raise StorageUnavailable from error
    return sweep


def _digest(upload: UploadedFile[bytes], name: str, size: int) -> str:
    """Return the SHA-256 of the upload, read in chunks; refuse one that holds less or more than it announced."""
    read = Counter[str]()

    def counted() -> Iterator[bytes]:
        for chunk in upload.chunks():
            read["bytes"] += len(chunk)
            yield chunk

    try:
        digest = storage.digest_of(counted())
    except OSError as error:
        raise FileRefused(refusal(Rejection.INCOMPLETE, name)) from error
    if read["bytes"] != size:
        raise FileRefused(refusal(Rejection.INCOMPLETE, name))
    upload.seek(0)
    return digest


def _keep(attachment: Attachment, content: File[bytes], at: datetime) -> None:
    with storage.written(storage.quarantine_name(at), content) as stored, transaction.atomic():
        attachment.file = stored
        attachment.save(force_insert=True)
        hints.soon(INSPECT, str(attachment.pk))


def _claim(attachment_id: UUID, at: datetime) -> Attachment | None:
    with transaction.atomic():
        due = Attachment.objects.due_for_inspection(at).select_for_update(skip_locked=True)
        attachment = due.filter(pk=attachment_id).first()
        if attachment:
            attachment.inspect_after = at + LEASE
            attachment.attempts += 1
            attachment.save(update_fields=["inspect_after", "attempts"])
        return attachment


def _judge(claimed: Attachment, folder: Path) -> Findings | Refusal:
    """Return what the examination found, or why the file is not accepted."""
    name, most = claimed.original_name, limits().max_attempts
    if claimed.attempts > most:
        logger.error("attachment_uninspectable", attachment=str(claimed.pk), attempts=most)
        return refusal(Rejection.UNINSPECTABLE, name, attempts=most)
    path = folder / "received"
    if storage.fetch(claimed.stored_name, path) != claimed.received_sha256:
        logger.error("attachment_altered", attachment=str(claimed.pk))
        return refusal(Rejection.LOST, name)
    if scanner.is_configured() and (signature := scanner.signature_in(path)):
        return refusal(Rejection.INFECTED, name, signature=signature)
    try:
        return examine(path, AttachmentKind(claimed.kind), name, folder)
    except FileRefused as error:
        return error.refusal


def _settle(claimed: Attachment, verdict: Findings | Refusal, at: datetime) -> Attachment:
    if isinstance(verdict, Refusal):
        return _write_verdict(claimed, at, partial(_reject, verdict))
    with verdict.path.open("rb") as stream:
        digest = storage.digest_of(File(stream).chunks())
        kept = storage.written(storage.kept_name(verdict.kind, at), File(stream))
        with kept as stored, _small_copy(verdict, at) as small:
            return _write_verdict(claimed, at, partial(_accept, verdict, stored, small, digest))


@contextmanager
def _small_copy(findings: Findings, at: datetime) -> Iterator[str]:
    """Store the small copy of a picture and yield its name; "" where there is none."""
    if findings.small is None:
        yield ""
        return
    name = storage.kept_name(AttachmentKind.JPEG, at)
    with findings.small.open("rb") as stream, storage.written(name, File(stream)) as stored:
        yield stored


def _write_verdict(claimed: Attachment, at: datetime, apply: Callable[[Attachment], None]) -> Attachment:
    """Apply a verdict under the row's lock, tell the domain, and drop the quarantined bytes once that is committed."""
    with transaction.atomic():
        waiting = Attachment.objects.present().filter(state=AttachmentState.QUARANTINED)
        # The claim is the token: an inspector that overslept its lease finds another's instant here.
        attachment = waiting.select_for_update().filter(pk=claimed.pk, inspect_after=claimed.inspect_after).first()
        if attachment is None:
            raise _Superseded
        quarantined = attachment.stored_name
        attachment.inspected_at = at
        apply(attachment)
        attachment.save()
        hooks.tell_inspected(attachment)
        _discard_on_commit(quarantined)
    return attachment


def _accept(findings: Findings, stored: str, small: str, digest: str, attachment: Attachment) -> None:
    if attachment.kind != findings.kind:
        attachment.original_name = renamed(attachment.original_name, findings.kind)
    attachment.state = AttachmentState.CLEAN
    attachment.file, attachment.small_file = stored, small
    attachment.kind, attachment.size, attachment.sha256 = findings.kind, findings.path.stat().st_size, digest
    attachment.width, attachment.height, attachment.pages = findings.width, findings.height, findings.pages
    attachment.taken_at = findings.taken_at
    attachment.latitude, attachment.longitude = findings.latitude, findings.longitude


def _reject(reason: Refusal, attachment: Attachment) -> None:
    attachment.state = AttachmentState.REJECTED
    attachment.rejection_code, attachment.rejection_params = reason.code, dict(reason.params)


def _postpone(claimed: Attachment, at: datetime) -> Attachment:
    """Give the claim back: the file is not to blame, and the attempt does not count."""
    waiting = Attachment.objects.filter(pk=claimed.pk, inspect_after=claimed.inspect_after)
    waiting.update(inspect_after=at + RETRY, attempts=claimed.attempts - 1)
    claimed.refresh_from_db()
    return claimed


def _locked(attachment_id: UUID) -> Attachment:
    try:
        with transaction.atomic():
            return Attachment.objects.select_for_update(nowait=True).get(pk=attachment_id)
    except OperationalError as error:
        raise AttachmentBusy(name=_name_of(attachment_id)) from error


def _name_of(attachment_id: UUID) -> str:
    return Attachment.objects.values_list("original_name", flat=True).get(pk=attachment_id)


def _discard_on_commit(name: str) -> None:
    transaction.on_commit(lambda: storage.discard(name), robust=True)


def _sweep_bytes(sweep: Sweep, before: datetime) -> None:
    for _folder, names in storage.folders():
        needed = queries.names_needed(names)
        for name in names:
            if name not in needed and storage.is_older(name, before):
                storage.discard(name)
                sweep.deleted += 1


def _sweep_rows(sweep: Sweep, before: datetime, at: datetime) -> None:
    """Compare rows with the store folder by folder, in the order of the index on the stored name."""
    rows = Attachment.objects.with_bytes().filter(uploaded_at__lt=before).order_by("file")
    for folder, members in groupby(rows.iterator(), key=_folder):
        present = storage.names_in(folder)
        for attachment in members:
            if attachment.stored_name not in present:
                _report(sweep, attachment, at)


def _folder(attachment: Attachment) -> str:
    return attachment.stored_name.rpartition("/")[0]


def _report(sweep: Sweep, attachment: Attachment, at: datetime) -> None:
    if attachment.state == AttachmentState.CLEAN:
        logger.error("attachment_bytes_missing", attachment=str(attachment.pk), file=attachment.stored_name)
        sweep.missing.append(attachment.pk)
        return
    with suppress(_Superseded):  # it was inspected between our two looks, and its bytes have moved
        _write_verdict(attachment, at, partial(_reject, refusal(Rejection.LOST, attachment.original_name)))
        sweep.rejected.append(attachment.pk)
