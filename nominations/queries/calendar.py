"""What a calendar program may read with nothing but its secret address: communities and times (row S-09)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership
from nominations.models import CalendarFeed, Visit
from workflow.errors import NotFound

BACK = timedelta(days=90)
MOST_VISITS = 500

_SHOWN = (
    "planned_at", "planned_from", "planned_until", "cancelled_at", "version", "nomination__community__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feed:
    """An evaluator's visits, and the language in which the evaluator reads."""

    language: str
    visits: tuple[Visit, ...]


def feed_of(secret: str, *, at: datetime) -> Feed:
    """Return the visits behind an address that was not revoked, of somebody who still is an evaluator: two queries.

    Visits of the last 90 days and those to come, called off ones too, so that they vanish from the calendar; of a great
    many the first 500. Raises
    ``NotFound``, which does not say whether the address ever was one.
    """
    digest = hashlib.sha256(secret.encode()).hexdigest()
    holders = Membership.objects.valid_at(at).filter(role=Role.EVALUATOR).values("user")
    found = CalendarFeed.objects.filter(digest=digest, revoked_at__isnull=True, user__in=holders).first()
    if found is None:
        raise NotFound
    visits = Visit.objects.filter(
        planned_from__gte=at - BACK,
        nomination__assignments__evaluator=found.user_id,
        nomination__assignments__ended_at__isnull=True,
    )
    rows = visits.select_related("nomination__community").only(*_SHOWN).order_by("planned_from", "pk")
    return Feed(found.language, tuple(rows[:MOST_VISITS]))


def feed_in_force(actor: Actor) -> CalendarFeed | None:
    """Return the evaluator's address that works at present; what it is nobody knows, only since when."""
    return feed_kept_by(actor.person_id)


def feed_kept_by(user_id: int) -> CalendarFeed | None:
    """Return the address in force of a person's calendar; its secret is nowhere."""
    return CalendarFeed.objects.filter(user=user_id, revoked_at__isnull=True).first()
