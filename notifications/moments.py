"""Dates as people say them, with the weekday; an exclusive midnight is the evening before, 24:00."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _in_chinese(day: datetime, clock: str, year: str) -> str:
    return f"{f'{year}年' if year else ''}{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）{clock}"


def _in_english(day: datetime, clock: str, year: str) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{f' {year}' if year else ''}, {clock}"


_WAYS: Mapping[str, Callable[[datetime, str, str], str]] = {"zh-hans": _in_chinese, "en": _in_english}


def spell_due(due_at: datetime, *, at: datetime) -> str:
    """Return an exclusive end in the active language; the year only where it is not that of ``at``."""
    zone = timezone.get_default_timezone()
    end, now = due_at.astimezone(zone), at.astimezone(zone)
    is_midnight = (end.hour, end.minute) == (0, 0)
    day = end - timedelta(days=1) if is_midnight else end
    year = "" if day.year == now.year else str(day.year)
    return _way()(day, "24:00" if is_midnight else f"{end:%H:%M}", year)


def spell_moment(at: datetime) -> str:
    """Return an instant in the active language, with its year."""
    local = at.astimezone(timezone.get_default_timezone())
    return _way()(local, f"{local:%H:%M}", str(local.year))


def _way() -> Callable[[datetime, str, str], str]:
    return _WAYS.get(get_language() or "", _in_chinese)
