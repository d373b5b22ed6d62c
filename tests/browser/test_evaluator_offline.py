"""Scoring without signal in a real browser: kept on the device, sent once, and never in anybody else's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_evaluator import SHOT, item, line_of, lines, opened, ready, score, scored, sheet_of
from tests.browser.visitor import PHONE, Visitor, overflow, violations
from tests.running_demo import Demo

FIRE, CIVIL, HOUSING, OTHER = "fire.evaluator", "civil.evaluator", "housing.evaluator", "pool-d.evaluator"
T = TypeVar("T")
BANNER = "[data-unsent]"
SYNC = "**/sync/"


def eventually(page: Page, look: Callable[[], T | None], what: str) -> T:
    """Return what ``look`` finds as soon as it finds something, while the browser goes on working."""
    for _number in range(300):
        if found := look():
            return found
        page.wait_for_timeout(100)
    said = " | ".join(page.locator(BANNER).all_inner_texts())
    raise AssertionError(f"did not come: {what}; {page.url} says: {said}")


def kept_pages(page: Page) -> list[str]:
    """Return the pages that this browser keeps for where there is no signal."""
    names = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) if (name.startsWith("jiayuan-pages-"))
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
          return found;
        }"""
    )
    return sorted(names)


def kept_marks(page: Page) -> int:
    """Return how many marks, whoever's, this browser keeps."""
    return int(
        page.evaluate(
            """() => new Promise((resolve) => {
              const opening = indexedDB.open("jiayuan-evaluator", 1);
              opening.onsuccess = () => {
                const asked = opening.result.transaction("marks").objectStore("marks").count();
                asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
              };
            })"""
        )
    )


def keeps_the_sheet(page: Page) -> None:
    """Wait until the service worker has the sheet."""
    eventually(page, lambda: [path for path in kept_pages(page) if path.endswith("/items/")], "the sheet in the cache")


def written(page: Page) -> None:
    """Wait until the card in sight is on the disk."""
    expect(page.locator("form[data-sheet]:not([data-keeping])")).to_be_visible()


def reopened(page: Page) -> Page:
    """Kill the tab and open its address in a new one."""
    written(page)
    address, context = page.url, page.context
    page.close()
    again = context.new_page()
    again.goto(address)
    ready(again)
    return again


def test_sheet_outlives_a_cut_and_a_killed_tab_and_arrives_exactly_once(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, FIRE)
    keeps_the_sheet(page)
    item(page, 1)
    for number in range(1, 4):
        score(page, 7)
        page.locator("[data-next]").click()
        expect(page.locator("[data-number]")).to_have_text(str(number + 1))
    eventually(page, lambda: len(scored(demo, FIRE)) == 3, "the first three marks")

    page.context.set_offline(True)
    for number in range(4, 26):
        expect(page.locator("[data-number]")).to_have_text(str(number))
        score(page, 8, half=True)
        if number < 15:
            page.locator("[data-next]").click()
        elif number == 15:
            page = reopened(page)
            expect(page.locator("[data-number]")).to_have_text("15")
            expect(page.locator("#s8")).to_be_checked()
            expect(page.locator(BANNER)).to_contain_text("离线，已保存在本机 12 项")
            lost.shoot(page, "evaluator.offline")
            assert (violations(page), overflow(page)) == ([], 0)
            page.locator("[data-next]").click()
        elif number < 25:
            page.locator("[data-next]").click()
    expect(page.locator(BANNER)).to_contain_text("22 项")
    assert len(scored(demo, FIRE)) == 3
    page.context.set_offline(False)

    expect(page.locator(BANNER)).to_contain_text("已全部提交")
    assert scored(demo, FIRE) == [("7.0", 1)] * 3 + [("8.5", 1)] * 22
    assert kept_marks(page) == 0


def test_overview_and_visits_open_without_signal(lost: Visitor) -> None:
    page = opened(lost, FIRE)
    keeps_the_sheet(page)
    overview = page.url
    page.goto("/evaluator/visits/")
    ready(page)
    eventually(page, lambda: "/evaluator/visits/" in kept_pages(page), "the list in the cache")

    page.context.set_offline(True)
    page.goto(overview)
    ready(page)
    expect(page.locator(".jy-tasks li")).to_have_count(25)
    page.goto("/evaluator/visits/")

    expect(page.locator(BANNER)).to_contain_text("离线")


def test_delivery_whose_answer_is_lost_is_repeated_under_its_key(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, FIRE)
    item(page, 1)
    keys: list[str | None] = []

    def lose(route: Route) -> None:
        if not keys:
            route.fetch()  # the server has it, the device never hears of it
            route.abort()
        else:
            route.continue_()
        keys.append(route.request.headers.get("idempotency-key"))

    page.route(SYNC, lose)
    score(page, 9)
    page.locator("[data-next]").click()
    eventually(page, lambda: len(keys) > 0 and scored(demo, FIRE)[0] == ("9.0", 2), "the delivery")

    eventually(page, lambda: kept_marks(page) == 0, "nothing kept any more")
    assert len(set(keys)) == 1 < len(keys)
    assert scored(demo, FIRE)[0] == ("9.0", 2)


