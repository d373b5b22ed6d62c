"""The demo's mail server, spoken to over a real socket."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from common import services
from demo import smtp

MAIL = "Subject: =?utf-8?b?5oKo5aW9?=\r\nMessage-ID: <1@example.com>\r\n\r\nA line.\r\n..dotted\r\n"


def start_inbox(listener: int, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "demo.smtp", str(listener), str(folder)]
    return subprocess.Popen(command, cwd=services.ROOT, pass_fds=(listener,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    with smtp.listening_socket() as listener:
        inbox = start_inbox(listener.fileno(), folder)
        yield listener.getsockname()[1]
        inbox.terminate()
        assert inbox.wait(10) == 0


def send(port: int, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        return client.sendmail("office@example.com", recipients, MAIL)


def test_inbox_keeps_each_mail_with_its_recipients(port: int, folder: Path) -> None:
    refused = send(port, "zhang@example.com", "li@example.com")

    (path,) = folder.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert refused == {}
    assert message.get_all("Delivered-To") == ["zhang@example.com", "li@example.com"]
    assert message["Return-Path"] == "<office@example.com>"
    assert message["Message-ID"] == "<1@example.com>"
    assert message["Subject"] == "您好"
    assert message.get_content().splitlines() == ["A line.", "..dotted"]


def test_inbox_sorts_by_arrival(port: int, folder: Path) -> None:
    for number in range(12):
        send(port, f"reader{number}@example.com")

    found = [message_from_bytes(path.read_bytes())["Delivered-To"] for path in sorted(folder.iterdir())]
    assert found == [f"reader{number}@example.com" for number in range(12)]


@pytest.mark.parametrize(
    ("address", "code"), [("busy@example.com", 451), ("gone@example.com", 550), ("gone+late@example.com", 550)]
)
def test_inbox_makes_the_trouble_that_an_address_asks_for(port: int, folder: Path, address: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(port, address)

    assert caught.value.recipients[address][0] == code
    assert list(folder.iterdir()) == []


def test_mails_wait_while_the_inbox_is_started_again(folder: Path) -> None:
    with smtp.listening_socket() as listener:
        first = start_inbox(listener.fileno(), folder)
        send(listener.getsockname()[1], "zhang@example.com")
        first.kill()
        first.wait()
        second = start_inbox(listener.fileno(), folder)

        refused = send(listener.getsockname()[1], "li@example.com")

        second.terminate()
        second.wait()
    assert refused == {}
    assert len(list(folder.iterdir())) == 2
