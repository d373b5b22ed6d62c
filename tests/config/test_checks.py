"""Every wait has an end, or nothing starts."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config.checks import every_wait_has_an_end, waits

WITHOUT = {
    "CACHES": {"default": {"OPTIONS": {"socket_timeout": 1}}},
    "CELERY_BROKER_TRANSPORT_OPTIONS": {},
    "CELERY_TASK_TIME_LIMIT": None,
    "EMAIL_TIMEOUT": None,
}


def test_every_wait_of_these_settings_has_an_end() -> None:
    assert every_wait_has_an_end() == []
    assert len(waits()) == 10


def test_each_wait_without_an_end_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database = {"connect_timeout": 5, "options": "-c statement_timeout=0"}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", database)
    for name, value in WITHOUT.items():
        setattr(settings, name, value)

    assert [error.msg for error in every_wait_has_an_end()] == [
        "There is no time-out: database statement_timeout.",
        "There is no time-out: database lock_timeout.",
        "There is no time-out: database idle_in_transaction_session_timeout.",
        "There is no time-out: cache socket_connect_timeout.",
        "There is no time-out: broker socket_timeout.",
        "There is no time-out: broker socket_connect_timeout.",
        "There is no time-out: task CELERY_TASK_TIME_LIMIT.",
        "There is no time-out: mail EMAIL_TIMEOUT.",
    ]


def test_nothing_starts_without(settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = None

    with pytest.raises(ImproperlyConfigured) as caught:
        apps.get_app_config("config").ready()

    assert str(caught.value) == "There is no time-out: mail EMAIL_TIMEOUT."
