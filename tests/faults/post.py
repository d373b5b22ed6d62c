"""A mail server in this process, which counts what it accepts and can set a trap at one step of the conversation."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.oracle import REPEAT
from tests.faults.stage import free_port

ACCEPTED = "250 OK"
RECIPIENT, TEXT = "recipient", "text"


@dataclass
class Trap:
    """What is done at one step of the conversation, when so many mails have passed it.

    At the recipient nothing has been accepted yet; at the text the mail has arrived, and its sender has not heard so.
    """

    step: str
    act: Callable[[], None]
    after: int

    def is_sprung_by(self, step: str) -> bool:
        """Count a mail that comes to ``step`` and tell whether it is the one."""
        self.after -= step == self.step
        return step == self.step and self.after < 0


class Sink:
    """Accepted mails in order: the id of each, and whether it is marked as a possible repeat."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[dict[str, Any]] = []
        self._trap: Trap | None = None

    @property
    def copies(self) -> Counter[str]:
        """Count the accepted mails by Message-ID."""
        return Counter(mail["id"] for mail in self.mails)

    def set_trap(self, step: str, act: Callable[[], None], *, after: int) -> None:
        """Have ``act`` done once, when so many mails have passed and the next comes to ``step``, before the answer."""
        self._trap = Trap(step, act, after)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._spring(RECIPIENT)
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        content = envelope.content
        assert isinstance(content, bytes)
        headers = BytesHeaderParser().parsebytes(content)
        self.mails.append({"id": headers["Message-ID"], "repeat": REPEAT in headers})
        await self._spring(TEXT)
        return ACCEPTED

    async def _spring(self, step: str) -> None:
        if (trap := self._trap) and trap.is_sprung_by(step):
            self._trap = None
            await asyncio.to_thread(trap.act)


@contextmanager
def receiving() -> Iterator[Sink]:
    """Receive mails on a port of their own for the time of the block."""
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
