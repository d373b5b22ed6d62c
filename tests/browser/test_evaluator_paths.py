"""Less trodden paths of the evaluator's desk: stepping back, scored anew, two tabs, a full device, a wrong clock."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.test_evaluator import item, line_of, lines, opened, ready, score
from tests.browser.test_evaluator_offline import BANNER, SYNC, eventually, hand_in, keeps_the_sheet, kept_marks, written
from tests.browser.visitor import PHONE, Visitor, overflow, violations
from tests.running_demo import Demo

CITY, APPROVER, HOUSING = "city.reviewer", "city.approver", "housing.evaluator"
STEPPING_BACK, ANEW = "sanitation.evaluator", "party.evaluator"
COMMUNITY = "凤栖园"
PERSON = "from accounts.models import User; print(User.objects.get(username='{}').pk)"


def assign(demo: Demo, username: str) -> None:
    """Put another evaluator on the panel of the community that is being scored."""
    city = demo.desk(CITY)
    nomination = next(row["nomination"] for row in city.rows("assignments/") if row["community"]["name"] == COMMUNITY)
    person = int(demo.manage("shell", "-v0", "-c", PERSON.format(username)).split()[-1])
    city.post(f"nominations/{nomination}/assignments/", {"evaluator": person})


def stages(demo: Demo, username: str) -> list[str]:
    """Return how far the evaluator's communities have come."""
    return [row["stage"] for row in demo.desk(username).rows("assignments/")]


