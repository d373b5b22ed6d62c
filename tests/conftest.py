"""What every test stands on: real services that live as long as the run."""

from tests.services import pytest_configure, pytest_unconfigure

__all__ = ["pytest_configure", "pytest_unconfigure"]
