"""Days and deadlines as offices write them: words first, then the day with its weekday."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from common.instants import last_day, local_date
from web.kit import Due
from workflow.calendar import Calendar

WEEKDAYS = "一二三四五六日"
WRITTEN = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
SOON = 1


def due(due_at: datetime, *, at: datetime, calendar: Calendar) -> Due:
    """Return until when, as seen at ``at``: 逾期 1 天, 今天 24:00 到期, 剩余 3 个工作日."""
    if due_at <= at:
        return Due("is-late", _overdue((local_date(at) - last_day(due_at)).days), spell_end(due_at, at), due_at, True)
    if last_day(due_at) == local_date(at):
        return Due(
            "is-soon", gettext("Due today, %(clock)s") % {"clock": clock_of(due_at)}, spell_end(due_at, at), due_at
        )
    left = calendar.working_days_between(local_date(at), last_day(due_at))
    words = ngettext("%(count)s working day left", "%(count)s working days left", left) % {"count": left}
    if not left:
        words = gettext("Less than a working day left")
    return Due("is-soon" if left <= SOON else "", words, spell_end(due_at, at), due_at)


def clock_of(due_at: datetime) -> str:
    """Return the clock time of an exclusive end: midnight is 24:00 of the day before."""
    local = timezone.localtime(due_at, timezone.get_default_timezone())
    return "24:00" if (local.hour, local.minute, local.second) == (0, 0, 0) else f"{local:%H:%M}"


def spell_end(due_at: datetime, at: datetime) -> str:
    """Return the last day of a period: ``7月29日（周三）`` or ``Wed 29 July``, the year where it is another one."""
    return spell_day(last_day(due_at), local_date(at))


def spell_day(day: date, today: date) -> str:
    """Return a day with its weekday, and the year where it is not this one."""
    if get_language() == "en":
        return date_format(day, "D j F" if day.year == today.year else "D j F Y")
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def spell_date(day: date) -> str:
    """Return a day of a record, always with its year: ``2026年11月20日`` or ``20 November 2026``."""
    return date_format(day, "j F Y") if get_language() == "en" else f"{day.year}年{day.month}月{day.day}日"


def spell_written(text: str) -> str:
    """Return a day or a month that a form keeps as people read it, ``2010年11月``; any other text as it is."""
    if not WRITTEN.fullmatch(text):
        return text
    year, month, day = (*text.split("-"), "", "")[:3]
    if day:
        return spell_date(date.fromisoformat(text))
    if get_language() == "en":
        return date_format(date(int(year), int(month), 1), "F Y") if month else year
    return f"{year}年{int(month)}月" if month else f"{year}年"


def spell_instant(at: datetime, clock: str = "%H:%M") -> str:
    """Return an instant in full, for a paper or a receipt: ``2026年11月20日 14:32``."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return f"{spell_date(local.date())} {local:{clock}}"


def spell_between(first: str, last: str) -> str:
    """Return a period whose days a form keeps: ``2026年8月2日至2027年8月1日``."""
    return gettext("%(first)s to %(last)s") % {"first": spell_written(first), "last": spell_written(last)}


def spell_period(first: date, last: date | None) -> str:
    """Return a period of a record: ``2026年8月2日至2027年8月1日``; one without an end says so."""
    if last is None:
        return gettext("from %(first)s, without end") % {"first": spell_date(first)}
    return gettext("%(first)s to %(last)s") % {"first": spell_date(first), "last": spell_date(last)}


def spell_time(at: datetime, now: datetime) -> str:
    """Return an instant: ``今天 09:40``, ``昨天 17:26``, ``7月24日 16:05``, ``2025年7月24日 16:05``."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    today, clock = local_date(now), f"{local:%H:%M}"
    ago = (today - local.date()).days
    if ago in {0, 1}:
        day = gettext("Yesterday") if ago else gettext("Today")
        return f"{day} {clock}"
    if get_language() == "en":
        return date_format(local, "j F H:i" if local.year == today.year else "j F Y H:i")
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {clock}"


def _overdue(days: int) -> str:
    if not days:
        return gettext("Overdue since today")
    return ngettext("%(count)s day overdue", "%(count)s days overdue", days) % {"count": days}
