"""A hint to the relay that there is work; losing one costs seconds, never an event."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

logger = structlog.get_logger(__name__)

# After a broker that did not answer, it is left alone for this many seconds: the periodic relay finds the work.
PAUSE = 10.0
# One hint serves every move of this many seconds: the relay takes all that waits.
GATHER = 0.1


class _Hint:
    """Whether the relay is wanted, and the thread that asks for it; one per process.

    The thread is what waits for a broker that hangs: no request ever does.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = threading.Event()
        self.thread: threading.Thread | None = None

    def give(self) -> None:
        """Have the relay asked for, at once or together with all who want it within the present span."""
        self.wanted.set()
        with self.lock:
            if self.thread is None or not self.thread.is_alive():  # the first hint, or the first after a fork
                self.thread = threading.Thread(target=self._run, name="relay-hint", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        while True:
            self.wanted.wait()
            self.wanted.clear()
            time.sleep(GATHER if _ask() else PAUSE)


def _ask() -> bool:
    """Ask for the relay and tell whether the broker took it."""
    try:
        current_app.send_task(settings.WORKFLOW_RELAY, retry=False, ignore_result=True, expires=60)
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises, the move stands
        logger.warning("relay_not_poked", error=str(error))
        return False
    return True


_hint = _Hint()


def relay_soon() -> None:
    """Ask for the outbox to be relayed once the present transaction is committed; never raises, never waits."""
    if settings.WORKFLOW_RELAY:
        transaction.on_commit(_hint.give, robust=True)
