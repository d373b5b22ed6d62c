"""The evaluator's desk on a phone in a real browser: a whole sheet by thumb and by keys."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor, by_keyboard, overflow, too_small, violations
from tests.e2e.desk import eventually, picture
from tests.running_demo import Demo

SHOT = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture()}
MILLIMETER = 96 / 25.4
A4_TEXT = round(165 * MILLIMETER)
WORDS = {
    "zh-hans": {"accept": "没有，打开评分表", "hand_in": "交表", "sent": "已全部提交", "in": "评分表已提交"},
    "en": {"accept": "No conflict", "hand_in": "Hand in", "sent": "Everything is sent", "in": "Handed in"},
}


def opened(visitor: Visitor, username: str, **how: Any) -> Page:
    """Sign in on a phone, and open the sheet of the one community that is still to be scored, at its first item."""
    page = visitor.open(username, **{"width": PHONE} | how)
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    page.wait_for_url(re.compile("/communities/"))
    accept = page.locator("main form[action$='/accept/'] button")
    if accept.count():
        accept.click()
        page.locator("main .jy-tasks").first.wait_for()
    ready(page)
    return page


def ready(page: Page) -> None:
    """Wait until the script has taken the page over."""
    page.locator("html[data-ready]").wait_for()


def item(page: Page, number: int) -> None:
    """Go to an item from the overview, or from another item."""
    page.goto(re.sub(r"(items/\d+/)?$", f"items/{number}/", page.url, count=1))
    ready(page)


def score(page: Page, points: int, *, half: bool = False, remark: str = "", photo: bool = False) -> None:
    """Put down the points of the card in sight, with one thumb; the photo of other points is another photo."""
    page.locator(f"label[for=s{points}]").click()
    if half:
        page.locator("label[for=half]").click()
    if remark:
        page.fill("#remark", remark)
    if photo:
        shot = SHOT | {"buffer": picture(points)}
        page.set_input_files("#photo", shot)  # type: ignore[arg-type]  # a literal is what it takes
        expect(page.locator(".jy-shot")).to_be_visible()


def lines(demo: Demo, username: str) -> list[dict[str, Any]]:
    """Return the items of the evaluator's open sheet as the server has them."""
    desk = demo.desk(username)
    return list(desk.get(f"score-sheets/{sheet_of(demo, username)}/")["lines"])


def sheet_of(demo: Demo, username: str) -> str:
    """Return the evaluator's open sheet."""
    [row] = [row for row in demo.desk(username).rows("assignments/") if row["sheet_state"] == "open"]
    return str(row["sheet"])


def line_of(demo: Demo, username: str, number: int, remark: str) -> dict[str, Any] | None:
    """Return an item as the server has it once it has this remark."""
    line = lines(demo, username)[number - 1]
    return line if line["remark"] == remark else None


def scored(demo: Demo, username: str) -> list[tuple[str, int]]:
    """Return points and version of every item that has been scored."""
    return [(line["points"], line["version"]) for line in lines(demo, username) if line["version"]]


@pytest.mark.parametrize(("username", "language"), [("pool-a.evaluator", "zh-hans"), ("pool-b.evaluator", "en")])
def test_whole_sheet_is_scored_with_one_thumb_and_handed_in(
    visitor: Visitor, demo: Demo, username: str, language: str
) -> None:
    words = WORDS[language]
    page = opened(visitor, username, language=language)
    visitor.shoot(page, f"evaluator.overview.{language}")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("main .btn-primary").click()
    ready(page)
    for number in range(1, 26):
        expect(page.locator("[data-number]")).to_have_text(str(number))
        is_low = number == 3
        score(page, 5 if is_low else 9, half=number % 2 == 0, remark="垃圾未清运" if is_low else "", photo=is_low)
        if is_low:
            visitor.shoot(page, f"evaluator.item.{language}")
            assert (violations(page), overflow(page)) == ([], 0)
        page.locator("[data-next]").click()
    page.wait_for_url(re.compile("/communities/[0-9a-f-]+/$"))

    eventually(lambda: len(scored(demo, username)) == 25, "the marks on the server")
    points = ["5.0" if number == 3 else "9.0" if number % 2 else "9.5" for number in range(1, 26)]
    assert [given for given, _version in scored(demo, username)] == points
    visit_hand_in(page)
    visitor.shoot(page, f"evaluator.hand-in.{language}")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("main form[data-hand-in] button").click()
    page.wait_for_url(re.compile("/evaluator/visits/"))
    assert words["in"] in page.locator("main").inner_text()


def visit_hand_in(page: Page) -> None:
    """Open the page that hands in, until the photo has passed its check."""

    def is_open() -> bool:
        page.goto(f"{page.url.removesuffix('hand-in/')}hand-in/")
        return page.locator("main form[data-hand-in]").count() == 1

    eventually(is_open, "a photo that has passed its check")
    ready(page)


