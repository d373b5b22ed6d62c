"""The handbook's pictures: taken from the product, so that they cannot show what it no longer is.

With ``HANDBOOK=1`` this test takes them anew into ``docs/handbook/pictures``; without, it sees to it that each is
there, small, and of a page that still opens.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from common.services import ROOT
from tests.browser.visitor import DESKTOP, PHONE, Visitor, overflow, violations

PICTURES = ROOT / "docs" / "handbook" / "pictures"
LARGEST = 80_000
COLORS, HEIGHT = 64, 640
TAKEN = {
    "todo.company": ("qinghe.admin", "/"),
    "todo.district": ("yunqi.reviewer", "/"),
    "todo.city": ("city.reviewer", "/"),
    "todo.evaluator": ("pool-a.evaluator", "/"),
    "pool.city": ("city.reviewer", "/city/evaluators/"),
    "records.city": ("city.reviewer", "/city/records/practices/"),
    "events": ("city.auditor", "/audit/events/"),
    "card.evaluator": ("housing.evaluator", "/evaluator/visits/"),
}
ON_A_PHONE = {"card.evaluator"}


def go_on_to_a_card(page: Page) -> None:
    """Open the first community's score sheet at an item that has been scored."""
    page.locator("main li h3 a").first.click()
    page.goto(f"{page.url}items/5/")
    page.locator("html[data-ready]").wait_for()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", TAKEN)
def test_picture_shows_a_page_that_is_there(visitor: Visitor, name: str, language: str) -> None:
    username, path = TAKEN[name]
    page = visitor.open(username, language=language, width=PHONE if name in ON_A_PHONE else DESKTOP)
    page.goto(path)
    if name == "card.evaluator":
        go_on_to_a_card(page)
    picture = PICTURES / f"{name}.{language}.png"

    if os.environ.get("HANDBOOK"):
        keep(picture, page.screenshot(animations="disabled"))

    assert page.locator("h1").count() == 1
    assert picture.stat().st_size <= LARGEST


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_leads_to_its_place_in_the_handbook(visitor: Visitor, language: str, width: int) -> None:
    page = visitor.open("city.auditor", width=width, language=language)
    page.goto("/audit/verification/")

    page.goto(str(page.locator(".jy-topbar a[href^='/help/']").first.get_attribute("href")))

    visitor.shoot(page, f"handbook.{language}")
    assert page.url.endswith("/help/auditor/#doing")
    assert page.locator("#doing").count() == 1
    assert violations(page) == []
    assert overflow(page) == 0


def keep(path: Path, taken: bytes) -> None:
    """Keep the upper part of a picture in few colors: it goes into the repository."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    upper = picture.crop((0, 0, picture.width, min(picture.height, HEIGHT)))
    path.parent.mkdir(parents=True, exist_ok=True)
    upper.quantize(COLORS).save(path, optimize=True)
