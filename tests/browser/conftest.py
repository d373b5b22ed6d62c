"""A real browser beside a running demo: the system's Chromium, one for the run, one context for each test."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from common.services import ROOT
from tests.browser.visitor import Visitor
from tests.running_demo import Demo, demo

__all__ = ["demo"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine takes longer than a quiet one
SCREENSHOTS = ROOT / "var" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder: they run apart from the others (``-m browser``)."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium; without one the tests say so and do not run."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def accounts(demo: Demo) -> dict[str, dict[str, Any]]:
    """Return the demo's accounts by user name."""
    listed = json.loads((demo.var / "demo" / "accounts.json").read_text(encoding="utf-8"))
    return {row["username"]: row for row in listed["accounts"]}


@pytest.fixture
def visitor(browser: Browser, demo: Demo, accounts: dict[str, dict[str, Any]]) -> Iterator[Visitor]:
    """Return somebody at a browser; the test fails when a page has complained on the console or broken the policy."""
    made = Visitor(browser, demo.address, accounts, SCREENSHOTS)
    yield made
    made.leave()
    assert made.complaints == []


@pytest.fixture
def lost(visitor: Visitor) -> Visitor:
    """Return a visitor whose browser is expected to complain of a connection that is not there."""
    visitor.expect_complaint("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|net::")
    return visitor
