"""A hint to the relay that there is work; losing one costs seconds, never an event."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

logger = structlog.get_logger(__name__)

# After a broker that did not answer, requests stop asking for this many seconds: the periodic relay finds the work.
PAUSE = 10.0
# One hint serves every move of this many seconds: the relay takes all that waits.
GATHER = 0.1


class _Hint:
    """When the broker was last asked, and whether a later hint is under way; one per process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_at = 0.0
        self.is_planned = False

    def give(self) -> None:
        """Ask now, or at the end of the present span on behalf of all who ask within it."""
        with self.lock:
            wait = self.next_at - time.monotonic()
            if self.is_planned or wait > GATHER:
                return
            if wait > 0:
                self.is_planned = True
                later = threading.Timer(wait, self._ask)
                later.daemon = True
                later.start()
                return
            self.next_at = time.monotonic() + GATHER
        self._ask()

    def _ask(self) -> None:
        with self.lock:
            self.is_planned, self.next_at = False, time.monotonic() + GATHER
        try:
            current_app.send_task(settings.WORKFLOW_RELAY, retry=False, ignore_result=True, expires=60)
        except Exception as error:  # noqa: BLE001  # whatever the broker's client raises, the move stands
            self.next_at = time.monotonic() + PAUSE
            logger.warning("relay_not_poked", error=str(error))


_hint = _Hint()


def relay_soon() -> None:
    """Ask for the outbox to be relayed once the present transaction is committed; never raises, never waits long."""
    if settings.WORKFLOW_RELAY:
        transaction.on_commit(_hint.give, robust=True)
