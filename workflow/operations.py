"""Verbs of the engine's own data: the working calendar, and what a verification has found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import holidays
from django.db import transaction

from workflow.models import CalendarDay, CalendarYear, ChainCheck
from workflow.verification import Flaw

_NO_FLAW: dict[str, Any] = {"position": 0, "reason": "", "row": None}


@transaction.atomic
def seed_calendar(*, years: Iterable[int]) -> list[CalendarYear]:
    """Enter the public holidays of the years, and the weekend days worked instead, and return the years.

    Source: the notices of the State Council's General Office, as the package ``holidays`` knows them. What people have
    entered stays as it is; seeding twice changes nothing. A year that has not been announced yet gets its statutory
    holidays as an estimate and stays marked as such until it is seeded again from a newer package.
    """
    wanted = sorted(set(years))
    known = holidays.country_holidays("CN", years=wanted, language="zh_CN")
    found = {day: (False, name) for day, name in known.items() if day.year in wanted}
    found |= {day: (True, "") for day in known.weekend_workdays if day.year in wanted}
    _replace_seeded_days(wanted, found)
    # The package lists moved working days by year, from the yearly notice: a year without any has had no notice yet.
    return _keep_years({year: year in known.special_public_holidays for year in wanted})


def keep_check(*, name: str, flaw: Flaw | None, at: datetime, user_id: int | None) -> ChainCheck:
    """Keep what verifying the chain or flow ``name`` has found, in place of what was found before."""
    found = {"position": flaw.position, "reason": flaw.reason[:300], "row": flaw.row} if flaw else _NO_FLAW
    check, _new = ChainCheck.objects.update_or_create(
        name=name, defaults=found | {"at": at, "by_id": user_id, "is_sound": flaw is None}
    )
    return check


def _replace_seeded_days(years: list[int], found: dict[date, tuple[bool, str]]) -> None:
    days = CalendarDay.objects.filter(day__year__in=years)
    by_hand = set(days.filter(is_seeded=False).values_list("day", flat=True))
    days.filter(is_seeded=True).delete()
    rows = [
        CalendarDay(day=day, is_workday=is_workday, name=name, is_seeded=True)
        for day, (is_workday, name) in sorted(found.items())
        if day not in by_hand
    ]
    CalendarDay.objects.bulk_create(rows)


def _keep_years(years: dict[int, bool]) -> list[CalendarYear]:
    """Mark the years that have been announced; one that people have marked so stays announced."""
    marked = set(CalendarYear.objects.filter(year__in=years, is_announced=True).values_list("year", flat=True))
    rows = [CalendarYear(year=year, is_announced=announced or year in marked) for year, announced in years.items()]
    return CalendarYear.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["year"], update_fields=["is_announced"]
    )
