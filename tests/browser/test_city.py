"""The city's desk in a real browser: every page in two sizes and two languages, its main tasks by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor, by_keyboard, overflow, violations

SIZES = [DESKTOP, PHONE]
REVIEWER, APPROVER, PROVINCE = "city.reviewer", "city.approver", "province.province_viewer"
PAGES = [
    "overview", "cases", "papers", "panels", "visits", "ranking", "selections", "report", "titles", "settings",
    "extensions/new",
]  # fmt: skip


def former(page: Page, path: str) -> None:
    """Open a page of the desk for the campaign of the year before, which has come to its end."""
    page.goto(path)
    link = page.locator(".jy-tabs a", has_text="2025").first
    page.goto(str(link.get_attribute("href")))


def checked(visitor: Visitor, page: Page, name: str) -> None:
    """Keep a picture, and require a page that is accessible and no wider than the window."""
    visitor.shoot(page, name)
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_desk_holds(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open(REVIEWER, width=width, language=language)

    for path in PAGES:
        page.goto(f"/city/{path}/")
        checked(visitor, page, f"city.{path.replace('/', '.')}.{language}")


@pytest.mark.parametrize("width", SIZES)
def test_case_holds_in_each_of_its_parts(visitor: Visitor, width: int) -> None:
    page = visitor.open(REVIEWER, width=width)
    page.goto("/city/cases/?q=松岗新村")
    page.locator("tbody a").first.click()

    for part in ("evaluation", "review", "form", "files", "log"):
        page.goto(f"{page.url.partition('?')[0]}?part={part}")
        checked(visitor, page, f"city.case.{part}")


@pytest.mark.parametrize("width", SIZES)
def test_ranking_marks_the_tie_and_explains_a_total(visitor: Visitor, width: int) -> None:
    page = visitor.open(REVIEWER, width=width)
    former(page, "/city/ranking/")
    checked(visitor, page, "city.ranking.frozen")
    expect(page.locator(".jy-cutline")).to_contain_text("系统不裁断")

    page.locator("tbody th a").first.click()

    checked(visitor, page, "city.ranking.explained")
    expect(page.locator(".jy-value")).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
def test_decided_selection_and_sent_report_hold(visitor: Visitor, width: int) -> None:
    page = visitor.open(PROVINCE, width=width)

    former(page, "/city/selections/")
    page.locator("tbody a").first.click()
    checked(visitor, page, "city.selection.decided")
    former(page, "/city/overview/")
    page.goto(f"/city/report/?{page.url.partition('?')[2]}")
    checked(visitor, page, "city.report.sent")


def test_summary_is_received_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto("/?kind=summaries_to_receive")

    by_keyboard(page, page.locator("tbody a").first.inner_text())
    page.wait_for_url(re.compile("/city/summaries/"))
    by_keyboard(page, "接收")
    page.wait_for_url(re.compile("/moves/receive/"))
    checked(visitor, page, "city.summary.confirm")
    by_keyboard(page, "接收")

    page.wait_for_url(re.compile("/city/summaries/[^/]+/$"))
    expect(page.locator(".jy-title")).to_contain_text("市局已接收")


@pytest.mark.parametrize("javascript", [True, False])
def test_return_without_a_reason_puts_the_words_at_the_field(visitor: Visitor, javascript: bool) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(REVIEWER, javascript=javascript)
    page.goto("/?kind=work_reports_to_accept")
    page.locator("tbody a").first.click()
    page.locator("main a.btn", has_text="退回").click()

    page.locator("main button", has_text="退回").click()

    expect(page.locator(".jy-errors a[href='#f-comment']")).to_be_visible()
    expect(page.locator("#f-comment")).to_have_attribute("aria-invalid", "true")


def test_extension_is_prepared_by_one_and_approved_by_another(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto("/city/extensions/new/")
    page.select_option("#f-window", "report")
    page.fill("#f-until", "2030-01-31")
    page.fill("#f-reason", "等待省厅通知。")
    by_keyboard(page, "提请审签")
    page.wait_for_url(re.compile("/city/extensions/[0-9a-f-]+/"))
    address = page.url

    other = visitor.open(APPROVER, width=PHONE)
    other.goto(address)
    checked(visitor, other, "city.extension")
    other.locator("#main").focus()
    by_keyboard(other, "审签")

    other.wait_for_url(re.compile("/city/settings/"))
    expect(other.locator("main")).to_contain_text("已审签")


def test_complaints_are_tried_before_they_are_written(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    page.goto("/city/settings/")
    page.locator("main a.btn", has_text="导入投诉数据").click()
    lines = "小区名称,户数,投诉件数\n栖云雅苑,1126,2\n示例苑,500,3\n"
    page.set_input_files("#f-file", {"name": "投诉.csv", "mimeType": "text/csv", "buffer": lines.encode()})

    page.locator("main button[type=submit]").click()

    expect(page.locator("main")).to_contain_text("清单可以导入，尚未写入")
    checked(visitor, page, "city.complaints.tried")
