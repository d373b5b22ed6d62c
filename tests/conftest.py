"""What every test stands on: services that live as long as the run, and an honest last line."""

from tests.garbage import pytest_collection_finish
from tests.services import pytest_configure, pytest_unconfigure
from tests.unrun import pytest_sessionfinish, pytest_terminal_summary

__all__ = [
    "pytest_collection_finish",
    "pytest_configure",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_unconfigure",
]
