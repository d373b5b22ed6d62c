"""Somebody at a browser: signs in, looks at pages in two sizes and two languages, and hears every complaint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.browser.wording import untranslated

DESKTOP, PHONE = 1280, 390
HEIGHTS = {DESKTOP: 900, PHONE: 844}
LANGUAGES = {"zh-hans": "zh-CN", "en": "en-GB"}
SERVER_FAULT = 500
# What the focused element is called, by the words on it or the label that it has instead, and its key.
SAID = "(here => [here.ariaLabel || here.innerText || String(here.value || ''), here.id])(document.activeElement)"
_TOO_SMALL = """() => {
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const target = (one) => {
    if (one.matches("input[type=radio], input[type=checkbox]")) {
      return one.closest(".form-check") ?? document.querySelector(`label[for="${one.id}"]`);
    }
    return one.closest(".jy-tasks li, .jy-visit") ?? one;
  };
  const isText = (one) => one.matches(".jy-crumbs a, p a:not(.btn), td a:not(.btn)");
  const asked = document.querySelectorAll("main :is(a[href], button, input:not([type=hidden]), textarea, select)");
  return [...asked].filter((one) => shown(one) && !isText(one)).map(target)
    .filter((one) => Math.min(one.getBoundingClientRect().height, one.getBoundingClientRect().width) < 44)
    .map((one) => one.outerHTML.slice(0, 120));
}"""
VENDOR = Path(__file__).parent / "vendor"


@dataclass
class Visitor:
    """One person at one browser; `open` gives a page of its own context, with its own cookies."""

    browser: Browser
    address: str
    accounts: Mapping[str, Mapping[str, Any]]
    screenshots: Path
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self, username: str = "", *, width: int = DESKTOP, language: str = "zh-hans", javascript: bool = True
    ) -> Page:
        """Return a page, signed in as ``username`` if one is given, on the first page of the product."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale=LANGUAGES[language],
            java_script_enabled=javascript,
            has_touch=width == PHONE,
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._look)
        if username:
            self.sign_in(page, username)
        return page

    def sign_in(self, page: Page, username: str) -> None:
        """Sign in by the form, as everybody does."""
        page.goto("/account/login/")
        page.fill("#id_login", username)
        page.fill("#id_password", self.accounts[username]["password"])
        page.click("main button[type=submit]")
        page.wait_for_url(f"{self.address}/")

    def expect_complaint(self, pattern: str) -> None:
        """Let complaints pass that a test provokes, such as a lost connection."""
        self.expected.append(pattern)

    def shoot(self, page: Page, name: str) -> Path:
        """Keep a picture of the whole page under ``var/screenshots/``, its size in the name."""
        self.screenshots.mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else DESKTOP
        path = self.screenshots / f"{name}.{width}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    def look_over(self, page: Page, address: str, name: str) -> list[str]:
        """Look at a page in both languages and sizes, keep a picture of each, and return what is wrong with it.

        The page is left in Chinese, in the size in which it came.
        """
        wrong, size = [], page.viewport_size
        for language in reversed(LANGUAGES):
            page.context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
            page.goto(address)
            wrong += untranslated(page.content(), language)
            for width in (PHONE, DESKTOP):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                self.shoot(page, f"{name}.{language}")
                found = [*violations(page), *([f"{overflow(page)} px too wide"] if overflow(page) else [])]
                wrong += [f"{language} {width}: {fault}" for fault in found]
        page.set_viewport_size(size or {"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
        return wrong

    def leave(self) -> None:
        """Close every page."""
        for context in self.contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._is_expected(message.text):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def _look(self, response: Response) -> None:
        if response.status >= SERVER_FAULT and not self._is_expected(str(response.status)):
            self.complaints.append(f"{response.url}: {response.status}")

    def _is_expected(self, text: str) -> bool:
        return any(re.search(pattern, text) for pattern in self.expected)


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def too_small(page: Page) -> list[str]:
    """Return what is asked of a thumb and has less than 44 pixels; links within text aside."""
    return list(page.evaluate(_TOO_SMALL))


def violations(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA: the rule, and where."""
    page.emulate_media(reduced_motion="reduce")  # a color on its way to another is no color of ours
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    wanted = {"runOnly": tags, "resultTypes": ["violations"], "selectors": False}  # what is in order is not worked out
    found = page.evaluate("wanted => axe.run(document, wanted)", wanted)["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def reach(page: Page, name: str, *, exact: bool = False, most: int = 150) -> None:
    """Reach by Tab alone what has a name, or a field that has it for its key."""
    for _number in range(most):
        page.keyboard.press("Tab")
        said, key = page.evaluate(SAID)
        if name in {key, said.strip()} or (name in said and not exact):
            return
    raise AssertionError(f"not reached by {most} steps of Tab: {name}")


def by_keyboard(page: Page, name: str, *, exact: bool = False) -> None:
    """Reach a link or button by Tab alone and press Enter on it."""
    reach(page, name, exact=exact)
    page.keyboard.press("Enter")


def by_keys(page: Page, key: str, text: str) -> None:
    """Reach a field by Tab alone, and type over what it holds."""
    reach(page, key)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@cache
def _axe() -> str:
    return (VENDOR / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
