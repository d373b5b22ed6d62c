"""Where a session was last used: noted at once, then once a minute, and anew from another place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.db import OperationalError, connection
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


def notes(browser: Client, **meta: str) -> bool:
    """Ask for a page and tell whether the session's activity was written down."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE, **meta).status_code == 200
    return any(UserSession._meta.db_table in one["sql"] for one in asked.captured_queries)


def test_activity_is_noted_once_a_minute(browser: Client, clock: SimpleNamespace) -> None:
    noted = []
    for seconds in (0, 1, 58, 2, 30):
        clock.now += seconds
        noted.append(notes(browser))

    assert noted == [True, False, False, True, False]
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize("name", ["REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT"])
def test_another_place_is_noted_at_once_and_so_is_the_return(
    browser: Client, name: str, clock: SimpleNamespace
) -> None:
    noted = [notes(browser, **{name: place}) for place in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1")]

    assert noted == [True, False, True, True]


def test_last_place_is_the_one_that_is_kept(browser: Client, clock: SimpleNamespace) -> None:
    for place in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
        notes(browser, REMOTE_ADDR=place, HTTP_USER_AGENT=f"browser at {place}")

    kept = UserSession.objects.get()
    assert (kept.ip, kept.user_agent) == ("192.0.2.1", "browser at 192.0.2.1")


def test_what_could_not_be_written_is_tried_again(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_args: object) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr(type(UserSession.objects), "create_from_request", lose)
        with pytest.raises(OperationalError):
            notes(browser)

    assert notes(browser)


def test_memory_of_the_process_is_bounded(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST", 1)
    first = dict(browser.cookies)
    before = [notes(browser), notes(browser)]
    browser.cookies.clear()
    browser.force_login(factories.UserFactory.create())
    browser.get(PAGE)
    browser.cookies.update(first)

    assert (before, notes(browser)) == ([True, False], True)
