"""The ticks of the domain; each may run twice, late or never without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from nominations.operations.conflict import recheck


@shared_task(name="nominations.tasks.recheck_conflicts", ignore_result=True)
def recheck_conflicts() -> int:
    """Look again for conflicts of interest, also those that came in by a way that nobody watches."""
    return len(recheck(at=timezone.now()))
