"""A mail server that keeps what it is given as files and passes nothing on: `python -m demo.smtp SOCKET FOLDER`.

The listening socket is inherited by its number, so that mails wait while the server is started again. The first part of
an address can ask for trouble: `busy` is answered 451, `gone` 550, and `slow` half a minute late.
"""

import asyncio
import itertools
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 30 * 1024 * 1024
SLOW_SECONDS = 30
ACCEPTED = "250 OK"
TROUBLE = {"busy": "451 4.3.2 Try again later", "gone": "550 5.1.1 No such mailbox"}


class Inbox:
    """Write each accepted mail to one `.eml` file, named so that sorting by name is sorting by arrival."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.numbers = itertools.count()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks the method up by the SMTP verb
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, unless the address asks for trouble."""
        wish = address.partition("@")[0].partition("+")[0]
        if wish == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if wish in TROUBLE:
            return TROUBLE[wish]
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail; answer only when the file is complete."""
        content = envelope.content
        assert isinstance(content, bytes)
        header = [f"Return-Path: <{envelope.mail_from}>", *(f"Delivered-To: {to}" for to in envelope.rcpt_tos)]
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}-{next(self.numbers)}.eml"
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes("".join(f"{line}\r\n" for line in header).encode() + content)
        unfinished.rename(self.folder / name)
        return ACCEPTED


def listening_socket() -> socket.socket:
    """Return a listening socket on a free port of the loopback interface."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.set_inheritable(True)
    return listener


async def serve(listener: socket.socket, folder: Path) -> None:
    """Receive mails until told to end."""
    inbox, loop, ended = Inbox(folder), asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(
        lambda: SMTP(inbox, hostname="localhost", data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, loop=loop),
        sock=listener,
    )
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
