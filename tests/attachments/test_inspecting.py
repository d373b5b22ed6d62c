"""The way out of quarantine: scanned, examined, told to the domain; claimed by one, retried, never by default clean."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from attachments import operations
from attachments.enums import AttachmentKind, AttachmentState
from attachments.models import Attachment
from common.identifiers import new_id
from tests.attachments import clamav
from tests.attachments.clamav import EICAR, Daemon
from tests.attachments.steps import AT, inspect, receive, receive_clean, sha256, stored_files
from tests.corpus.uploads.offices import docx
from tests.corpus.uploads.pdfs import pdf, stream
from tests.corpus.uploads.pictures import camera_data, heic, jpeg, scene

INFECTED = pdf(stream(b"", EICAR))
LATER = AT + timedelta(minutes=1)
told: list[tuple[UUID, str, str]] = []


def note(attachment: Attachment) -> None:
    """Stand for the domain: note what it is told, and what the row says at that moment."""
    row = Attachment.objects.get(pk=attachment.pk)
    told.append((row.pk, row.state, row.rejection_code))


def object_to(attachment: Attachment) -> None:
    """Stand for a domain that fails."""
    raise RuntimeError(str(attachment.pk))


@pytest.fixture(autouse=True)
def domain(settings: Settings) -> None:
    told.clear()
    settings.ATTACHMENT_INSPECTED = f"{__name__}.note"


@pytest.fixture
def daemon(settings: Settings) -> Iterator[Daemon]:
    with tempfile.TemporaryDirectory() as folder, clamav.running(Path(folder)) as daemon:
        settings.CLAMAV_SOCKET = daemon.address
        settings.ATTACHMENT_LIMITS = {"scan_seconds": 0.5}
        yield daemon


def test_good_pdf_comes_out_clean_and_unchanged(
    uploader: User, store: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive(uploader)

    with django_capture_on_commit_callbacks(execute=True):
        inspect(attachment, LATER)

    row = Attachment.objects.get()
    assert (row.state, row.inspected_at, row.rejection, row.pages) == (AttachmentState.CLEAN, LATER, None, 1)
    assert (row.sha256, row.received_sha256, row.size) == (sha256(pdf()), sha256(pdf()), len(pdf()))
    assert row.stored_name.startswith("attachments/kept/2023/07/18/")
    assert row.stored_name.endswith(".pdf")
    assert stored_files(store) == [row.stored_name]
    assert (store / row.stored_name).read_bytes() == pdf()


def test_office_file_comes_out_clean_and_unchanged(uploader: User, store: Path) -> None:
    row = receive_clean(uploader, docx(), "说明.docx")

    assert (row.state, row.kind) == (AttachmentState.CLEAN, AttachmentKind.DOCX)
    assert (store / row.stored_name).read_bytes() == docx()


def test_picture_is_kept_without_what_the_camera_wrote(uploader: User, store: Path) -> None:
    content = jpeg(exif=camera_data(6))

    row = receive_clean(uploader, content, "现场.jpg")

    kept = (store / row.stored_name).read_bytes()
    assert (row.latitude, row.longitude) == (Decimal("31.736"), Decimal("116.52"))
    assert row.taken_at is not None
    assert (row.width, row.height) == (32, 48)
    assert (row.received_sha256, row.sha256, row.size) == (sha256(content), sha256(kept), len(kept))
    assert b"Exif" not in kept


def test_large_picture_is_kept_with_its_small_copy(uploader: User, store: Path) -> None:
    row = receive_clean(uploader, jpeg(scene(size=(1600, 1200))), "现场.jpg")

    assert {row.stored_name, str(row.small_file.name)} <= set(stored_files(store))
    assert (store / str(row.small_file.name)).stat().st_size < row.size / 4
    assert (row.width, row.height) == (1600, 1200)


def test_domain_that_fails_takes_the_small_copy_along(uploader: User, store: Path, settings: Settings) -> None:
    settings.ATTACHMENT_INSPECTED = f"{__name__}.object_to"
    attachment = receive(uploader, jpeg(scene(size=(1600, 1200))), "现场.jpg")

    with pytest.raises(RuntimeError):
        inspect(attachment)

    assert stored_files(store) == [attachment.stored_name]


def test_heic_is_kept_as_jpeg_under_a_fitting_name(uploader: User) -> None:
    row = receive_clean(uploader, heic(), "IMG_0001.HEIC")

    assert (row.kind, row.original_name) == (AttachmentKind.JPEG, "IMG_0001.jpg")


def test_bad_file_is_rejected_with_its_reason_and_its_bytes_go(
    uploader: User, store: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive(uploader, docx({"word/vbaProject.bin": b"x"}), "说明.docx")

    with django_capture_on_commit_callbacks(execute=True):
        inspect(attachment, LATER)

    row = Attachment.objects.get()
    assert (row.state, row.inspected_at, row.rejection_code) == (AttachmentState.REJECTED, LATER, "office_macro")
    assert row.rejection is not None
    assert row.rejection.params == {"name": "说明.docx"}
    assert stored_files(store) == []


def test_domain_is_told_within_the_transaction(uploader: User) -> None:
    good, bad = receive(uploader), receive(uploader, docx({"word/vbaProject.bin": b"x"}), "a.docx")

    inspect(good)
    inspect(bad)

    assert told == [(good.pk, "clean", ""), (bad.pk, "rejected", "office_macro")]


def test_domain_that_fails_takes_the_verdict_back(uploader: User, store: Path, settings: Settings) -> None:
    attachment = receive(uploader)
    settings.ATTACHMENT_INSPECTED = f"{__name__}.object_to"

    with pytest.raises(RuntimeError):
        inspect(attachment)

    row = Attachment.objects.get()
    assert (row.state, row.attempts) == (AttachmentState.QUARANTINED, 1)
    assert stored_files(store) == [row.stored_name]
    assert (store / row.stored_name).read_bytes() == pdf()


def test_inspection_needs_no_domain(uploader: User, settings: Settings) -> None:
    del settings.ATTACHMENT_INSPECTED

    assert receive_clean(uploader).state == AttachmentState.CLEAN


def test_what_does_not_wait_is_left_alone(uploader: User) -> None:
    done, removed, claimed = receive_clean(uploader), receive(uploader), receive(uploader)
    operations.remove(attachment_id=removed.pk, at=AT)
    Attachment.objects.filter(pk=claimed.pk).update(inspect_after=LATER)

    outcomes = [operations.inspect(attachment_id=pk, at=AT) for pk in (done.pk, removed.pk, claimed.pk, new_id())]

    assert outcomes == [None] * 4


def test_infected_file_is_rejected_by_name(uploader: User, daemon: Daemon) -> None:
    row = inspect(receive(uploader, INFECTED))

    assert (row.state, row.rejection_code) == (AttachmentState.REJECTED, "infected")
    assert row.rejection_params == {"name": "附件3.pdf", "signature": "Eicar-Test-Signature"}
    assert daemon.scanned == [INFECTED]


def test_scanned_file_comes_out_clean(uploader: User, daemon: Daemon) -> None:
    assert receive_clean(uploader).state == AttachmentState.CLEAN
    assert daemon.scanned == [pdf()]


@pytest.mark.parametrize("behavior", ["hangs_up", "silent", "too_large", "nonsense"])
def test_file_stays_in_quarantine_while_the_scanner_gives_no_verdict(
    uploader: User, daemon: Daemon, behavior: str
) -> None:
    daemon.behavior = behavior
    attachment = receive(uploader)

    waiting = inspect(attachment)
    too_early = operations.inspect(attachment_id=attachment.pk, at=AT + timedelta(seconds=59))
    daemon.behavior = "honest"
    done = inspect(attachment, LATER)

    assert (waiting.state, waiting.attempts, waiting.inspect_after) == (AttachmentState.QUARANTINED, 0, LATER)
    assert too_early is None
    assert done.state == AttachmentState.CLEAN


def test_scanner_that_is_away_for_long_rejects_nothing(uploader: User, settings: Settings, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody.sock")
    attachment = receive(uploader)

    states = {inspect(attachment, AT + timedelta(minutes=minute)).state for minute in range(10)}

    assert states == {AttachmentState.QUARANTINED}


def test_file_stays_in_quarantine_while_the_store_does_not_answer(uploader: User, store: Path) -> None:
    attachment = receive(uploader)
    (store / attachment.stored_name).rename(store / "elsewhere")

    waiting = inspect(attachment)
    (store / "elsewhere").rename(store / attachment.stored_name)
    done = inspect(attachment, LATER)

    assert [waiting.state, done.state] == [AttachmentState.QUARANTINED, AttachmentState.CLEAN]


def test_bytes_that_were_altered_in_the_store_are_rejected(uploader: User, store: Path) -> None:
    attachment = receive(uploader)
    (store / attachment.stored_name).write_bytes(pdf(pages=2))

    assert inspect(attachment).rejection_code == "lost"


def test_file_that_fells_its_inspectors_is_given_up(uploader: User, settings: Settings) -> None:
    attachment = receive(uploader)
    settings.ATTACHMENT_INSPECTED = f"{__name__}.object_to"
    for attempt in range(3):
        with pytest.raises(RuntimeError):
            inspect(attachment, AT + attempt * operations.LEASE)
    settings.ATTACHMENT_INSPECTED = ""

    given_up = inspect(attachment, AT + 3 * operations.LEASE)

    assert (given_up.rejection_code, given_up.rejection_params["attempts"]) == ("uninspectable", 3)


def settle_late(slow: Attachment | None) -> None:
    """Give the verdict of an inspector that was overtaken; it must find out."""
    assert slow is not None
    with tempfile.TemporaryDirectory() as folder, pytest.raises(operations._Superseded):
        operations._settle(slow, operations._judge(slow, Path(folder)), AT)


def test_inspector_that_overslept_its_claim_changes_nothing(uploader: User, store: Path) -> None:
    slow = operations._claim(receive(uploader).pk, AT)
    operations._claim(Attachment.objects.get().pk, AT + operations.LEASE)

    settle_late(slow)

    row = Attachment.objects.get()
    assert row.state == AttachmentState.QUARANTINED
    assert stored_files(store) == [row.stored_name]
    assert told == []


def test_file_removed_during_its_inspection_stays_removed(uploader: User, store: Path) -> None:
    slow = operations._claim(receive(uploader).pk, AT)
    operations.remove(attachment_id=Attachment.objects.get().pk, at=AT)

    settle_late(slow)

    row = Attachment.objects.get()
    assert (row.state, row.removed_at) == (AttachmentState.QUARANTINED, AT)
    assert stored_files(store) == [row.stored_name]
    assert told == []


def test_everything_that_waits_is_inspected_oldest_first(uploader: User) -> None:
    first = receive(uploader, at=AT)
    receive(uploader, docx({"word/vbaProject.bin": b"x"}), "a.docx", at=AT + timedelta(seconds=1))
    last = receive(uploader, at=AT + timedelta(seconds=2))

    outcome = operations.inspect_quarantined(at=LATER, limit=2)

    assert outcome == Counter(clean=1, rejected=1)
    assert [Attachment.objects.get(pk=pk).state for pk in (first.pk, last.pk)] == ["clean", "quarantined"]
    assert operations.inspect_quarantined(at=LATER) == Counter(clean=1)
    assert operations.inspect_quarantined(at=LATER) == Counter()
