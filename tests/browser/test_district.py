"""The district's whole part in a real browser: a case from taking it up to the table, by two officers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, by_keyboard, by_keys, overflow, violations

REVIEWER, APPROVER = "yunqi.reviewer", "yunqi.approver"
CASES = "/district/cases/"


def open_case(page: Page, name: str) -> str:
    """Open a case from the queue and return its address."""
    page.goto(f"{CASES}?q={name}")
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url("**/district/cases/*-*/")
    return page.url


def look_at(visitor: Visitor, page: Page, name: str) -> None:
    """Keep a picture; nothing may be inaccessible, nothing wider than the window."""
    visitor.shoot(page, name)
    assert violations(page) == []
    assert overflow(page) == 0


def test_keys_are_shown_work_and_can_be_switched_off(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto(CASES)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("input[name=case]").first).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()

    page.get_by_role("button", name="快捷键").click()
    page.get_by_label("停用快捷键").check()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_selected_cases_show_their_verdicts_first(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto(CASES)

    page.locator("[data-bulk-all]").check()
    page.get_by_role("button", name="退回补正").click()

    expect(page.get_by_text("尚未办理")).to_be_visible()
    look_at(visitor, page, "district.bulk")


def test_case_goes_from_the_pile_to_the_table(visitor: Visitor) -> None:
    reviewer = visitor.open(REVIEWER)
    case = open_case(reviewer, "桂香里")
    reviewer.get_by_role("button", name="认领").click()
    judge_everything(reviewer)
    score_everything(reviewer, case)
    reviewer.goto(case)
    reviewer.fill("#f-opinion", "材料齐全，现场情况良好，建议推荐。")
    reviewer.get_by_role("button", name="保存意见").click()
    assert visitor.look_over(reviewer, f"{case}complete/", "district.complete") == []
    reviewer.get_by_role("button", name="提请审签").click()
    expect(reviewer.locator(".jy-title .jy-tag")).to_have_text("待审签")

    approver = visitor.open(APPROVER)
    approver.goto(case)
    approver.get_by_role("link", name="推荐", exact=True).click()
    if approver.locator("#f-override_reason").count():
        approver.fill("#f-override_reason", "市级数据尚未下发，其余要求均符合。")
    approver.fill("#f-comment", "同意推荐。")
    approver.get_by_role("button", name="推荐").click()
    expect(approver.locator(".jy-title .jy-tag")).to_have_text("县区已推荐")

    reviewer.goto("/district/summaries/")
    reviewer.get_by_role("button", name="计算名次").click()
    expect(reviewer.locator("#table").get_by_role("link", name="桂香里", exact=True)).to_be_visible()
    table, row = reviewer.url, str(reviewer.locator("#table tbody th a").first.get_attribute("href"))
    for address, name in ((table, "summary"), (row, "summary.row"), (f"{table}print/", "summary.print")):
        assert visitor.look_over(reviewer, address, f"district.{name}") == []


def judge_everything(page: Page) -> None:
    """Judge each requirement met that can be."""
    while page.locator("[data-unjudged] button[value=met]").count():
        page.locator("[data-unjudged] button[value=met]").first.click()
        page.wait_for_load_state()


def score_everything(page: Page, case: str) -> None:
    """Give each item nine points, quickly; the page saves by itself and adds up."""
    page.goto(case + "scores/")
    for blank in page.locator("input[type=number]").all():
        blank.fill("9")
    page.locator("input[type=number]").last.blur()
    expect(page.locator("#sheet-state .jy-value")).to_contain_text("90.00")


def test_sheet_keeps_what_is_typed_when_the_line_breaks_and_overwrites_nothing(visitor: Visitor) -> None:
    visitor.expect_complaint("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page = visitor.open(REVIEWER)
    case = open_case(page, "栖云雅苑")
    if page.get_by_role("button", name="认领").count():
        page.get_by_role("button", name="认领").click()
    page.goto(case + "scores/")
    first, second = page.locator("input[type=number]").first, page.locator("input[type=number]").nth(1)
    page.context.set_offline(True)
    first.fill("7")
    expect(page.locator("#saved")).to_contain_text("内容仍在本页")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("已保存")

    other = page.context.new_page()
    other.goto(case + "scores/")
    other.locator("input[type=number]").first.fill("8")
    expect(other.locator("#saved")).to_contain_text("已保存")
    first.fill("6")
    expect(page.locator("#sheet-state .jy-note.is-bad")).to_contain_text("已在别处修改")
    expect(first).to_have_value("8")

    second.fill("9")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()
    expect(first).to_have_value("8")


def test_main_task_is_done_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open(APPROVER)
    case = open_case(page, "云溪花园")

    by_keyboard(page, "退回经办人")
    page.wait_for_url(f"{case}reopen/")
    by_keys(page, "f-reason", "请补充第五项的照片。")
    by_keyboard(page, "退回经办人")

    page.wait_for_url(case)
    expect(page.locator(".jy-title .jy-tag")).not_to_have_text("待审签")


def test_work_report_saves_as_it_is_written(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto("/district/work-reports/")

    page.fill("#f-problems", "部分小区维修资金续筹较慢。")

    expect(page.locator("#saved-state .jy-saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("#f-problems")).to_have_value("部分小区维修资金续筹较慢。")


def test_case_goes_to_the_table_without_javascript(visitor: Visitor) -> None:
    reviewer = visitor.open(REVIEWER, javascript=False)
    case = open_case(reviewer, "栖云雅苑")
    if reviewer.get_by_role("button", name="认领").count():
        reviewer.get_by_role("button", name="认领").click()
    judge_everything(reviewer)
    reviewer.goto(case + "scores/")
    for blank in reviewer.locator("input[type=number]").all():
        blank.fill("9")
    reviewer.get_by_role("button", name="保存").click()
    expect(reviewer.locator("#sheet-state .jy-value")).to_contain_text("90.00")
    reviewer.goto(case)
    reviewer.fill("#f-opinion", "材料齐全，建议推荐。")
    reviewer.get_by_role("button", name="保存意见").click()
    reviewer.get_by_role("link", name="提请审签").click()
    reviewer.get_by_role("button", name="提请审签").click()
    expect(reviewer.locator(".jy-title .jy-tag")).to_have_text("待审签")

    approver = visitor.open(APPROVER, javascript=False)
    approver.goto(case)
    approver.get_by_role("link", name="推荐", exact=True).click()
    if approver.locator("#f-override_reason").count():
        approver.fill("#f-override_reason", "市级数据尚未下发，其余要求均符合。")
    approver.fill("#f-comment", "同意推荐。")
    approver.get_by_role("button", name="推荐").click()
    expect(approver.locator(".jy-title .jy-tag")).to_have_text("县区已推荐")

    reviewer.goto("/district/summaries/")
    reviewer.get_by_role("button", name="计算名次").click()
    expect(reviewer.locator("#table").get_by_role("link", name="栖云雅苑", exact=True)).to_be_visible()


def test_district_works_without_javascript(visitor: Visitor) -> None:
    page = visitor.open("songting.reviewer", javascript=False)
    page.goto(CASES)
    page.locator("#claimed").select_option("nobody")
    page.get_by_role("button", name="筛选").click()

    page.goto("/district/work-reports/")
    page.fill("#f-suggestions", "建议统一评分口径。")
    page.get_by_role("button", name="保存").click()

    expect(page.locator("#f-suggestions")).to_have_value("建议统一评分口径。")
    page.goto("/district/summaries/")
    expect(page.locator("h1")).to_have_text("推荐汇总表（附件4）")
