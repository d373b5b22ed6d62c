"""From events to mails that are waiting, claimed, and settled; the sending itself is the courier's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from accounts.actors import Actor
from notifications import rules
from notifications.enums import DeliveryState, UnknownPolicy
from notifications.errors import DeliveryNotFound, NothingToSendAgain
from notifications.models import TROUBLED, Delivery
from notifications.queries import deliveries_visible_to
from notifications.sql import (
    ALIVE,
    BEGIN,
    BUNDLE,
    CLAIM,
    MARK_RIDERS,
    QUEUE_EVENT,
    QUEUE_INVITATION,
    RELAY_BATCH,
    SETTLE,
    SETTLE_AND_BEGIN,
)
from workflow.models import OutboxEntry

logger = structlog.get_logger(__name__)
BATCH = 500
RELAY = "relay"
BUNDLING = 7_302_114


@dataclass(frozen=True, slots=True)
class Claim:
    """Mails that one courier may send, under a token that fences off everybody else."""

    token: UUID
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one claimed mail; ``returned`` is 1 where the attempt does not count."""

    id: UUID
    state: DeliveryState
    sent_at: datetime | None = None
    next_at: datetime | None = None
    returned: int = 0
    code: int | None = None
    error: str = ""

    def parameters(self) -> list[Any]:
        """Return the values in the order of the statement."""
        return [self.state.value, self.sent_at, self.next_at, self.returned, self.code, self.error, self.id]


def queue_mails(*, at: datetime, limit: int = BATCH) -> int:
    """Turn waiting events into mails that are due and return how many events were seen to (one statement).

    Any number of relays may run at once: each takes entries that no other holds. An event that cannot be turned into
    mails is left behind and tried by itself; after five attempts it is parked and shown, while the others go on.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RELAY_BATCH, {**_relay_parameters(at), "limit": limit})
            return int(cursor.fetchone()[0])
    except Exception:  # whichever of them is poisoned, the others must go on
        logger.exception("relay_batch_failed")
        return _queue_one_by_one(at, limit)


def bundle_held(*, at: datetime) -> int:
    """Put held mails that are due together, one carrier per person and kind, and return how many rows were touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Two bundlers at once would make two digests of one.
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [BUNDLING])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(BUNDLE, {"at": at})
        return int(cursor.rowcount)


def claim(*, at: datetime, limit: int) -> Claim:
    """Take up to ``limit`` mails that are due; committed before anybody talks to the network."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"claim": token, "at": at, "limit": limit})
        return Claim(token, tuple(row[0] for row in cursor.fetchall()))


def begin(delivery_id: UUID, *, token: UUID, at: datetime, settled: Settled | None = None) -> bool:
    """Write that the text of a claimed mail is about to leave, and what became of the one before; in one statement.

    Returns whether the mail is still the courier's; otherwise it must not be sent.
    """
    with connection.cursor() as cursor:
        if settled is None:
            cursor.execute(BEGIN, [at, delivery_id, token])
        else:
            cursor.execute(SETTLE_AND_BEGIN, [*settled.parameters(), token, at, delivery_id, token])
        return cursor.fetchone() is not None


def settle(settled: Sequence[Settled], *, token: UUID) -> None:
    """Write what became of claimed mails."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(SETTLE, [[*each.parameters(), token] for each in settled])


