"""Ids in, one operation each; every one of them may run twice, late or never."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from attachments import operations


@shared_task(ignore_result=True)
def inspect_attachment(attachment_id: str) -> None:
    """Inspect one file."""
    operations.inspect(attachment_id=UUID(attachment_id), at=timezone.now())


@shared_task(ignore_result=True)
def inspect_quarantined() -> None:
    """Inspect what a lost hint, a dead worker or a silent scanner has left in quarantine."""
    operations.inspect_quarantined(at=timezone.now())


@shared_task(ignore_result=True)
def sweep_orphans() -> None:
    """Delete bytes that no row knows and report rows whose bytes are gone."""
    operations.sweep_orphans(at=timezone.now())
