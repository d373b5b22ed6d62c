"""The handbook's pictures: taken from the product, so that they cannot show what it no longer is.

With ``HANDBOOK=1`` this test takes them anew into ``docs/handbook/pictures``, with the words that each shows; without,
it sees to it that each is there, small, and of a page that still opens and says no other words.
"""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from common.services import ROOT
from tests.browser.visitor import DESKTOP, PHONE, Visitor, overflow, violations

PICTURES = ROOT / "docs" / "handbook" / "pictures"
WORDS = PICTURES / "words.json"
LARGEST = 80_000
COLORS, HEIGHT = 64, 640
# What a page says whatever its rows are and however far they have come: its navigation and the heads of its tables.
SAID = ".jy-nav a, main thead th:not(:has(.visually-hidden))"


@dataclass(frozen=True)
class Taken:
    """Of which page a picture is: whose, where it begins, the links that lead on, and how wide it is."""

    username: str
    path: str
    links: tuple[str, ...] = ()
    width: int = DESKTOP


TAKEN = {
    "todo.company": Taken("qinghe.admin", "/"),
    "todo.district": Taken("yunqi.reviewer", "/"),
    "todo.city": Taken("city.reviewer", "/"),
    "todo.evaluator": Taken("pool-a.evaluator", "/"),
    "case.company": Taken("heyue.admin", "/company/cases/", ("main tbody th a",)),
    "case.district": Taken("yunqi.reviewer", "/district/cases/", ("main tbody th a >> text=桂香里",)),
    "summary.district": Taken("yunqi.reviewer", "/district/summaries/", (".jy-tabs a >> nth=-1",)),
    "pool.city": Taken("city.reviewer", "/city/evaluators/"),
    "records.city": Taken("city.reviewer", "/city/records/practices/"),
    "ranking.city": Taken("city.reviewer", "/city/ranking/", (".jy-tabs a >> nth=-1",)),
    "events": Taken("city.auditor", "/audit/events/"),
    "card.evaluator": Taken("housing.evaluator", "/evaluator/visits/", ("main li h3 a",), PHONE),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", TAKEN)
def test_picture_shows_a_page_that_is_there(visitor: Visitor, name: str, language: str) -> None:
    page = led_to(visitor, TAKEN[name], language)
    picture, said = PICTURES / f"{name}.{language}.png", words_of(page)

    if os.environ.get("HANDBOOK"):
        keep(picture, page.screenshot(animations="disabled"))
        keep_words(picture.stem, said)

    assert page.locator("h1").count() == 1
    assert picture.stat().st_size <= LARGEST
    shown = json.loads(WORDS.read_text(encoding="utf-8"))[picture.stem]
    assert [word for word in said if word not in shown] == [], "take the pictures anew: HANDBOOK=1"


def led_to(visitor: Visitor, taken: Taken, language: str) -> Page:
    """Return the page of a picture."""
    page = visitor.open(taken.username, language=language, width=taken.width)
    page.goto(taken.path)
    for link in taken.links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    if taken.width == PHONE:  # an item that has been scored
        page.goto(f"{page.url}items/5/")
        page.locator("html[data-ready]").wait_for()
    return page


def words_of(page: Page) -> list[str]:
    """Return the words of a page that its data do not change."""
    shown = [re.sub(r"\d+", "", text).strip() for text in page.locator(SAID).all_inner_texts()]
    return [text for text in shown if text]


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


def keep_words(name: str, said: list[str]) -> None:
    """Keep what a picture says, so that a page that says something else is noticed."""
    known = json.loads(WORDS.read_text(encoding="utf-8")) if WORDS.exists() else {}
    text = json.dumps(known | {name: said}, ensure_ascii=False, indent=1, sort_keys=True)
    WORDS.write_text(f"{text}\n", encoding="utf-8")
