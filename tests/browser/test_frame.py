"""The frame, the kit's own page and the error pages in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor, overflow, violations

SIZES = [DESKTOP, PHONE]
COMPANY, DISTRICT, EVALUATOR, AUDITOR = "company.admin", "district.reviewer", "evaluator", "auditor"


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_kit_shows_every_component(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open(width=width, language=language)

    page.goto("/demo/kit/")

    visitor.shoot(page, f"kit.{language}")
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", SIZES)
def test_kit_puts_the_reader_at_the_errors(visitor: Visitor, width: int) -> None:
    page = visitor.open(width=width)
    page.goto("/demo/kit/")

    page.get_by_role("button", name="查看错误提示").click()

    expect(page.locator(".jy-errors")).to_be_focused()
    page.locator(".jy-errors a").first.click()
    expect(page.locator("#f-until")).to_be_focused()
    assert violations(page) == []


@pytest.mark.parametrize("display", ["large", "contrast"])
def test_kit_holds_in_every_way_of_reading(visitor: Visitor, display: str) -> None:
    page = visitor.open(width=PHONE)
    page.context.add_cookies([{"name": "jy_display", "value": display, "url": visitor.address}])

    page.goto("/demo/kit/")

    visitor.shoot(page, f"kit.{display}")
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("path", ["/", "/help/", "/display/", "/account/login/", "/no-such-page/"])
def test_page_of_a_stranger_is_accessible(visitor: Visitor, path: str, width: int) -> None:
    visitor.expect_complaint("404")
    page = visitor.open(width=width)

    page.goto(path)

    visitor.shoot(page, f"stranger{path.replace('/', '.').rstrip('.')}")
    assert violations(page) == []
    assert overflow(page) == 0
