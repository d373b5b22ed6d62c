"""Visits as iCalendar (RFC 5545), so that a telephone shows them beside everything else."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from nominations.models import Visit
from nominations.queries.calendar import Feed

PRODUCT = "-//Jiayuan//Visits//EN"
HOURLY = timedelta(hours=1)


def spell_calendar(feed: Feed) -> bytes:
    """Return the calendar in the evaluator's language: names of communities and times, no person and no address."""
    with override(feed.language):
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", gettext("Visits on site"))
        calendar.add("refresh-interval", HOURLY, parameters={"value": "DURATION"})
        for visit in feed.visits:
            calendar.add_component(_event(visit))
        return bytes(calendar.to_ical())


def _event(visit: Visit) -> Event:
    event = Event()
    event.add("uid", f"{visit.pk}@{settings.SITE_URL.rpartition('/')[2]}")
    event.add("dtstamp", visit.planned_at)
    event.add("dtstart", visit.planned_from)
    event.add("dtend", visit.planned_until)
    event.add("sequence", visit.version)
    event.add("summary", gettext("Visit on site: %(community)s") % {"community": visit.nomination.community.name})
    event.add("status", "CANCELLED" if visit.cancelled_at else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event
