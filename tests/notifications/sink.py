"""A real SMTP server on a loopback port that keeps what it accepts and misbehaves on request."""

from __future__ import annotations

import asyncio
import contextlib
import email
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Accepted mails, in order; ``script`` maps a local part to what happens to its mails, the last word for ever.

    A word is an SMTP answer to RCPT (``451 later``) or to the text (``text 552 full``); ``tarpit``: no answer for a
    while; ``drip``: an answer that never ends; ``drop``: the connection ends before the text; ``lost``, ``cut off``:
    the text is accepted, but its answer does not, or hardly, come; ``slow N``: the answer to the text takes N seconds.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.raw: list[bytes] = []
        self.script: dict[str, list[str]] = {}
        self.sender_answer = "250 OK"
        self.connections = 0
        self.accepted_at: list[float] = []

    @property
    def ids(self) -> Counter[str]:
        """Count the accepted mails by Message-ID."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    def to(self, address: str) -> list[EmailMessage]:
        """Return the accepted mails for one address."""
        return [mail for mail, recipient in zip(self.mails, self.recipients, strict=True) if recipient == address]

    def _word(self, address: str) -> str:
        words = self.script.get(address.partition("@")[0], [])
        return (words.pop(0) if len(words) > 1 else words[0]) if words else ""

    async def handle_MAIL(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        word = self._word(address)
        envelope.word = word  # type: ignore[attr-defined]  # ours, from here to the text
        if word == "tarpit":
            await asyncio.sleep(30)
        if word in {"drop", "550 and hang up"}:
            hang_up(server, b"550 go away\r\n" if word != "drop" else b"")
        if word == "drip":
            await _drip(server)
        if word[:1].isdigit():
            return word
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        word: str = envelope.word  # type: ignore[attr-defined]  # set above
        if word.startswith("text "):
            return word.removeprefix("text ")
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        self.mails.append(email.message_from_bytes(content, policy=modern))  # type: ignore[arg-type]  # the policy's kind
        self.recipients.append(envelope.rcpt_tos[0])
        self.accepted_at.append(time.monotonic())
        if word in {"lost", "cut off"}:
            hang_up(server, b"25" if word == "cut off" else b"")
        if word.startswith("slow "):
            await asyncio.sleep(float(word.removeprefix("slow ")))
        return "250 OK"


def hang_up(server: SMTP, last_words: bytes) -> None:
    """Say something, or nothing, and end the connection."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.write(last_words)
    server.transport.close()


async def _drip(server: SMTP) -> None:
    """Answer one byte at a time, so that no single wait is long and the whole never ends."""
    for _ in range(100):
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.write(b"2")
        await asyncio.sleep(0.2)


class _Counting(Controller):
    def factory(self) -> SMTP:
        self.handler.connections += 1
        made: SMTP = super().factory()
        return made


def free_port() -> int:
    """Return a loopback port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(port: int) -> Iterator[Sink]:
    """Keep a sink listening for the time of the block."""
    sink = Sink()
    controller = _Counting(sink, hostname="127.0.0.1", port=port)
    controller.start()
    sink.connections = 0  # the controller itself has knocked to see whether somebody is at home
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)


def eventually(holds: Callable[[], Any], *, within: float = 10.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    give_up_at = time.monotonic() + within
    while not holds():
        assert time.monotonic() < give_up_at, "this did not come true in time"
        time.sleep(0.02)
