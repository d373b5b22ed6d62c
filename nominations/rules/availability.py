"""Whether an evaluator is there: on one day, and for most of a period (row S-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class Away(NamedTuple):
    """Days on which somebody is away, both ends included."""

    first_on: date
    last_on: date


def is_away(absences: Sequence[Away], day: date) -> bool:
    """Tell whether somebody is away on the day."""
    return any(first <= day <= last for first, last in absences)


def days_there(absences: Sequence[Away], first: date, last: date) -> int:
    """Return on how many days from ``first`` to ``last``, both included, somebody is there."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(not is_away(absences, day) for day in days)


def is_available(absences: Sequence[Away], first: date, last: date) -> bool:
    """Tell whether somebody is there on at least half of the days that are left for the evaluation."""
    days = (last - first).days + 1
    return days > 0 and 2 * days_there(absences, first, last) >= days
