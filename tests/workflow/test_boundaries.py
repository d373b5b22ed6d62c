"""Both sides of every deadline: local days in Shanghai, a host that lives in UTC, to the microsecond."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.actors import SYSTEM
from common.instants import end_of
from nominations.enums import DeadlineKind, NominationState
from nominations.models import Campaign, Nomination, ProvincialReport, WorkReport
from nominations.rules import windows
from tests.workflow.tampering import place
from tests.workflow.world import World, state_of
from workflow import deadlines
from workflow.declaration import flow_of
from workflow.moves import Move
from workflow.sweeping import sweep

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_DAYS = (
    date(2023, 7, 31),  # the notice: 31 July
    date(2023, 8, 31),
    date(2023, 9, 15),
    date(2023, 12, 31),  # into another year
    date(2024, 2, 28),
    date(2024, 2, 29),  # the leap day itself
    date(2025, 2, 28),  # the last day of a February without one
    date(2024, 12, 31),
    date(2023, 10, 6),
    date(2023, 1, 21),  # New Year's Eve of the lunar calendar
    date(2028, 2, 29),
    date(2100, 2, 28),  # a year divisible by four without a leap day
)
SIDES = {
    "the last second of the day before": timedelta(days=-1, seconds=-1),
    "23:59:59 of the last day": timedelta(seconds=-1),
    "23:59:59.999999 of the last day": timedelta(microseconds=-1),
    "00:00 of the next day": timedelta(0),
    "a microsecond later": timedelta(microseconds=1),
    "08:00 of the next day, midnight in UTC": timedelta(hours=8),
}
WINDOWS: dict[str, tuple[Any, str, str]] = {
    "application_closes_at": (Nomination, "submit", "within_application_window"),
    "district_closes_at": (Nomination, "recommend", "within_district_window"),
    "evaluation_closes_at": (Nomination, "complete_evaluation", "within_evaluation_window"),
    "work_report_closes_at": (WorkReport, "submit", "within_work_report_window"),
    "report_closes_at": (ProvincialReport, "send", "within_report_window"),
}


@pytest.fixture(autouse=True)
def host_in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Django sets the process to the programme's zone; here it lives where most servers do."""
    monkeypatch.setitem(os.environ, "TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def campaign_until(ends_at: datetime) -> Campaign:
    """Return a campaign, not kept anywhere, all of whose windows end at one instant."""
    closing = dict.fromkeys(WINDOWS, ends_at)
    return Campaign(application_opens_at=ends_at - timedelta(days=30), **closing)


def guard_of(field: str) -> Any:
    model, move, name = WINDOWS[field]
    return next(guard for guard in flow_of(model).transitions[move].guards if guard.__name__ == name)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("last_day", LAST_DAYS, ids=str)
@pytest.mark.parametrize("field", WINDOWS)
def test_move_is_in_time_until_the_last_local_day_is_over(field: str, last_day: date, side: str) -> None:
    ends_at = datetime(last_day.year, last_day.month, last_day.day, tzinfo=SHANGHAI) + timedelta(days=1)
    subject = SimpleNamespace(campaign=campaign_until(end_of(last_day)), extended=[], state="draft")
    at = (ends_at + SIDES[side]).astimezone(UTC)

    refusal = guard_of(field)(subject, Move(name="", actor=SYSTEM, at=at))

    in_time = at.astimezone(SHANGHAI).date() <= last_day
    assert (refusal is None) == in_time
    assert in_time == (SIDES[side] < timedelta(0))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("last_day", LAST_DAYS, ids=str)
def test_returned_form_is_in_time_until_its_own_day_is_over(last_day: date, side: str) -> None:
    due_at = end_of(last_day)
    subject = SimpleNamespace(
        campaign=campaign_until(due_at - timedelta(days=10)),
        extended=[],
        state=NominationState.RETURNED,
        correction_due_at=due_at,
    )
    move = Move(name="", actor=SYSTEM, at=due_at + SIDES[side])

    may_submit = windows.within_application_window(subject, move) is None
    may_lapse = windows.window_or_correction_over(subject, move) is None

    assert (may_submit, may_lapse) == (SIDES[side] < timedelta(0), SIDES[side] >= timedelta(0))


@pytest.mark.parametrize("last_day", LAST_DAYS, ids=str)
def test_sweeper_lapses_on_the_right_side(world: World, last_day: date) -> None:
    """The state and the deadline come from the database, which reckons in UTC."""
    due_at = end_of(last_day)
    returned = place(world.draft(), "returned", correction_due_at=due_at)
    deadlines.schedule(kind=DeadlineKind.CORRECTION_DUE, flow="nomination", subject_id=returned.pk, due_at=due_at)

    found = {}
    for side, distance in sorted(SIDES.items(), key=lambda item: item[1]):
        sweep(at=due_at + distance)
        found[side] = state_of(returned)

    assert found == {side: "returned" if SIDES[side] < timedelta(0) else "lapsed" for side in SIDES}


def test_database_reckons_in_utc(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        zone = cursor.fetchone()[0]

    assert (zone, time.tzname[0]) == ("UTC", "UTC")


def test_boundary_cases_are_enough() -> None:
    cases = len(LAST_DAYS) * len(SIDES) * (len(WINDOWS) + 2)

    assert cases >= 200
