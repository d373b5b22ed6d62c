"""A programme that runs now, and the browsers of the people in its first company."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import running_calendar
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme(**running_calendar())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def admin(programme: Programme) -> Client:
    return signed_in(programme.company.admin.user_id)


@pytest.fixture
def editor(programme: Programme) -> Client:
    return signed_in(programme.company.editor.user_id)


@pytest.fixture
def draft(programme: Programme, now: datetime) -> Any:
    return stages.drafted(programme, at=now)
