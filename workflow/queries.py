"""Reads about events and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from workflow.models import Deadline, Event, Heartbeat
from workflow.sweeping import SWEEPER


def history(flow: str, subject_id: UUID) -> Iterator[Event]:
    """Return the events of one object, oldest first; the caller has seen to it that the actor may know of it."""
    return Event.objects.filter(flow=flow, subject_id=subject_id).order_by("sequence").iterator()


def sweeper_seen_at() -> datetime | None:
    """Return when a sweeper last finished its round; ``None`` before the first."""
    return Heartbeat.objects.filter(name=SWEEPER).values_list("at", flat=True).first()


def troubled_deadlines() -> int:
    """Return how many due deadlines have failed at least once and wait for another try."""
    return Deadline.objects.filter(settled_at__isnull=True, attempts__gt=0).count()
