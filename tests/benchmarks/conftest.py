from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows", type=int, default=1_000_000, help="how many rows “a million” is in this run")


@pytest.fixture(scope="session")
def many(request: pytest.FixtureRequest) -> int:
    """Return how many rows the large tables have."""
    return int(request.config.getoption("--rows"))
