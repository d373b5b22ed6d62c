from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import holidays
import pytest
from django.contrib.admin.sites import site
from django.core.management import call_command
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from common.instants import end_of, local_date
from workflow import calendar
from workflow.admin import CalendarDayAdmin
from workflow.calendar import LONGEST_PERIOD, Calendar
from workflow.models import CalendarDay, CalendarYear
from workflow.operations import seed_calendar

PLAIN = Calendar({}, frozenset())
DAYS = st.dates(date(2001, 1, 1), date(2099, 1, 1))


@pytest.fixture
def seeded(db: None) -> Calendar:
    seed_calendar(years=[2023, 2024])
    return calendar.load()


def test_year_of_the_notice_is_as_the_state_council_announced_it(seeded: Calendar) -> None:
    worked = [day for day in _days(2023) if day.weekday() >= 5 and seeded.is_working_day(day)]
    free = [day for day in _days(2023) if day.weekday() < 5 and not seeded.is_working_day(day)]

    assert worked == [
        date(2023, 1, 28),
        date(2023, 1, 29),
        date(2023, 4, 23),
        date(2023, 5, 6),
        date(2023, 6, 25),
        date(2023, 10, 7),
        date(2023, 10, 8),
    ]
    assert [day.isoformat()[5:] for day in free] == [
        *("01-02", "01-23", "01-24", "01-25", "01-26", "01-27", "04-05", "05-01", "05-02", "05-03", "06-22", "06-23"),
        *("09-29", "10-02", "10-03", "10-04", "10-05", "10-06"),
    ]


@pytest.mark.parametrize("year", range(2010, 2027))
def test_every_announced_year_agrees_with_the_package(db: None, year: int) -> None:
    seed_calendar(years=[year])
    loaded, known = calendar.load(), holidays.country_holidays("CN", years=year)

    wrong = [day for day in _days(year) if loaded.is_working_day(day) != known.is_working_day(day)]

    assert (wrong, loaded.is_announced(year)) == ([], True)


def test_correction_over_the_national_holiday_is_due_after_it(seeded: Calendar) -> None:
    returned_at = datetime(2023, 9, 27, 8, tzinfo=UTC)  # a Wednesday, before nine days with two worked at the end

    due_at = seeded.due_after(returned_at, 5)

    assert due_at == end_of(date(2023, 10, 10))


@pytest.mark.parametrize(
    ("hour", "last"),
    [(15, date(2023, 7, 10)), (16, date(2023, 7, 11))],  # 23:00 in Shanghai, and 00:00 of the next day
)
def test_day_on_which_a_period_begins_is_the_local_one(hour: int, last: date) -> None:
    assert PLAIN.due_after(datetime(2023, 7, 3, hour, 30, tzinfo=UTC), 5) == end_of(last)


def test_no_days_are_over_at_the_end_of_the_same_day() -> None:
    assert PLAIN.due_after(datetime(2023, 7, 8, 1, tzinfo=UTC), 0) == end_of(date(2023, 7, 8))


@pytest.mark.parametrize("days", [-1, LONGEST_PERIOD + 1])
def test_period_that_cannot_be_meant_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=f"^{days} working days"):
        PLAIN.add_working_days(date(2023, 7, 3), days)


@given(start=DAYS, days=st.integers(0, 60))
def test_working_days_added_are_the_working_days_between(start: date, days: int) -> None:
    calendar = Calendar({start + timedelta(days=n): n % 3 == 0 for n in range(0, 90, 4)}, frozenset())

    end = calendar.add_working_days(start, days)

    assert calendar.working_days_between(start, end) == days
    assert days == 0 or calendar.is_working_day(end)


def test_no_working_days_lie_before_the_start() -> None:
    assert PLAIN.working_days_between(date(2023, 7, 10), date(2023, 7, 3)) == 0


def test_seeding_twice_changes_nothing(seeded: Calendar) -> None:
    rows = list(CalendarDay.objects.values())

    seed_calendar(years=[2023, 2024])

    assert (list(CalendarDay.objects.values()), calendar.load()) == (rows, seeded)


def test_what_people_entered_stays(db: None) -> None:
    CalendarDay.objects.create(day=date(2023, 10, 7), is_workday=False, name="本市放假")

    seed_calendar(years=[2023])

    assert not calendar.load().is_working_day(date(2023, 10, 7))


def test_year_that_is_not_announced_is_an_estimate_and_says_so(db: None) -> None:
    seed_calendar(years=[2026, 2090])

    loaded = calendar.load()

    assert (loaded.is_announced(2026), loaded.is_announced(2090), loaded.is_announced(2091)) == (True, False, False)
    assert not loaded.is_working_day(date(2090, 10, 3))


def test_year_that_people_marked_as_announced_stays_so(db: None) -> None:
    CalendarYear.objects.create(year=2090, is_announced=True)

    (kept,) = seed_calendar(years=[2090])

    assert kept.is_announced


def test_days_are_loaded_at_once(seeded: Calendar, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        loaded = calendar.load()
        loaded.add_working_days(date(2023, 1, 1), 200)


def test_command_says_which_years_are_announced(db: None) -> None:
    out = StringIO()

    call_command("seed_calendar", "2023", "2090", stdout=out)

    assert out.getvalue() == "2023: announced\n2090: not announced yet, an estimate\n"


def test_command_seeds_the_years_around_this_one(db: None) -> None:
    this_year = local_date(datetime.now(UTC)).year

    call_command("seed_calendar", stdout=StringIO())

    years = CalendarYear.objects.order_by("year").values_list("year", flat=True)
    assert this_year in years
    assert len(years) == 4


def test_command_refuses_years_that_nobody_knows(db: None) -> None:
    err = StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("seed_calendar", "1949", stderr=err)

    assert err.getvalue() == "1949: only years from 2001 to 2099 are known\n"


def test_day_saved_in_the_admin_is_kept_from_seeding(seeded: Calendar) -> None:
    day = CalendarDay.objects.get(day=date(2023, 10, 7))
    day.is_workday = False

    CalendarDayAdmin(CalendarDay, site).save_model(RequestFactory().get("/"), day, None, change=True)

    seed_calendar(years=[2023])
    assert not calendar.load().is_working_day(date(2023, 10, 7))


def test_rows_are_named(seeded: Calendar) -> None:
    day, year = CalendarDay.objects.get(day=date(2023, 10, 1)), CalendarYear.objects.get(year=2023)

    assert (str(day), str(year)) == ("2023-10-01 国庆节", "2023")


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=count) for count in range((date(year + 1, 1, 1) - first).days)]
