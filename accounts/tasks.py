"""The tick of the log of sign-ins; it may run twice, late or never without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.operations import purge_sign_ins


@shared_task(name="accounts.tasks.purge_sign_ins", ignore_result=True)
def forget_sign_ins() -> int:
    """Forget the attempts to sign in that have been kept for long enough."""
    return purge_sign_ins(at=timezone.now())
