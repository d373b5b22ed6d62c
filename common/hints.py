"""A hint to the workers that there is work; losing one costs seconds, never the work: a tick finds what waits."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.db import transaction

logger = structlog.get_logger(__name__)
Hint = tuple[str, tuple[str, ...]]

# After a broker that did not answer, it is left alone for this many seconds.
PAUSE = 10.0
# Equal hints of this many seconds are given once: the relay takes all that waits.
GATHER = 0.1
# What is more than this many different hints is left to the tick.
MOST = 1000
# A hint that nobody took for this many seconds is worth nothing any more.
EXPIRES = 60


class Hints:
    """The hints that are still to be given, and the thread that gives them; one per process.

    The thread is what waits for a broker that hangs: no request ever does.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = threading.Event()
        self.waiting: dict[Hint, None] = {}
        self.thread: threading.Thread | None = None

    def give(self, hint: Hint) -> None:
        """Have a worker told, at once or together with the other hints of the present span."""
        with self.lock:
            if len(self.waiting) < MOST:
                self.waiting[hint] = None
            if self.thread is None or not self.thread.is_alive():  # the first hint, or the first after a fork
                self.thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self.thread.start()
        self.wanted.set()

    def take(self) -> list[Hint]:
        """Return the hints that wait, each once, in their order, and keep them no longer."""
        with self.lock:
            self.wanted.clear()
            taken, self.waiting = list(self.waiting), {}
        return taken

    def _run(self) -> None:
        while True:
            self.wanted.wait()
            time.sleep(GATHER if tell(self.take()) else PAUSE)


def tell(hints: list[Hint]) -> bool:
    """Pass hints on and tell whether the broker took them; once it did not, the others are not tried."""
    try:
        for task, args in hints:
            current_app.send_task(task, args=args, retry=False, ignore_result=True, expires=EXPIRES)
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises, what was done stands
        logger.warning("worker_not_told", hints=len(hints), error=str(error))
        return False
    return True


_hints = Hints()


def soon(task: str, *args: str) -> None:
    """Have a worker run the task once the present transaction is committed; never raises, never waits."""
    transaction.on_commit(lambda: _hints.give((task, args)), robust=True)
