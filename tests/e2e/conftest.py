"""The demo's own processes for the tests here."""

from tests.running_demo import demo

__all__ = ["demo"]
