"""A hint to the workers that a file waits; losing one costs the time until the next tick, never a file."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction

logger = structlog.get_logger(__name__)
TASK = "attachments.tasks.inspect_attachment"
PAUSE = 10.0  # seconds for which a process leaves a broker alone that did not answer


class _Broker:
    """Whether the broker is worth asking at the moment; one per process."""

    silent_until = 0.0


def inspect_soon(attachment_id: UUID) -> None:
    """Ask for the inspection of a file once the present transaction is committed; never raises, seldom waits."""
    transaction.on_commit(lambda: _poke(attachment_id), robust=True)


def _poke(attachment_id: UUID) -> None:
    if time.monotonic() < _Broker.silent_until:
        return
    try:
        current_app.send_task(TASK, args=[str(attachment_id)], retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises, the upload stands
        _Broker.silent_until = time.monotonic() + PAUSE
        logger.warning("inspection_not_poked", attachment=str(attachment_id), error=str(error))
