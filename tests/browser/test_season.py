"""A whole season in the browser, by those who take part: from a company's first click to the title.

Nobody types an address: whoever has signed in goes by the links and buttons of the pages, as people do, and comes to a
case by the entry that waits in their pile or by the link in a mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from common.services import ROOT
from tests.browser.test_company import ANSWERS, fill
from tests.browser.visitor import PHONE, Visitor
from tests.e2e.desk import Inbox, eventually, text_of
from tests.running_demo import Demo

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
PRESET = ROOT / "nominations" / "presets" / "shili_demo.yaml"
REVIEWER, APPROVER = "shazhou.reviewer", "shazhou.approver"
REMARK = "请补充第七条的整改照片说明。"
CITY, CITY_APPROVER = "city.reviewer", "city.approver"


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

    def move(self, page: Page, text: str) -> None:
        """Press the button of a move as soon as it is open, and again on the page that tells what follows from it."""
        self.wait_for_button(page, page.url, text)
        self.do(page, text)
        self.do(page, text)

    def choose_campaign(self, page: Page) -> None:
        """Go to this season's campaign; several are open at once."""
        page.locator(".jy-tabs a").filter(has_text=self.title).click()
        page.wait_for_load_state()

    def wait_for_button(self, page: Page, address: str, text: str) -> None:
        """Look at a page again until the button can be pressed: files are checked in the background."""

        def is_open() -> bool:
            page.goto(address)
            return self.button(page, text).first.get_attribute("aria-disabled") is None

        eventually(is_open, text)

    def mail(self, username: str, *about: str) -> str:
        """Wait for a mail to somebody who works here about the community and return its text."""
        return text_of(self.inbox.wait_for(f"{username}@example.com", self.community, *about))


def company_fills_in_the_form(season: Season) -> None:
    """S-02: from the company's communities to a form in which every section is complete."""
    page = season.desk(season.company, "My communities")
    page.locator("tr").filter(has_text=season.community).filter(has_text=season.title).get_by_role("button").click()
    season.do(page, "Go on")
    for name, answers in ANSWERS.items():
        expect(page).to_have_url(re.compile(f"/form/{name}/$"))
        fill(page, answers | ({"contact_email": season.committee} if name == "committee" else {}))
        season.do(page, "Save and go on")
    page.wait_for_url(re.compile("/evidence/$"))
    page.fill("#f-label", "公示栏")
    page.set_input_files("#f-file", season.scan)
    season.do(page, "Upload")
    expect(page.locator("#files strong")).to_have_text("公示栏")


def committee_confirms(season: Season) -> None:
    """S-03: the company asks, the committee answers on a telephone with the code from its mail."""
    page = season.seat(season.company)
    own_case(season, page)
    page.locator("main a").filter(has_text=season.word("Confirmation by the committee")).first.click()
    before = len(season.inbox.to(season.committee, "confirm/"))
    season.do(page, "Invite the committee")
    invitation = text_of(season.inbox.wait_for(season.committee, "confirm/", more_than=before))
    link, code = re.search(r"http\S+/confirm/\S+/", invitation), re.search(r"\b\d{3} ?\d{3}\b", invitation)
    assert link is not None
    assert code is not None
    phone = season.visitor.open(width=PHONE, language=season.language)
    phone.goto(link.group())
    phone.fill("#code", code.group())
    phone.check("#yes")
    phone.locator("main button[type=submit]").click()
    expect(phone.locator(".jy-note.is-pass")).to_be_visible()


def own_case(season: Season, page: Page) -> None:
    """Open the company's case from the list of its nominations."""
    season.go(page, "Nominations")
    page.locator("main a").filter(has_text=season.community).first.click()


def company_seals_and_submits(season: Season) -> None:
    """S-03, S-04: the sealed scan, what the checker says of it, the answers once more, the receipt."""
    page = season.seat(season.company)
    own_case(season, page)
    page.locator("main a").filter(has_text=season.word("Sealed copy")).first.click()
    page.set_input_files("#f-file", season.scan)
    season.do(page, "Upload the sealed copy")
    page.locator("main a").filter(has_text=season.word("Back to the task list")).click()
    season.do(page, "Look through the answers")
    eventually(lambda: page.reload() is not None and page.locator("#f-truth").count() == 1, "every file checked")
    page.check("#f-truth")
    season.do(page, "Submit")
    page.wait_for_url(re.compile("/receipt/$"))


