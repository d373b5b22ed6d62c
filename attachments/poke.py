"""A hint to the workers that a file waits; losing one costs the time until the next tick, never a file."""

from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction

TASK = "attachments.tasks.inspect_attachment"


def inspect_soon(attachment_id: UUID) -> None:
    """Ask for the inspection of a file once the present transaction is committed; never raises."""
    transaction.on_commit(
        partial(current_app.send_task, TASK, args=[str(attachment_id)], retry=False, ignore_result=True), robust=True
    )
