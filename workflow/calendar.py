"""Working days: weekdays, less the public holidays, plus the weekend days worked instead (调休)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.instants import end_of, local_date
from workflow.models import CalendarDay, CalendarYear

_DAY = timedelta(days=1)
_SATURDAY = 5
LONGEST_PERIOD = 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working calendar as it stood when it was loaded; answers without a query."""

    exceptions: Mapping[date, bool]
    announced: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on this local day."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def is_announced(self, year: int) -> bool:
        """Tell whether the year's holidays are known; otherwise its working days are an estimate, and say so."""
        return year in self.announced

    def add_working_days(self, start: date, days: int) -> date:
        """Return the working day that is ``days`` after ``start``, which itself does not count; 0 is ``start``.

        Raises ``ValueError`` for a period below 0 or beyond 1,000 days.
        """
        if not 0 <= days <= LONGEST_PERIOD:
            raise ValueError(f"{days} working days cannot be counted")
        day = start
        while days:
            day += _DAY
            days -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days come after ``start`` up to and including ``end``; 0 when it lies before."""
        return sum(self.is_working_day(start + _DAY * count) for count in range(1, (end - start).days + 1))

    def due_after(self, at: datetime, days: int) -> datetime:
        """Return when a period of working days that begins at ``at`` is over: the exclusive end of its last day.

        The day of ``at`` does not count (Civil Code, article 201).
        """
        return end_of(self.add_working_days(local_date(at), days))


def load() -> Calendar:
    """Return the calendar as it stands now: two queries, however many days are asked about afterwards."""
    announced = CalendarYear.objects.filter(is_announced=True).values_list("year", flat=True)
    return Calendar(dict(CalendarDay.objects.values_list("day", "is_workday")), frozenset(announced))
