"""Between the calendar on the wall and instants: local days, exclusive ends, half-open windows.

A date that a notice gives is a whole day where the programme lives (``TIME_ZONE``): "31 July" ends, for everybody and
wherever the server stands, at the first instant of 1 August there, and that instant is already too late.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

_TICK = timedelta(microseconds=1)


def start_of(day: date) -> datetime:
    """Return the first instant of a local day."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """Return the exclusive end of a local day: the first instant of the next one."""
    return start_of(day + timedelta(days=1))


def local_date(at: datetime) -> date:
    """Return the local day in which an instant falls."""
    return timezone.localdate(at, timezone.get_default_timezone())


def last_day(ends_at: datetime) -> date:
    """Return the last local day before an exclusive end, as people name a deadline: 31 July for 1 August, 00:00."""
    return local_date(ends_at - _TICK)


def is_within(at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Tell whether an instant falls into a half-open window: the opening instant does, the closing one does not."""
    return opens_at <= at < closes_at