def test_card_is_scored_by_keyboard_alone(visitor: Visitor, demo: Demo) -> None:
    page = opened(visitor, "housing.evaluator", width=DESKTOP)
    item(page, 20)
    page.locator("#s0").focus()
    page.keyboard.press("Home")

    for _step in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("较好")
    by_keyboard(page, "保存，下一项")

    expect(page.locator("[data-number]")).to_have_text("21")
    expect(page.locator("#item")).to_be_focused()
    line = eventually(lambda: line_of(demo, "housing.evaluator", 20, "较好"), "the mark")
    assert line["points"] == "8.5"


def test_whole_sheet_is_scored_by_keyboard_alone(visitor: Visitor, demo: Demo) -> None:
    page = opened(visitor, "civil.evaluator", width=DESKTOP)
    by_keyboard(page, "开始评分")
    page.wait_for_url(re.compile("/items/1/$"))
    ready(page)
    for number in range(1, 26):
        expect(page.locator("[data-number]")).to_have_text(str(number))
        if number > 1:
            expect(page.locator("#item")).to_be_focused()
        reach(page, "s0")
        for _step in range(7 + number % 2):
            page.keyboard.press("ArrowRight")
        by_keyboard(page, "保存，下一项" if number < 25 else "保存，返回总览")

    page.wait_for_url(re.compile("/communities/[0-9a-f-]+/$"))
    wanted = [f"{7 + number % 2}.0" for number in range(1, 26)]
    eventually(lambda: [points for points, _version in scored(demo, "civil.evaluator")] == wanted, "all the marks")


def reach(page: Page, identity: str) -> None:
    """Go on by Tab until the control has the focus; a group of radio buttons is entered at its first."""
    for _number in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == identity:
            return
    raise AssertionError(f"not reached by Tab: {identity}")


def test_card_without_points_stays_and_says_so(visitor: Visitor) -> None:
    page = opened(visitor, "housing.evaluator")
    item(page, 24)

    page.locator("[data-next]").click()

    expect(page.locator("[data-fault]")).to_contain_text("请选择分值")
    expect(page.locator("[data-number]")).to_have_text("24")
    assert violations(page) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_the_desk_hold(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open("housing.evaluator", width=width, language=language)
    page.goto("/evaluator/visits/")
    first = page.locator("main li h3 a").first.get_attribute("href")
    paths = ["/evaluator/visits/", "/evaluator/calendar/", "/evaluator/calendar/revoke/"]
    for path in [*paths, *[f"{first}{part}" for part in ("", "items/1/", "hand-in/", "decline/", "conflict/")]]:
        page.goto(path)
        visitor.shoot(
            page, f"evaluator.page.{re.sub('[0-9a-f-]{36}', '', path).strip('/').replace('/', '.')}.{language}"
        )
        assert (path, violations(page), overflow(page)) == (path, [], 0)
        assert (path, too_small(page) if width == PHONE else []) == (path, [])


def test_sheet_on_paper_has_room_for_a_hand_and_takes_two_leaves(visitor: Visitor) -> None:
    page = visitor.open("housing.evaluator")
    page.goto("/evaluator/visits/")
    page.goto(f"{page.locator('main li h3 a').first.get_attribute('href')}paper/")
    leaves = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    page.set_viewport_size({"width": A4_TEXT, "height": 900})
    page.emulate_media(media="print")
    visitor.shoot(page, "evaluator.paper")

    points, remark = (page.locator("thead th").nth(column).bounding_box() for column in (4, 5))

    assert points is not None
    assert remark is not None
    assert (leaves, points["width"] >= 15 * MILLIMETER, remark["width"] >= 30 * MILLIMETER) == (2, True, True)


def test_address_of_the_calendar_is_made_shown_once_and_revoked(visitor: Visitor) -> None:
    page = visitor.open("pool-c.evaluator", width=PHONE)
    page.goto("/evaluator/calendar/")

    page.locator("main .jy-buttons button").click()
    address = page.input_value("#secret")
    visitor.shoot(page, "evaluator.calendar.made")
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/calendar")
    page.goto("/evaluator/calendar/")
    expect(page.locator("#secret")).to_have_count(0)
    page.locator("main a.btn-outline-danger").click()
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile("/evaluator/calendar/$"))

    assert page.request.get(address).status == 404


def test_sheet_works_without_javascript(visitor: Visitor, demo: Demo) -> None:
    page = visitor.open("housing.evaluator", width=PHONE, javascript=False)
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    page.goto(f"{page.url}items/23/")

    page.locator("label[for=s7]").click()
    page.locator("main button[type=submit]").click()

    page.wait_for_url(re.compile("/items/24/$"))
    assert lines(demo, "housing.evaluator")[22]["points"] == "7.0"
