from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults import post, stage


@pytest.fixture(scope="session")
def seeded() -> Iterator[dict[str, Any]]:
    with stage.template() as found:
        yield found


@pytest.fixture
def sink() -> Iterator[post.Sink]:
    with post.receiving() as found:
        yield found


@pytest.fixture
def scene(request: pytest.FixtureRequest, seeded: dict[str, Any], sink: post.Sink) -> Iterator[stage.Stage]:
    name = f"faults_{request.node.originalname.removeprefix('test_')}"[:50]
    with stage.stage(name, seeded, sink.port) as found:
        yield found
