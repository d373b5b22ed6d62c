"""A client of the ClamAV daemon: one INSTREAM command per file (clamd(8)), under one time-out for the whole of it."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import closing
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from attachments.errors import ScannerUnavailable
from attachments.limits import limits

CHUNK = 64 * 1024
LONGEST_REPLY = 4096


def is_configured() -> bool:
    """Tell whether files are to be scanned at all."""
    return bool(settings.CLAMAV_SOCKET)


def signature_in(path: Path) -> str | None:
    """Return the name of the malicious software found in the file, or ``None`` when the daemon calls it clean.

    ``settings.CLAMAV_SOCKET`` is the path of a Unix socket or ``tcp://host:port``. Any other answer than a clear
    verdict, and any silence, raises ``ScannerUnavailable``: no verdict is no pass.
    """
    deadline = time.monotonic() + limits().scan_seconds
    try:
        with closing(_connect(deadline)) as daemon, path.open("rb") as content:
            _send(daemon, content, deadline)
            reply = _receive(daemon, deadline)
    except OSError as error:
        raise ScannerUnavailable from error
    return _verdict(reply)


def _connect(deadline: float) -> socket.socket:
    address = urlsplit(settings.CLAMAV_SOCKET)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname or "", address.port or 3310), timeout=_left(deadline))
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        daemon.settimeout(_left(deadline))
        daemon.connect(settings.CLAMAV_SOCKET)
    except OSError:
        daemon.close()
        raise
    return daemon


def _send(daemon: socket.socket, content: IO[bytes], deadline: float) -> None:
    daemon.sendall(b"zINSTREAM\0")
    while chunk := content.read(CHUNK):
        daemon.settimeout(_left(deadline))
        daemon.sendall(struct.pack(">I", len(chunk)) + chunk)
    daemon.sendall(struct.pack(">I", 0))


def _receive(daemon: socket.socket, deadline: float) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < LONGEST_REPLY:
        daemon.settimeout(_left(deadline))
        part = daemon.recv(CHUNK)
        if not part:
            break
        reply += part
    return reply.rstrip(b"\0\n").decode(errors="replace")


def _left(deadline: float) -> float:
    """Return the seconds left; a daemon that drips its answer is cut off like one that is silent."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(reply: str) -> str | None:
    verdict = reply.removeprefix("stream: ")
    if verdict == "OK":
        return None
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerUnavailable
