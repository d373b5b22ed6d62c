"""A hint to the relay that there is work; losing one costs seconds, never an event."""

from __future__ import annotations

import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

logger = structlog.get_logger(__name__)

# After a broker that did not answer, requests stop asking for this many seconds: the periodic relay finds the work.
PAUSE = 10.0


class _Broker:
    """Whether the broker is worth asking at the moment; one per process."""

    silent_until = 0.0


def relay_soon() -> None:
    """Ask for the outbox to be relayed once the present transaction is committed; never raises, never waits long."""
    transaction.on_commit(_poke, robust=True)


def _poke() -> None:
    if not settings.WORKFLOW_RELAY or time.monotonic() < _Broker.silent_until:
        return
    try:
        current_app.send_task(settings.WORKFLOW_RELAY, retry=False, ignore_result=True, expires=60)
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises, the move stands
        _Broker.silent_until = time.monotonic() + PAUSE
        logger.warning("relay_not_poked", error=str(error))
