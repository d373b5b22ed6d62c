"""The client of the virus scanner, against a daemon on a real socket: a clear verdict or none at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from attachments import scanner
from attachments.errors import ScannerUnavailable
from tests.attachments import clamav
from tests.attachments.clamav import EICAR, Daemon


@pytest.fixture
def daemon(settings: Settings) -> Iterator[Daemon]:
    """A daemon on a Unix socket; its path is short, as sockets need it."""
    with tempfile.TemporaryDirectory() as folder, clamav.running(Path(folder)) as daemon:
        settings.CLAMAV_SOCKET = daemon.address
        settings.ATTACHMENT_LIMITS = {"scan_seconds": 0.5}
        yield daemon


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "received"
    path.write_bytes(b"x" * 150_000)
    return path


def test_scanner_is_off_without_an_address(settings: Settings) -> None:
    settings.CLAMAV_SOCKET = ""

    assert scanner.is_configured() is False


def test_clean_file_has_no_signature(daemon: Daemon, file: Path) -> None:
    found = scanner.signature_in(file)

    assert found is None
    assert scanner.is_configured() is True
    assert daemon.commands == [b"zINSTREAM\0"]
    assert daemon.scanned == [file.read_bytes()]


def test_infected_file_is_named(daemon: Daemon, file: Path) -> None:
    file.write_bytes(EICAR)

    assert scanner.signature_in(file) == "Eicar-Test-Signature"


def test_scanner_is_reached_by_tcp(settings: Settings, file: Path, tmp_path: Path) -> None:
    with clamav.running(tmp_path, tcp=True) as daemon:
        settings.CLAMAV_SOCKET = daemon.address

        found = scanner.signature_in(file)

    assert found is None
    assert daemon.scanned == [file.read_bytes()]


def test_answer_without_its_end_mark_counts_when_the_daemon_closes(daemon: Daemon, file: Path) -> None:
    daemon.behavior = "without_end"

    assert scanner.signature_in(file) is None


@pytest.mark.parametrize("behavior", ["hangs_up", "silent", "drips", "too_large", "endless", "nonsense"])
def test_anything_but_a_verdict_is_no_pass(daemon: Daemon, file: Path, behavior: str) -> None:
    daemon.behavior = behavior

    with pytest.raises(ScannerUnavailable):
        scanner.signature_in(file)


def test_missing_daemon_is_no_pass(settings: Settings, file: Path, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody.sock")

    with pytest.raises(ScannerUnavailable):
        scanner.signature_in(file)


def test_time_is_up_before_the_connection(daemon: Daemon, settings: Settings, file: Path) -> None:
    settings.ATTACHMENT_LIMITS = {"scan_seconds": 0}

    with pytest.raises(ScannerUnavailable):
        scanner.signature_in(file)
