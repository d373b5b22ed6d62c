"""What a courier needs to write a claimed mail, loaded for a whole batch in a few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.instants import last_day, local_date
from notifications.letters import Letter, bundle_letter, letter_for
from notifications.models import Delivery, Notice
from notifications.queries import outcomes_for, stale_reminders
from workflow import calendar

_SOURCES = ("event", "reminder__deadline", "recipient", "membership__organization")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One claimed mail with everything it says; ``needless`` tells why it need not be sent any more."""

    delivery: Delivery
    notices: tuple[Notice, ...]
    outcomes: tuple[tuple[str, str], ...] = ()
    working_days: int | None = None
    needless: str = ""

    @property
    def id(self) -> UUID:
        """Return the key of the delivery."""
        return self.delivery.pk

    def letter(self) -> Letter:
        """Return what the mail says, in its reader's language."""
        if len(self.notices) > 1:
            return bundle_letter(self.notices, is_repeat=self.delivery.is_repeat)
        return letter_for(
            self.notices[0],
            outcomes=self.outcomes,
            working_days=self.working_days,
            is_repeat=self.delivery.is_repeat,
        )


def load(ids: Sequence[UUID], *, at: datetime) -> list[Dispatch]:
    """Return the dispatches of claimed deliveries in the order in which they go; reads the states again."""
    related = [f"notice__{path}" for path in _SOURCES]
    deliveries = list(
        Delivery.objects.filter(pk__in=ids).select_related(*related).order_by("attempts", "next_at", "pk")
    )
    notices = {delivery.pk: [delivery.notice] for delivery in deliveries}
    if any(delivery.bundle for delivery in deliveries):
        for rider in Delivery.objects.filter(carrier__in=ids).select_related(*related).order_by("pk"):
            notices[rider.carrier_id].append(rider.notice)  # type: ignore[index]  # asked for by carrier
    return _dispatches(deliveries, notices, at)


def _dispatches(
    deliveries: Sequence[Delivery], notices: Mapping[UUID, Sequence[Notice]], at: datetime
) -> list[Dispatch]:
    every = [notice for told in notices.values() for notice in told]
    stale, outcomes, days = stale_reminders(every), outcomes_for(every), _Days(every)
    found = []
    for delivery in deliveries:
        wanted = tuple(notice for notice in notices[delivery.pk] if notice.pk not in stale)
        found.append(
            Dispatch(
                delivery,
                wanted,
                outcomes=tuple(outcomes.get(delivery.notice_id, ())),
                working_days=days.left(delivery.notice, at),
                needless=_needless(delivery, wanted),
            )
        )
    return found


def _needless(delivery: Delivery, wanted: Sequence[Notice]) -> str:
    if not delivery.notice.recipient.is_active:
        return "the person no longer signs in"
    return "" if wanted else "the work was done, or its date was moved"


class _Days:
    """Counts working days for notices with a date, with one look at the calendar, and none where no notice has one."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self._calendar = calendar.load() if any("due" in notice.params for notice in notices) else None

    def left(self, notice: Notice, at: datetime) -> int | None:
        if self._calendar is None or "due" not in notice.params:
            return None
        due_at = datetime.fromisoformat(notice.params["due"])
        return self._calendar.working_days_between(local_date(at), last_day(due_at))