def other_device(demo: Demo, username: str, number: int, points: str, remark: str) -> None:
    """Let the evaluator's other device change an item."""
    line = lines(demo, username)[number - 1]
    mark = {"item": line["item"], "points": points, "remark": remark, "version": line["version"]}
    path = f"score-sheets/{sheet_of(demo, username)}/scores/"
    demo.desk(username).ask("PUT", path, json={"scores": [mark]})


def in_conflict(visitor: Visitor, demo: Demo, number: int) -> Page:
    """Return a card that was scored here without signal and by another device meanwhile."""
    page = opened(visitor, HOUSING)
    item(page, number)
    page.context.set_offline(True)
    score(page, 9, remark=f"本机 {number}")
    expect(page.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")
    other_device(demo, HOUSING, number, "4.5", f"另一台 {number}")
    page.context.set_offline(False)
    expect(page.locator(".jy-sides")).to_be_visible()
    return page


def test_conflict_shows_both_sides_and_keeps_what_is_chosen(lost: Visitor, demo: Demo) -> None:
    page = in_conflict(lost, demo, 10)
    lost.shoot(page, "evaluator.conflict")
    assert (violations(page), overflow(page)) == ([], 0)
    expect(page.locator(".jy-side")).to_have_text(
        [re.compile("本机内容.*9.*分.*本机 10"), re.compile("已存内容.*4.5 分.*另一台 10")]
    )
    assert lines(demo, HOUSING)[9]["points"] == "4.5"

    page.locator(".jy-side button").first.click()

    expect(page.locator(".jy-sides")).to_have_count(0)
    taken = eventually(page, lambda: line_of(demo, HOUSING, 10, "本机 10"), "the mark that was chosen")
    assert taken["points"] in {"9.0", "9.5"}  # the half that was there before stays


def test_conflict_may_be_settled_for_the_stored_side(lost: Visitor, demo: Demo) -> None:
    page = in_conflict(lost, demo, 11)

    page.locator(".jy-side button").last.click()

    expect(page.locator("#s4")).to_be_checked()
    expect(page.locator("#half")).to_be_checked()
    expect(page.locator("#remark")).to_have_value("另一台 11")
    assert (lines(demo, HOUSING)[10]["points"], kept_marks(page)) == ("4.5", 0)


def test_photo_taken_without_signal_is_sent_first_and_belongs_to_its_item(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, HOUSING)
    keeps_the_sheet(page)
    item(page, 12)
    page.context.set_offline(True)
    score(page, 3, remark="井盖缺失", photo=True)
    expect(page.locator(BANNER)).to_contain_text("照片 1 张")
    page = reopened(page)
    expect(page.locator(".jy-shot canvas")).to_be_visible()
    expect(page.locator(".jy-shot")).to_contain_text("照片已保存在本机")
    lost.shoot(page, "evaluator.photo-offline")

    page.context.set_offline(False)

    line = eventually(page, lambda: line_of(demo, HOUSING, 12, "井盖缺失"), "the mark")
    sheet = sheet_of(demo, HOUSING)
    photos = demo.desk(HOUSING).get(f"score-sheets/{sheet}/photos/")
    assert [photo["label"] for photo in photos if photo["id"] == line["photo"]] == [line["code"]]
    expect(page.locator(".jy-shot")).to_contain_text("照片已提交")


def test_file_that_is_no_picture_is_refused_at_its_item_and_kept(lost: Visitor, demo: Demo) -> None:
    lost.expect_complaint("40[0-9]|41[0-9]|422")
    page = opened(lost, HOUSING)
    item(page, 13)
    score(page, 5, remark="不是照片")
    page.set_input_files("#photo", SHOT | {"buffer": b"not a picture"})  # type: ignore[arg-type]

    page.locator("[data-next]").click()

    expect(page.locator(BANNER)).to_contain_text("未能提交")
    page.locator(f"{BANNER} a").click()
    expect(page.locator("[data-told] .jy-quote")).to_be_visible()
    lost.shoot(page, "evaluator.refused")
    assert (violations(page), kept_marks(page)) == ([], 1)
    page.locator(".jy-shots button").click()
    page.locator("[data-next]").click()
    eventually(page, lambda: line_of(demo, HOUSING, 13, "不是照片"), "the mark without the file")


def test_sheet_is_not_handed_in_while_something_is_on_this_device(lost: Visitor, demo: Demo) -> None:
    lost.expect_complaint("503")
    page = opened(lost, FIRE)
    item(page, 2)
    page.route(SYNC, lambda route: route.fulfill(status=503))
    score(page, 10)
    page.locator("[data-next]").click()

    page.goto(re.sub("items/.*", "hand-in/", page.url))
    ready(page)
    expect(page.locator("[data-not-yet]")).to_contain_text("1 项未提交")
    expect(page.locator("form[data-hand-in] button")).to_be_disabled()
    lost.shoot(page, "evaluator.not-yet")
    assert violations(page) == []
    page.unroute(SYNC)
    page.locator(f"{BANNER} button").click()

    expect(page.locator("form[data-hand-in] button")).to_be_enabled()
    assert scored(demo, FIRE)[1][0] == "10.0"


def test_marks_wait_for_their_own_reader_on_a_shared_device(lost: Visitor, demo: Demo) -> None:
    lost.expect_complaint("404")
    page = opened(lost, OTHER)
    keeps_the_sheet(page)
    item(page, 1)
    page.context.set_offline(True)
    score(page, 6)
    expect(page.locator(BANNER)).to_contain_text("1 项")
    page.route(SYNC, lambda route: route.abort())
    page.context.set_offline(False)
    own = page.url

    page.context.clear_cookies(name="sessionid")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/sync/") else None)
    page.goto("/account/login/")
    eventually(page, lambda: kept_pages(page) == [], "no page of the former reader")
    lost.sign_in(page, CIVIL)
    sent.clear()
    page.goto("/evaluator/visits/")
    ready(page)
    expect(page.locator(BANNER)).to_be_empty()
    page.goto(own)
    assert page.locator("main").inner_text().find("凤栖园") < 0
    assert (sent, kept_marks(page), scored(demo, OTHER)) == ([], 1, [])
    page.unroute(SYNC)
    page.goto("/account/logout/")
    page.locator("main button[type=submit]").click()
    lost.sign_in(page, OTHER)
    page.goto(own)

    eventually(page, lambda: scored(demo, OTHER) == [("6.0", 1)], "the mark of its own reader")


def test_session_that_has_ended_keeps_everything_and_asks_to_sign_in(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, OTHER)
    item(page, 2)
    page.context.clear_cookies(name="sessionid")
    score(page, 7)
    page.locator("[data-next]").click()

    expect(page.locator(BANNER)).to_contain_text("登录已过期")
    lost.shoot(page, "evaluator.signed-out")
    assert violations(page) == []
    page.locator(f"{BANNER} a").click()
    page.fill("#id_login", OTHER)
    page.fill("#id_password", str(lost.accounts[OTHER]["password"]))
    page.locator("main button[type=submit]").first.click()

    page.wait_for_url(re.compile("/items/3/$"))
    eventually(page, lambda: ("7.0", 1) in scored(demo, OTHER), "the mark")


def test_signing_out_with_something_unsent_asks_first(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, OTHER)
    item(page, 4)
    page.route(SYNC, lambda route: route.abort())
    score(page, 8)
    page.locator(".jy-acting summary").click()
    page.locator(".jy-acting form[action$='/logout/'] button").click()

    expect(page.locator(BANNER)).to_contain_text("仍要退出吗")
    page.locator(f"{BANNER} button").click()

    page.wait_for_url(re.compile(r"^[^?]*(/|/account/login/)$"))
    assert kept_marks(page) == 1


def test_what_a_closed_sheet_does_not_take_is_kept_until_it_is_discarded(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, CIVIL)
    keeps_the_sheet(page)
    item(page, 1)
    page.context.set_offline(True)
    score(page, 5, remark="交表之后")
    expect(page.locator(BANNER)).to_contain_text("1 项")
    hand_in(demo, CIVIL)
    page.context.set_offline(False)

    expect(page.locator("[data-told] .jy-quote")).to_contain_text("交表之后")
    lost.shoot(page, "evaluator.closed")
    assert (violations(page), kept_marks(page)) == ([], 1)
    page.locator("[data-told] button").click()
    eventually(page, lambda: kept_marks(page) == 0, "nothing kept")


def hand_in(demo: Demo, username: str) -> None:
    """Let the evaluator's other device score every item and hand the sheet in."""
    desk, path = demo.desk(username), f"score-sheets/{sheet_of(demo, username)}/"
    marks = [{"item": one["item"], "points": "9", "version": one["version"]} for one in lines(demo, username)]
    desk.ask("PUT", f"{path}scores/", json={"scores": marks})
    desk.post(f"{path}hand-in/")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return a folder in which a browser keeps what is on the device."""
    return tmp_path / "profile"


def test_marks_outlive_the_browser(browser: Browser, lost: Visitor, demo: Demo, profile: Path) -> None:
    def start() -> Any:
        how: dict[str, Any] = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
        size = {"width": PHONE, "height": 844}
        return browser.browser_type.launch_persistent_context(
            str(profile), base_url=demo.address, viewport=size, locale="zh-CN", **how
        )

    context = start()
    page = context.new_page()
    lost.sign_in(page, OTHER)
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    ready(page)
    item(page, 7)
    keeps_the_sheet(page)
    context.set_offline(True)
    score(page, 9, remark="浏览器重启")
    expect(page.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")
    written(page)
    address = page.url
    context.close()

    context = start()
    context.clear_cookies()
    page = context.new_page()
    lost.sign_in(page, OTHER)
    page.goto(address)
    ready(page)
    eventually(page, lambda: line_of(demo, OTHER, 7, "浏览器重启"), "the mark after the restart")
    context.close()
