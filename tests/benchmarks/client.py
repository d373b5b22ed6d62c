"""A client that costs little: kept-open connections, requests built beforehand, one thread per connection."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent."""

    raw: bytes

    @classmethod
    def post(cls, path: str, body: object, token: str, *, key: str = "") -> Call:
        """Build a JSON POST with a token, and with an idempotency key where one is given."""
        payload = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(payload)}\r\n"
        )
        head += f"Idempotency-Key: {key}\r\n\r\n" if key else "\r\n"
        return cls(head.encode() + payload)

    @classmethod
    def get(cls, path: str, token: str) -> Call:
        """Build a GET with a token."""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
        head += "Accept: application/json\r\n\r\n"
        return cls(head.encode())


@dataclass(slots=True)
class Result:
    """What a round came to: seconds, latencies, and how often each status was answered."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    first_bad: bytes = b""

    @property
    def rate(self) -> float:
        """Return good answers per second."""
        return sum(count for status, count in self.statuses.items() if status < 400) / self.seconds

    def percentile(self, share: float) -> float:
        """Return a latency in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Connection:
    """One kept-open connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def ask(self, call: Call) -> tuple[int, bytes]:
        """Send one request and return status and body."""
        self.socket.sendall(call.raw)
        while b"\r\n\r\n" not in self.buffer:
            self._read()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        length = _length(head)
        while len(self.buffer) < length:
            self._read()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(head[9:12]), body

    def close(self) -> None:
        """Let go of the connection."""
        self.socket.close()

    def _read(self) -> None:
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk


def ask(port: int, call: Call) -> tuple[int, bytes]:
    """Send one request over a connection of its own and return status and body."""
    with closing(Connection(port)) as connection:
        return connection.ask(call)


def run(port: int, plans: Sequence[Sequence[Call]]) -> Result:
    """Send each plan in order over a connection of its own, all at once, and return what came of it."""
    result, lock = Result(), threading.Lock()
    gate = threading.Barrier(len(plans) + 1)
    threads = [threading.Thread(target=_walk, args=(port, plan, gate, result, lock)) for plan in plans]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - started
    return result


def _walk(port: int, plan: Sequence[Call], gate: threading.Barrier, result: Result, lock: threading.Lock) -> None:
    connection = Connection(port)
    latencies, statuses, first_bad = [], Counter[int](), b""
    gate.wait()
    for call in plan:
        began = time.perf_counter()
        status, body = connection.ask(call)
        latencies.append(time.perf_counter() - began)
        statuses[status] += 1
        if status >= 400 and not first_bad:
            first_bad = body
    connection.close()
    with lock:
        result.latencies += latencies
        result.statuses += statuses
        result.first_bad = result.first_bad or first_bad


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    raise ValueError("an answer without its length")