def test_relation_is_declared_before_the_sheet_is_opened_and_the_community_is_gone(
    visitor: Visitor, demo: Demo
) -> None:
    visitor.expect_complaint("404|422")
    assign(demo, STEPPING_BACK)
    page = visitor.open(STEPPING_BACK, width=PHONE)
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    own = page.url
    visitor.shoot(page, "evaluator.answer")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("main a[href$='/conflict/']").click()
    visitor.shoot(page, "evaluator.conflict-of-interest")

    page.locator("main button[type=submit]").click()
    expect(page.locator(".jy-errors")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("main input[name=kind]").nth(1).check()
    page.locator("main input[name=about]").nth(1).check()
    page.fill("main textarea[name=reason]", "本人亲属在该企业任职")
    page.locator("main button[type=submit]").click()

    page.wait_for_url(re.compile("/evaluator/visits/$"))
    expect(page.locator("main li h3 a", has_text=COMMUNITY)).to_have_count(0)
    answer = page.goto(own)
    assert answer is not None
    assert answer.status == 404


@pytest.fixture
def unlocked(lost: Visitor, demo: Demo) -> Page:
    """Return the page of a sheet that the approver has unlocked, with a mark that the closed sheet did not take."""
    assign(demo, ANEW)
    page = opened(lost, ANEW)
    keeps_the_sheet(page)
    item(page, 6)
    page.context.set_offline(True)
    score(page, 4, remark="交表之后才写")
    expect(page.locator(BANNER)).to_contain_text("1 项")
    written(page)
    sheet = next(row["sheet"] for row in demo.desk(ANEW).rows("assignments/") if row["sheet_state"] == "open")
    hand_in(demo, ANEW)
    page.context.set_offline(False)
    expect(page.locator("[data-told] .jy-quote")).to_contain_text("交表之后才写")
    demo.desk(APPROVER).post(f"score-sheets/{sheet}/unlock/", {"reason": "漏拍现场照片"}, wanted=201)
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a", has_text=COMMUNITY).click()
    ready(page)
    return page


def test_unlocked_sheet_is_scored_anew_and_what_the_closed_one_did_not_take_is_offered(
    unlocked: Page, lost: Visitor, demo: Demo
) -> None:
    lost.shoot(unlocked, "evaluator.unlocked")
    item(unlocked, 6)
    expect(unlocked.locator(".jy-side")).to_have_text([re.compile("交表之后才写"), re.compile("9 分")])
    unlocked.locator(".jy-side button").first.click()
    eventually(unlocked, lambda: line_of(demo, ANEW, 6, "交表之后才写"), "the mark on the new version")
    item(unlocked, 7)
    score(unlocked, 8)
    unlocked.locator("[data-next]").click()

    eventually(unlocked, lambda: lines(demo, ANEW)[6]["points"] == "8.0", "the mark scored anew")
    assert [line["points"] for line in lines(demo, ANEW)[4:8]] == ["9.0", "4.0", "8.0", "9.0"]


def test_tabs_that_call_each_other_all_the_time_lose_no_touch(visitor: Visitor, demo: Demo) -> None:
    page = opened(visitor, HOUSING)
    overview = page.url
    other = page.context.new_page()
    other.goto(overview)
    ready(other)
    other.evaluate(
        """() => {
          const channel = new BroadcastChannel("jiayuan-evaluator");
          setInterval(() => channel.postMessage("changed"), 5);
        }"""
    )
    item(page, 14)

    for number in range(14, 20):
        expect(page.locator("[data-number]")).to_have_text(str(number))
        score(page, 6, half=number % 2 == 0, remark=f"两个标签页 {number}")
        page.locator("[data-next]").click()

    expect(page.locator("[data-number]")).to_have_text("20")
    eventually(page, lambda: line_of(demo, HOUSING, 19, "两个标签页 19"), "the last mark")
    wanted = [("6.5" if number % 2 == 0 else "6.0", f"两个标签页 {number}") for number in range(14, 20)]
    assert [(line["points"], line["remark"]) for line in lines(demo, HOUSING)[13:19]] == wanted


def test_mark_that_is_touched_while_its_delivery_is_written_down_is_not_taken_for_delivered(visitor: Visitor) -> None:
    page = opened(visitor, HOUSING)

    left = page.evaluate(
        """async () => {
          const desk = [...document.scripts].find((one) => one.src.includes("/evaluator/desk")).src;
          const address = (await (await fetch(desk)).text()).match(/[.]\\/store[^"]*/)[0];
          const store = await import(new URL(address, desk));
          const [reader, sheet] = ["nobody", "no-sheet"];
          const kept = [];
          for (let round = 0; round < 60; round += 1) {
            const mark = { reader, sheet, item: `item-${round}`, version: 0, photo: null, shot: null };
            await store.write({ ...mark, points: "9" });
            const changes = (marks) => marks.map((one) => ({ item: one.item, change: one.change, points: one.points }));
            const [batch] = await Promise.all([
              store.startBatch(reader, sheet, changes),
              (round % 2 ? Promise.resolve() : null, store.write({ ...mark, points: "9.5" })),
            ]);
            const result = ({ item, change }) => ({ item, change, outcome: "saved", version: 1, refusals: [] });
            await store.settle(batch, { results: batch.changes.map(result), sheet: { lines: [] } });
            const [rest] = (await store.marksOf(reader)).map((one) => one.points);
            kept.push(batch.changes[0].points === "9.5" || rest === "9.5");
            for (const one of await store.marksOf(reader)) await store.withdraw(one);
          }
          return kept;
        }"""
    )

    assert left == [True] * 60


def test_full_device_says_so_and_the_card_goes_as_a_plain_form(visitor: Visitor, demo: Demo) -> None:
    page = opened(visitor, HOUSING)
    item(page, 21)
    control = page.context.new_cdp_session(page)
    control.send("Storage.overrideQuotaForOrigin", {"origin": visitor.address, "quotaSize": 1})

    score(page, 7, remark="空间已满")

    expect(page.locator("[data-fault]")).to_contain_text("存储空间已满")
    visitor.shoot(page, "evaluator.full")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("[data-next]").click()
    page.wait_for_url(re.compile("/items/22/$"))
    line = eventually(page, lambda: line_of(demo, HOUSING, 21, "空间已满"), "the mark of the plain form")
    assert line["points"] == "7.0"
    control.send("Storage.overrideQuotaForOrigin", {"origin": visitor.address})


def test_browser_that_keeps_nothing_has_plain_forms_and_says_so(visitor: Visitor, demo: Demo) -> None:
    page = visitor.open(HOUSING, width=PHONE)
    page.context.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };")
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    expect(page.locator(BANNER)).to_contain_text("不能在本机保存")
    page.goto(f"{page.url}items/22/")
    visitor.shoot(page, "evaluator.keeps-nothing")
    assert (violations(page), overflow(page)) == ([], 0)

    score(page, 9, remark="无痕浏览")
    page.locator("main button[type=submit]").click()

    page.wait_for_url(re.compile("/items/23/$"))
    assert lines(demo, HOUSING)[21]["remark"] == "无痕浏览"