def settle_riders(carrier_id: UUID) -> None:
    """Let the notices that rode along share the fate of their carrier, once it is known."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_RIDERS, [carrier_id])


def free_dead_claims(*, at: datetime) -> int:
    """Settle the mails of couriers that died, and return how many there were.

    A mail whose text had not been begun is simply due again. One whose text had been begun perhaps arrived: the policy
    (``NOTIFICATIONS_UNKNOWN_POLICY``) sends it once more, marked as a possible repeat, or parks it for a person.
    """
    too_long_ago = at - rules.lease(settings.EMAIL_TIMEOUT)
    claimed = Delivery.objects.filter(state=DeliveryState.CLAIMED, claimed_at__lt=too_long_ago)
    never_begun = claimed.filter(begun_at__isnull=True).update(
        state=DeliveryState.RETRY, next_at=at, claim=None, last_error="courier died before the text was begun"
    )
    begun = claimed.filter(begun_at__lt=too_long_ago).update(
        state=DeliveryState.UNKNOWN, next_at=at, claim=None, last_error="courier died while the text was handed over"
    )
    return never_begun + begun


def decide_unknown(*, at: datetime, policy: UnknownPolicy | None = None) -> int:
    """Apply the policy to mails of which nobody knows whether they arrived; return how many are sent once more."""
    chosen = policy or UnknownPolicy(getattr(settings, "NOTIFICATIONS_UNKNOWN_POLICY", UnknownPolicy.RESEND))
    if not rules.may_repeat(chosen, is_repeat=False):
        return 0
    return Delivery.objects.filter(
        state=DeliveryState.UNKNOWN, is_repeat=False, carrier__isnull=True, next_at__lte=at
    ).update(state=DeliveryState.RETRY, is_repeat=True, begun_at=None)


@transaction.atomic
def send_again(*, delivery_id: UUID, actor: Actor, at: datetime) -> Delivery:
    """Have a mail that was refused, given up or perhaps lost sent once more, on this person's decision.

    Raises ``DeliveryNotFound`` outside the actor's scope, ``NothingToSendAgain`` for a mail that is on its way.
    """
    delivery = deliveries_visible_to(actor).select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        raise DeliveryNotFound
    if delivery.state not in TROUBLED:
        raise NothingToSendAgain(state=delivery.get_state_display())
    delivery.is_repeat = delivery.is_repeat or delivery.state == DeliveryState.UNKNOWN
    delivery.state, delivery.attempts, delivery.next_at = DeliveryState.PENDING, 0, at
    delivery.carrier, delivery.bundle, delivery.begun_at = None, "", None
    if delivery.notice is not None:
        delivery.address = delivery.notice.recipient.email
    delivery.decided_by_id = actor.user_id
    delivery.save()
    return delivery


def unpark_events() -> int:
    """Have events of which no mails could be made tried again, and return how many there are."""
    return OutboxEntry.objects.filter(parked_at__isnull=False).update(parked_at=None, attempts=0)


def leave_sign_of_life(*, at: datetime) -> None:
    """Note that the relay runs, for ``/readyz``; at most once in five seconds, since many may run."""
    with connection.cursor() as cursor:
        cursor.execute(ALIVE, {"name": RELAY, "at": at, "before": at - timedelta(seconds=5)})


def _queue_one_by_one(at: datetime, limit: int) -> int:
    entries = OutboxEntry.objects.filter(parked_at__isnull=True).order_by("created_at")
    with transaction.atomic():
        held = list(entries.select_for_update(skip_locked=True)[:limit])
        return sum(_queue_one(entry, at) for entry in held)


def _queue_one(entry: OutboxEntry, at: datetime) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (QUEUE_EVENT, QUEUE_INVITATION):
                cursor.execute(statement, {**_relay_parameters(at), "event": entry.event_id})
            entry.delete()
    except Exception as error:  # kept with the entry, for whoever looks after it
        attempts = entry.attempts + 1
        parked_at = at if attempts >= rules.MOST_RELAYS else None
        OutboxEntry.objects.filter(pk=entry.event_id).update(
            attempts=F("attempts") + 1, parked_at=parked_at, last_error=repr(error)[:500]
        )
        logger.exception("relay_failed", outbox_event=str(entry.event_id), parked=parked_at is not None)
        return False
    return True


def _relay_parameters(at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "digest_at": rules.next_digest(at),
        "domain": settings.MESSAGE_ID_DOMAIN,
        "bundle": "",
    }
