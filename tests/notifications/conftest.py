"""A programme of one city, and a mail server on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.notifications import sink as sinks
from tests.notifications.sink import Sink
from tests.workflow.races import elsewhere
from tests.workflow.tampering import empty_all_tables


@pytest.fixture(autouse=True)
def nobody_relays(settings: Settings) -> None:
    """Let every test relay by its own hand."""
    settings.WORKFLOW_RELAY = ""
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = sinks.free_port()
    settings.EMAIL_TIMEOUT = 2


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def committed_programme(db: None) -> Iterator[Programme]:
    """A programme that other connections see; it is removed as only the owner of the database can."""
    yield elsewhere(stages.programme)
    elsewhere(empty_all_tables)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with sinks.running(settings.EMAIL_PORT) as running:
        yield running