def test_marks_are_kept_where_the_browser_has_no_service_worker(lost: Visitor, demo: Demo) -> None:
    page = lost.open(HOUSING, width=PHONE)
    page.context.add_init_script(
        "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('private'));"
    )
    page.goto("/evaluator/visits/")
    page.locator("main li h3 a").first.click()
    item(page, 23)
    page.context.set_offline(True)
    score(page, 8, remark="没有后台程序")
    expect(page.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")

    page.context.set_offline(False)

    eventually(page, lambda: line_of(demo, HOUSING, 23, "没有后台程序"), "the mark")


@pytest.mark.parametrize("clock", ["2001-02-03T04:05:06+08:00", "2039-12-31T23:59:59+08:00"])
def test_wrong_clock_of_the_device_changes_no_mark(visitor: Visitor, demo: Demo, clock: str) -> None:
    page = opened(visitor, HOUSING)
    page.clock.set_fixed_time(clock)
    item(page, 24)

    for points in (5, 7):
        score(page, points, remark=f"{clock[:4]} 年 {points} 分")
    page.locator("[data-next]").click()

    line = eventually(page, lambda: line_of(demo, HOUSING, 24, f"{clock[:4]} 年 7 分"), "the mark")
    assert (line["points"], kept_marks(page)) == ("7.0", 0)


def test_session_that_ends_without_signal_loses_nothing_and_says_what_to_do(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, HOUSING)
    keeps_the_sheet(page)
    item(page, 25)
    page.context.set_offline(True)
    score(page, 6, remark="离线时登录过期")
    expect(page.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")
    page.context.clear_cookies(name="sessionid")

    page.context.set_offline(False)

    expect(page.locator(BANNER)).to_contain_text("登录已过期")
    expect(page.locator("#remark")).to_have_value("离线时登录过期")
    assert kept_marks(page) == 1
    page.locator(f"{BANNER} a").click()
    page.fill("#id_login", HOUSING)
    page.fill("#id_password", str(lost.accounts[HOUSING]["password"]))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile("/items/25/$"))
    eventually(page, lambda: line_of(demo, HOUSING, 25, "离线时登录过期"), "the mark")


def large_photo() -> bytes:
    """Return a photo of several megabytes, as a phone takes it."""
    made = io.BytesIO()
    Image.effect_noise((3000, 2200), 90).convert("RGB").save(made, "JPEG", quality=92)
    return made.getvalue()


def test_large_photo_waits_for_signal_shows_its_progress_and_is_sent_again(lost: Visitor, demo: Demo) -> None:
    content = large_photo()
    page = opened(lost, HOUSING)
    keeps_the_sheet(page)
    item(page, 3)
    page.context.set_offline(True)
    score(page, 4, remark="大图")
    page.set_input_files("#photo", {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": content})
    expect(page.locator(BANNER)).to_contain_text("照片 1 张")
    expect(page.locator(".jy-shot canvas")).to_be_visible()
    written(page)
    page.route("**/photos/", lambda route: route.abort(), times=1)
    control = page.context.new_cdp_session(page)

    page.context.set_offline(False)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000}
    control.send("Network.enable")
    control.send("Network.emulateNetworkConditions", slow)

    expect(page.locator(f"{BANNER} progress")).to_be_visible()
    line = eventually(page, lambda: line_of(demo, HOUSING, 3, "大图"), "the mark with its photo")
    assert (len(content) > 3_000_000, line["points"] in {"4.0", "4.5"}, line["photo"] is not None) == (True, True, True)
    own = page.url.partition("items/")[0]
    small = eventually(page, lambda: handed_out(page, f"{own}photos/{line['photo']}/?small=1"), "the small copy")
    assert len(small) < len(content) / 20


def handed_out(page: Page, address: str) -> bytes | None:
    """Return a photo once it has passed its check."""
    answer = page.request.get(address)
    return answer.body() if answer.status == 200 else None


def test_photo_that_was_removed_does_not_come_back_with_the_next_touch(visitor: Visitor, demo: Demo) -> None:
    page = opened(visitor, HOUSING)
    item(page, 2)
    score(page, 4, remark="照片待换", photo=True)
    page.locator("[data-next]").click()
    eventually(page, lambda: (line_of(demo, HOUSING, 2, "照片待换") or {}).get("photo"), "the mark with its photo")
    item(page, 2)
    expect(page.locator(".jy-shot")).to_contain_text("照片已提交")

    page.locator(".jy-shots button").click()
    expect(page.locator(".jy-shot")).to_have_count(0)
    score(page, 9)
    page.locator("[data-next]").click()

    nine = {"9.0", "9.5"}  # the half that was there before stays
    eventually(page, lambda: lines(demo, HOUSING)[1]["points"] in nine, "the mark after the photo")
    assert lines(demo, HOUSING)[1]["photo"] is None


def test_answer_that_breaks_off_on_its_way_is_asked_for_again(lost: Visitor, demo: Demo) -> None:
    page = opened(lost, HOUSING)
    item(page, 5)
    broken: list[str] = []

    def break_off(route: Route) -> None:
        if broken:
            route.continue_()
            return
        broken.append(route.fetch().text())
        route.fulfill(status=200, content_type="application/json", body=broken[0][:40])

    page.route(SYNC, break_off)
    score(page, 10, remark="应答中断")
    page.locator("[data-next]").click()

    eventually(page, lambda: kept_marks(page) == 0, "nothing kept any more")
    assert (len(broken), line_of(demo, HOUSING, 5, "应答中断") is not None) == (1, True)
