"""Ticks of the notices: one task per batch, never one per mail; each may run twice, late or never without harm."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from notifications import courier
from notifications.operations import relay as verbs
from notifications.operations.reminders import remind

# A task ends well before Celery's limit; what is left is the next one's.
LONGEST_SECONDS = 45.0


@shared_task(name="notifications.tasks.relay", ignore_result=True)
def relay() -> int:
    """Relay the outbox and send what is due; return how many mails were taken up."""
    return relay_once()


@shared_task(name="notifications.tasks.send_reminders", ignore_result=True)
def send_reminders() -> int:
    """Write the reminders of the hour; their mails go with the next relay."""
    return remind(at=timezone.now())


def relay_once(*, send: bool = True) -> int:
    """See to dead claims, waiting events, bundles and due mails, in this order, until nothing is due or time is up."""
    give_up_at = time.monotonic() + LONGEST_SECONDS
    at = timezone.now()
    verbs.free_dead_claims(at=at)
    verbs.decide_unknown(at=at)
    while verbs.queue_mails(at=timezone.now()) == verbs.BATCH:
        pass
    verbs.bundle_held(at=timezone.now())
    taken = 0
    while send and time.monotonic() < give_up_at and (count := courier.send_batch(clock=timezone.now)):
        taken += count
    verbs.leave_sign_of_life(at=timezone.now())
    return taken
