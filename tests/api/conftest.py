from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from api import throttles
from nominations.models import Nomination
from tests.api.people import Person, Program, make_person, program_of
from tests.nominations import stages
from tests.nominations.conftest import committed
from tests.nominations.stages import Programme

__all__ = ["committed"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    throttles.forget()
    cache.delete(throttles.key_of("127.0.0.1", timezone.now()))
    yield
    throttles.forget()


@pytest.fixture
def anonymous() -> Program:
    return Program()


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


def running_calendar(**days: float) -> dict[str, Any]:
    """Return a campaign's calendar around this moment: the interface reads the clock itself."""
    usual = {
        "application_opens_at": -10,
        "application_closes_at": 10,
        "district_closes_at": 20,
        "evaluation_closes_at": 50,
        "work_report_closes_at": 50,
        "report_closes_at": 60,
    }
    now = timezone.now()
    return {name: now + timedelta(days=day) for name, day in {**usual, **days}.items()}


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme(**running_calendar())


@pytest.fixture
def elsewhere(db: None) -> Programme:
    return stages.programme(**running_calendar())


@pytest.fixture
def draft(programme: Programme) -> Nomination:
    return stages.drafted(programme, at=timezone.now())


@pytest.fixture
def ready(programme: Programme) -> Nomination:
    return stages.ready(programme, at=timezone.now())


@pytest.fixture
def company(programme: Programme) -> Program:
    return program_of(programme.company.admin)