def district_returns_it(season: Season) -> None:
    """S-05: the reviewer takes it up from the pile and names everything at once; the company is told."""
    page = season.seat(REVIEWER)
    open_waiting(season, page)
    season.do(page, "Take up")
    season.do(page, "Return for correction")
    page.fill("#f-remark-practices", REMARK)
    page.fill("#f-comment", "请补正 1 处。")
    season.do(page, "Return for correction")
    assert season.mail(season.company, REMARK)


def company_corrects(season: Season) -> None:
    """S-05: the remark stands at its field; the changed text is confirmed and sealed anew."""
    page = season.seat(season.company)
    open_waiting(season, page)
    season.do(page, "Go on")
    expect(page.locator("main")).to_contain_text(REMARK)
    page.fill("#f-practice_7", "已重新划线并增设挡车柱，整改前后照片各一张。")
    season.do(page, "Save and go on")
    committee_confirms(season)
    company_seals_and_submits(season)


def open_waiting(season: Season, page: Page) -> None:
    """Follow the entry of the pile that is about the community."""
    row = page.locator("main tr:visible, main li:visible").filter(has_text=season.community)
    row.locator("a:visible").first.click()
    page.wait_for_load_state()


def district_reviews(season: Season) -> None:
    """S-05, S-10: eight requirements, 25 items, an opinion; frozen for the approver."""
    page = season.seat(REVIEWER)
    open_waiting(season, page)
    season.do(page, "Take up")
    while page.locator("[data-unjudged] button[value=met]").count():
        page.locator("[data-unjudged] button[value=met]").first.click()
        page.wait_for_load_state()
    case = page.url
    page.locator("main a").filter(has_text=season.word("Go on scoring")).first.click()
    for blank in page.locator("input[type=number]").all():
        blank.fill("9")
    season.do(page, "Save")
    expect(page.locator("#sheet-state .jy-value")).to_contain_text("90.00")
    page.goto(case)
    page.fill("#f-opinion", "材料齐全，现场核对一致，同意推荐。")
    season.do(page, "Save the opinion")
    season.do(page, "Hand to the approver")
    season.do(page, "Hand to the approver")


def another_recommends(season: Season) -> None:
    """Flow rule 4: the approver finds the case in the pile, sees what it rests on, and recommends it with a reason."""
    page = season.seat(APPROVER)
    open_waiting(season, page)
    season.do(page, "Recommend")
    if page.locator("#f-override_reason").count():
        page.fill("#f-override_reason", "市级数据尚未下发，其余要求均符合。")
    page.fill("#f-comment", "同意推荐。")
    season.do(page, "Recommend")
    assert season.mail(season.company, "已推荐")


def district_makes_its_table(season: Season) -> None:
    """S-06: the ranks, a description of the community, and the way to the approver."""
    page = season.desk(REVIEWER, "Recommendation summary")
    season.choose_campaign(page)
    season.do(page, "Compute the ranks")
    table = page.url.partition("#")[0]
    page.locator("#table a").filter(has_text=season.community).first.click()
    page.set_input_files("#descriptions input[type=file]", season.scan)
    season.do(page, "Upload")
    expect(page.locator("#descriptions .jy-filelist")).to_contain_text(season.scan.name)
    season.wait_for_button(page, table, "Put it before the approver")
    season.do(page, "Put it before the approver")


def district_signs_and_seals_its_table(season: Season) -> None:
    """S-07: the second person approves, the seal comes on it, and it goes to the city."""
    page = season.desk(APPROVER, "Recommendation summary")
    season.choose_campaign(page)
    season.move(page, "Approve")
    page.set_input_files("#seal ~ form input[type=file]", season.scan)
    season.do(page, "Upload the sealed copy")
    expect(page.locator("#seal ~ p").first).to_contain_text(season.scan.name)
    season.move(page, "Submit to city")
