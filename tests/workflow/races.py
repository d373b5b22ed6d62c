"""Acting on connections of one's own, so that others see what was committed; and all at the same instant."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

from common.errors import DomainError

T = TypeVar("T")
PATIENCE = 60


def elsewhere(act: Callable[[], T]) -> T:
    """Return what the act returns, done on a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(own_connection, act).result(PATIENCE)


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Return what each act returned or raised, all begun at the same instant, each on a connection of its own."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        barrier.wait(PATIENCE)
        try:
            return own_connection(act)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test looks at it
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE))


def codes(answers: Sequence[object]) -> list[str]:
    """Return the codes of the refusals among the answers, sorted; any other exception is raised."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, DomainError):
            raise answer
    return sorted(answer.code for answer in answers if isinstance(answer, DomainError))


def wait_until(happened: Callable[[], object]) -> None:
    """Return as soon as something has happened elsewhere; fail when it does not."""
    give_up_at = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def own_connection(act: Callable[[], T]) -> T:
    """Return what the act returns; the connection that it opens in this thread is closed behind it."""
    try:
        return act()
    finally:
        connections.close_all()
