from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from common.instants import end_of, is_within, last_day, local_date, start_of

TICK = timedelta(microseconds=1)


def test_local_day_begins_at_midnight_in_shanghai() -> None:
    assert start_of(date(2023, 8, 1)) == datetime(2023, 7, 31, 16, tzinfo=UTC)


def test_end_of_day_is_the_first_instant_of_the_next() -> None:
    assert end_of(date(2023, 7, 31)) == start_of(date(2023, 8, 1))


@pytest.mark.parametrize(
    ("day", "length"),
    [
        (date(2024, 2, 28), timedelta(days=1)),
        (date(2024, 2, 29), timedelta(days=1)),
        (date(2023, 12, 31), timedelta(days=1)),
        (date(1991, 4, 14), timedelta(hours=23)),  # the last summer in which China moved its clocks
        (date(1991, 9, 15), timedelta(hours=25)),
    ],
)
def test_day_is_as_long_as_its_clocks_say(day: date, length: timedelta) -> None:
    assert end_of(day).astimezone(UTC) - start_of(day).astimezone(UTC) == length


def test_local_date_changes_at_midnight_in_shanghai() -> None:
    midnight = datetime(2023, 7, 31, 16, tzinfo=UTC)

    assert (local_date(midnight - TICK), local_date(midnight)) == (date(2023, 7, 31), date(2023, 8, 1))


def test_last_day_names_a_deadline_as_people_do() -> None:
    assert last_day(end_of(date(2024, 2, 29))) == date(2024, 2, 29)


def test_window_is_half_open() -> None:
    opens_at, closes_at = start_of(date(2023, 7, 10)), end_of(date(2023, 7, 31))

    instants = [opens_at - TICK, opens_at, closes_at - TICK, closes_at]

    assert [is_within(at, opens_at, closes_at) for at in instants] == [False, True, True, False]
