from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.workflow import world as worlds
from tests.workflow.races import elsewhere
from tests.workflow.tampering import empty_all_tables
from tests.workflow.world import World


@pytest.fixture(autouse=True)
def nobody_upstairs(settings: Settings) -> None:
    """The engine stands alone: nobody writes notices, nobody relays."""
    settings.WORKFLOW_EVENT_WRITER = ""
    settings.WORKFLOW_RELAY = ""


@pytest.fixture
def world(db: None) -> World:
    return worlds.build()


@pytest.fixture
def committed_world(db: None) -> Iterator[World]:
    """A world that other connections see; it is removed as only the owner of the database can."""
    yield elsewhere(_build_with_everybody)
    elsewhere(empty_all_tables)


def _build_with_everybody() -> World:
    world = worlds.build()
    assert world.people
    return world
