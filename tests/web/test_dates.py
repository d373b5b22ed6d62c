"""Days and deadlines in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from web.dates import due, spell_date, spell_instant, spell_period, spell_time, spell_written
from workflow.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 28, 10, 0, tzinfo=SHANGHAI)  # a Tuesday
NO_HOLIDAYS = Calendar({}, frozenset())


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due_at", "words", "day", "look"),
    [
        (at(7, 28), "逾期 1 天", "7月27日（周一）", "is-late"),
        (at(7, 28, 9), "今天已逾期", "7月28日（周二）", "is-late"),
        (at(7, 29), "今天 24:00 到期", "7月28日（周二）", "is-soon"),
        (at(7, 28, 17, 30), "今天 17:30 到期", "7月28日（周二）", "is-soon"),
        (at(7, 30), "剩余 1 个工作日", "7月29日（周三）", "is-soon"),
        (at(8, 1), "剩余 3 个工作日", "7月31日（周五）", ""),
        (at(1, 9, year=2027), "剩余 118 个工作日", "2027年1月8日（周五）", ""),
    ],
)
def test_deadline_is_told_in_words_with_its_weekday(due_at: datetime, words: str, day: str, look: str) -> None:
    with override("zh-hans"):
        told = due(due_at, at=NOW, calendar=NO_HOLIDAYS)

    assert (told.words, told.day, told.look) == (words, day, look)


def test_weekend_before_the_end_is_no_working_day() -> None:
    saturday = at(8, 1, 10)

    with override("zh-hans"):
        told = due(at(8, 3), at=saturday, calendar=NO_HOLIDAYS)

    assert (told.words, told.day) == ("剩余不足 1 个工作日", "8月2日（周日）")


def test_deadline_is_told_in_english() -> None:
    with override("en"):
        told = due(at(8, 1), at=NOW, calendar=NO_HOLIDAYS)

    assert (told.words, told.day) == ("3 working days left", "Fri 31 July")


@pytest.mark.parametrize(
    ("instant", "language", "words"),
    [
        (at(7, 28, 9, 40), "zh-hans", "今天 09:40"),
        (at(7, 27, 17, 26), "zh-hans", "昨天 17:26"),
        (at(7, 24, 16, 5), "zh-hans", "7月24日 16:05"),
        (at(7, 24, 16, 5, 2025), "zh-hans", "2025年7月24日 16:05"),
        (at(7, 28, 9, 40), "en", "Today 09:40"),
        (at(7, 24, 16, 5, 2025), "en", "24 July 2025 16:05"),
    ],
)
def test_instant_is_told_as_people_say_it(instant: datetime, language: str, words: str) -> None:
    with override(language):
        assert spell_time(instant, NOW) == words


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "2026年7月8日"), ("en", "8 July 2026")])
def test_day_of_a_record_has_its_year(language: str, words: str) -> None:
    with override(language):
        assert spell_date(date(2026, 7, 8)) == words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("2026-07-08", "zh-hans", "2026年7月8日"),
        ("2010-11", "zh-hans", "2010年11月"),
        ("2010", "zh-hans", "2010年"),
        ("2026-07-08", "en", "8 July 2026"),
        ("2010-11", "en", "November 2010"),
        ("2010", "en", "2010"),
        ("去年", "zh-hans", "去年"),
    ],
)
def test_day_or_month_of_a_form_is_told_as_people_read_it(text: str, language: str, words: str) -> None:
    with override(language):
        assert spell_written(text) == words


def test_instant_of_a_receipt_is_told_to_the_second() -> None:
    assert spell_instant(at(7, 8, 9, 5), "%H:%M:%S") == "2026年7月8日 09:05:00"


@pytest.mark.parametrize(
    ("last", "language", "words"),
    [
        (date(2027, 7, 7), "zh-hans", "2026年7月8日至2027年7月7日"),
        (date(2027, 7, 7), "en", "8 July 2026 to 7 July 2027"),
        (None, "zh-hans", "自2026年7月8日起，长期"),
        (None, "en", "from 8 July 2026, without end"),
    ],
)
def test_period_of_a_record_tells_both_its_days(last: date | None, language: str, words: str) -> None:
    with override(language):
        assert spell_period(date(2026, 7, 8), last) == words
