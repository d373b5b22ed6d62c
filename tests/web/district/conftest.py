from __future__ import annotations

import pytest
from django.test import Client

from tests.api.conftest import running_calendar
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in


@pytest.fixture
def programme(db: None) -> Programme:
    """Return a programme that is running now: pages read the clock themselves."""
    return stages.programme(**running_calendar())


@pytest.fixture
def reviewer(programme: Programme) -> Client:
    return signed_in(programme.bureau.reviewer.user_id)


@pytest.fixture
def approver(programme: Programme) -> Client:
    return signed_in(programme.bureau.approver.user_id)
