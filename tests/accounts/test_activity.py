"""Where a session was last used: noted at once, then once a minute, and anew from another place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import activity
from accounts.enums import Role
from tests.nominations import factories
from tests.web.test_pages import signed_in

PAGE = "/notices/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(activity, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def browser(db: None) -> Client:
    actor = factories.actor(Role.COMPANY_ADMIN, factories.OrganizationFactory.create())
    assert actor.user_id is not None
    return signed_in(actor.user_id)


def notes(browser: Client, **headers: str) -> bool:
    """Ask for a page and tell whether the session's activity was written down."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE, headers=headers).status_code == 200
    return any(UserSession._meta.db_table in one["sql"] for one in asked.captured_queries)


def test_activity_is_noted_once_a_minute(browser: Client, clock: SimpleNamespace) -> None:
    noted = []
    for seconds in (0, 1, 58, 2, 30):
        clock.now += seconds
        noted.append(notes(browser))

    assert noted == [True, False, False, True, False]
    assert UserSession.objects.count() == 1


def test_activity_from_another_browser_is_noted_at_once(browser: Client, clock: SimpleNamespace) -> None:
    noted = [notes(browser, **{"User-Agent": name}) for name in ("one", "one", "another")]

    assert noted == [True, False, True]
    assert UserSession.objects.get().user_agent == "another"


def test_memory_of_the_process_is_bounded(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST", 2)

    assert [notes(browser, **{"User-Agent": str(number)}) for number in (1, 2, 3, 1)] == [True, True, True, True]
