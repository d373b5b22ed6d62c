"""The ticks of the sweeper; each may run twice, late or never without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from workflow.idempotency import purge
from workflow.sweeping import sweep


@shared_task(name="workflow.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    """See to every deadline that is due now."""
    return sweep(at=timezone.now())


@shared_task(name="workflow.tasks.purge_command_keys", ignore_result=True)
def purge_command_keys() -> int:
    """Forget the idempotency keys that have been kept for long enough."""
    return purge(at=timezone.now())
