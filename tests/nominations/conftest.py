from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.workflow.races import elsewhere
from tests.workflow.tampering import empty_all_tables


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def committed(db: None) -> Iterator[None]:
    """Let the test commit rows on other connections; they are removed as only the owner of the database can."""
    yield
    elsewhere(empty_all_tables)
