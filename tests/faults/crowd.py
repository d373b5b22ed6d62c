"""Clients that act at the same instant, each over a connection of its own, and remember every answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.benchmarks import client
from tests.benchmarks.client import Call

COMMENT = "材料齐全，同意推荐。"
NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    """What a client got for one call, and after how many seconds; status 0 where the connection broke."""

    status: int
    content: bytes
    seconds: float

    @cached_property
    def body(self) -> Any:
        """Return the JSON of the answer."""
        return json.loads(self.content)


def move(pk: str, name: str, token: str, *, key: str = "", comment: str = COMMENT) -> Call:
    """Return the call that asks for one move."""
    return Call.post(f"/api/v1/nominations/{pk}/transitions/", {"name": name, "comment": comment}, token, key=key)


def at_once(port: int, plans: Sequence[Sequence[Call]], *, every: float = 0.0) -> list[list[Answer]]:
    """Send each plan in its order, all plans begun at the same instant; ``every`` many seconds a call, or at once."""
    gate = threading.Barrier(len(plans))
    with ThreadPoolExecutor(len(plans)) as pool:
        return list(pool.map(lambda plan: _walk(port, plan, gate, every), plans))


def ask(port: int, call: Call) -> Answer:
    """Send one call over a fresh connection."""
    began = time.perf_counter()
    try:
        status, content = client.ask(port, call)
    except OSError:
        return Answer(NO_ANSWER, b"", time.perf_counter() - began)
    return Answer(status, content, time.perf_counter() - began)


def acknowledged(answers: Sequence[Answer]) -> list[str]:
    """Return the ids of the events that the clients were told of."""
    return [answer.body["id"] for answer in answers if answer.status == 200]


def _walk(port: int, plan: Sequence[Call], gate: threading.Barrier, every: float) -> list[Answer]:
    answers = []
    gate.wait(30)
    for call in plan:
        answers.append(ask(port, call))
        time.sleep(max(0.0, every - answers[-1].seconds))
    return answers
