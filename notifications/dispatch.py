"""What a courier needs to write a claimed mail, loaded for a whole batch in a few queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from common.instants import last_day, local_date
from nominations.queries.confirmation import Invitation, invitation_of
from notifications.letters import Letter, bundle_letter, invitation_letter, letter_for
from notifications.models import Delivery, Notice
from notifications.queries import outcomes_for, stale_reminders
from workflow import calendar
from workflow.calendar import Calendar

# What belongs to one reader comes with the row; what several readers share is fetched once for all of them.
_OWN = ("notice__recipient", "notice__membership")
_SHARED = ("event", "notice__event", "notice__membership__organization", "notice__reminder__deadline")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One claimed mail with everything it says; ``needless`` tells why it need not be sent any more."""

    delivery: Delivery
    notices: tuple[Notice, ...]
    at: datetime
    calendar: Calendar | None = None
    invitation: Invitation | None = None
    outcomes: tuple[tuple[str, str], ...] = ()
    needless: str = ""

    @property
    def id(self) -> UUID:
        """Return the key of the delivery."""
        return self.delivery.pk

    def letter(self) -> Letter:
        """Return what the mail says, in its reader's language."""
        if self.invitation is not None:
            return invitation_letter(self.invitation, at=self.at, is_repeat=self.delivery.is_repeat)
        if len(self.notices) > 1:
            return bundle_letter(self.notices, is_repeat=self.delivery.is_repeat)
        return letter_for(
            self.notices[0],
            outcomes=self.outcomes,
            working_days=self._working_days(),
            is_repeat=self.delivery.is_repeat,
        )

    def _working_days(self) -> int | None:
        """Count what is left until the date of the notice, if it has one."""
        due = self.notices[0].params.get("due")
        if due is None or self.calendar is None:
            return None
        return self.calendar.working_days_between(local_date(self.at), last_day(datetime.fromisoformat(due)))


def load(ids: Sequence[UUID], *, at: datetime) -> list[Dispatch]:
    """Return the dispatches of claimed deliveries in the order in which they go; reads the states again."""
    deliveries = list(_with_sources(Delivery.objects.filter(pk__in=ids).order_by("attempts", "next_at", "pk")))
    notices = {delivery.pk: [delivery.notice] if delivery.notice else [] for delivery in deliveries}
    carried = [delivery.pk for delivery in deliveries if delivery.bundle]
    for carrier, notice in _riders(carried) if carried else ():
        notices[carrier].append(notice)
    return _dispatches(deliveries, notices, at)


def _with_sources(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return deliveries.select_related(*_OWN).prefetch_related(*_SHARED)


def _riders(carried: Sequence[UUID]) -> Iterator[tuple[UUID, Notice]]:
    """Yield what rides along: the carrier's key and the notice."""
    for rider in _with_sources(Delivery.objects.filter(carrier__in=carried).order_by("pk")):
        if rider.carrier_id is not None and rider.notice is not None:
            yield rider.carrier_id, rider.notice


def _dispatches(
    deliveries: Sequence[Delivery], notices: Mapping[UUID, Sequence[Notice]], at: datetime
) -> list[Dispatch]:
    every = [notice for told in notices.values() for notice in told]
    stale, outcomes = stale_reminders(every), outcomes_for(every)
    days = calendar.load() if any("due" in notice.params for notice in every) else None
    found = []
    for delivery in deliveries:
        wanted = tuple(notice for notice in notices[delivery.pk] if notice.pk not in stale)
        invitation = invitation_of(delivery.event) if delivery.event else None
        found.append(
            Dispatch(
                delivery,
                wanted,
                at,
                calendar=days,
                invitation=invitation,
                outcomes=tuple(outcomes.get(wanted[0].pk, ())) if wanted else (),
                needless=_needless(delivery, wanted, invitation),
            )
        )
    return found


def _needless(delivery: Delivery, wanted: Sequence[Notice], invitation: Invitation | None) -> str:
    if delivery.notice is None:
        return "" if invitation else "the invitation was answered, or the text was changed"
    if not delivery.notice.recipient.is_active:
        return "the person no longer signs in"
    return "" if wanted else "the work was done, or its date was moved"
