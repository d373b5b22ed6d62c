"""One season in the browser: a campaign of its own, those who take part, and how they find their way.

Nobody types an address: whoever has signed in goes by the links and buttons of the pages, as people do, and comes to a
case by the entry that waits in their pile or by the link in a mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import translation
from playwright.sync_api import Locator, Page

from common.services import ROOT
from tests.browser.visitor import DESKTOP, PHONE, Visitor, by_keyboard
from tests.e2e.desk import Inbox, eventually, picture, text_of
from tests.running_demo import Demo

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
PRESET = ROOT / "nominations" / "presets" / "shili_demo.yaml"
PANEL = 3
# Company, community, size, language, and on which day from now the panel comes: when nobody of the pool is away.
SEASONS = {
    "desk": ("yunfan.admin", "江畔新村", DESKTOP, "zh-hans", 20),
    "phone": ("songyun.admin", "芦苇湾", PHONE, "en", 21),
}


@dataclass
class Season:
    """One campaign of its own, and those who take part, each at a browser."""

    visitor: Visitor
    demo: Demo
    code: str
    title: str
    company: str
    community: str
    width: int
    language: str
    scan: Path
    visit_on: date
    inbox: Inbox
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def committee(self) -> str:
        """Return the mail address of the owners' committee."""
        return f"committee.{self.code}@example.com"

    def seat(self, username: str) -> Page:
        """Return the page of somebody who works here, at the first page of the product."""
        if username not in self.pages:
            self.pages[username] = self.visitor.open(username, width=self.width, language=self.language)
        page = self.pages[username]
        page.goto("/")
        return page

    def word(self, text: str, context: str = "") -> str:
        """Return a label as the readers of this season see it."""
        with translation.override(self.language):
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def button(self, page: Page, text: str, context: str = "") -> Locator:
        """Return the button of the page's content with this label, or the link that looks like one."""
        name = self.word(text, context)
        return page.locator("main").locator("button:visible, a.btn:visible").filter(has_text=re.compile(f"^\\s*{name}"))

    def desk(self, username: str, label: str) -> Page:
        """Open a page of somebody's desk by its entry in the navigation."""
        page = self.seat(username)
        self.go(page, label)
        return page

    def go(self, page: Page, label: str) -> None:
        """Follow an entry of the navigation, on a telephone of the menu."""
        menu = page.locator("summary").filter(has_text=self.word("Menu"))
        if menu.is_visible():
            menu.click()
        name = re.compile(f"^\\s*{re.escape(self.word(label))}(\\s|$)")
        page.locator("nav a:visible").filter(has_text=name).first.click()
        page.wait_for_load_state()

    def do(self, page: Page, text: str, context: str = "") -> None:
        """Press a button of the page, or follow the link that looks like one, and wait for what comes."""
        self.button(page, text, context).first.click()
        page.wait_for_load_state()

    def press(self, page: Page, text: str, context: str = "") -> None:
        """Do the same at a desk by keyboard alone."""
        if self.width == PHONE:
            self.do(page, text, context)
        else:
            with page.expect_navigation():  # a key waits for nothing by itself
                by_keyboard(page, self.word(text, context))

    def move(self, page: Page, text: str, context: str = "") -> None:
        """Press the button of a move as soon as it is open, and again on the page that tells what follows from it."""
        self.wait_for_button(page, page.url, text, context)
        self.do(page, text, context)
        self.do(page, text, context)

    def choose_campaign(self, page: Page) -> None:
        """Go to this season's campaign; several are open at once."""
        page.locator(f".jy-tabs a[title$='{self.title}']").click()
        page.wait_for_load_state()

    def wait_for_button(self, page: Page, address: str, text: str, context: str = "") -> None:
        """Look at a page again until the button can be pressed: files are checked in the background."""

        def is_open() -> bool:
            page.goto(address)
            return self.button(page, text, context).first.get_attribute("aria-disabled") is None

        eventually(is_open, text)

    def panel(self) -> list[str]:
        """Return who is asked by mail to evaluate the community."""
        asked = eventually(lambda: self._asked() if len(self._asked()) == PANEL else None, "a mail to each evaluator")
        return sorted(asked)

    def _asked(self) -> set[str]:
        mails = self.inbox.to(".evaluator@example.com", self.community, self.title)
        return {str(mail["To"]).partition("@")[0] for mail in mails}

    def mail(self, username: str, *about: str) -> str:
        """Wait for a mail to somebody who works here about the community and return its text."""
        return text_of(self.inbox.wait_for(f"{username}@example.com", self.community, self.title, *about))


def begun(visitor: Visitor, demo: Demo, folder: Path, name: str) -> Season:
    """Open a campaign of its own beside those of the demo, under its own title."""
    company, community, width, language, days = SEASONS[name]
    code, title = f"season_{name}", f"示例市“美好家园”演练（{name}）"
    preset = folder / "season.yaml"
    preset.write_text(
        re.sub("^title: .*$", f"title: {title}", PRESET.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    )
    opens_on = (TODAY - timedelta(days=3)).isoformat()
    demo.manage("load_campaign", str(preset), "--code", code, "--shift-to", opens_on)
    scan = folder / "scan.jpg"
    scan.write_bytes(picture())
    visit_on = TODAY + timedelta(days=days)
    return Season(visitor, demo, code, title, company, community, width, language, scan, visit_on, demo.inbox.later())


def own_case(season: Season, page: Page) -> None:
    """Open the company's case from the list of its nominations."""
    season.go(page, "Nominations")
    page.locator("main a").filter(has_text=season.community).first.click()


def open_waiting(season: Season, page: Page, about: str = "") -> None:
    """Follow the entry of the pile that is about the community, or about something else of this season."""
    row = page.locator("main tr:visible, main li:visible").filter(has_text=about or season.community)
    row.locator("a:visible").first.click()
    page.wait_for_load_state()
