"""A ClamAV daemon for tests: a real socket, the INSTREAM protocol, and every way of misbehaving."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Daemon:
    """What the daemon was asked, and how it behaves: ``honest`` or one of the names in ``_reply``."""

    address: str
    behavior: str = "honest"
    commands: list[bytes] = field(default_factory=list)
    scanned: list[bytes] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None  # what happens elsewhere while it scans

    def serve(self, listener: socket.socket) -> None:
        """Answer one connection after the other until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _peer = listener.accept()
                with connection, suppress(OSError):
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        if self.behavior == "hangs_up":
            return
        stream = connection.makefile("rb")
        self.commands.append(stream.read(10))
        content = b""
        while length := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(length)
        self.scanned.append(content)
        self.meanwhile()
        self._reply(connection, content)

    def _reply(self, connection: socket.socket, content: bytes) -> None:
        if self.behavior == "silent":
            time.sleep(1)
        elif self.behavior == "drips":
            for letter in b"stream: OK":
                connection.sendall(bytes([letter]))
                time.sleep(0.1)
        else:
            connection.sendall(self._answer(content))

    def _answer(self, content: bytes) -> bytes:
        answers = {
            "too_large": b"INSTREAM size limit exceeded. ERROR\0",
            "without_end": b"stream: OK",
            "endless": b"x" * 5_000,
            "nonsense": b"stream: maybe\0",
        }
        honest = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        return answers.get(self.behavior, honest)


@contextmanager
def running(folder: Path, *, tcp: bool = False) -> Iterator[Daemon]:
    """Run a daemon on a Unix socket in ``folder``, or on a free port of the loopback."""
    listener = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
    listener.bind(("127.0.0.1", 0) if tcp else str(folder / "clamd.sock"))
    listener.listen()
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}" if tcp else str(folder / "clamd.sock")
    daemon = Daemon(address)
    thread = threading.Thread(target=daemon.serve, args=[listener])
    thread.start()
    try:
        yield daemon
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
