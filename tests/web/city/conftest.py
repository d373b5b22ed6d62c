"""A programme for the pages of the city."""

from __future__ import annotations

import pytest

from tests.nominations import stages
from tests.nominations.stages import Programme


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()
