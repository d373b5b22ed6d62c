"""The sweeper's tick; it may run twice, late or never without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from workflow.sweeping import sweep


@shared_task(name="workflow.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    """See to every deadline that is due now."""
    return sweep(at=timezone.now())
