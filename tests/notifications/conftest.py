"""A programme of one city, and people who are told of what happens in it."""

from __future__ import annotations

import pytest

from tests.nominations import stages
from tests.nominations.stages import Programme


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()
