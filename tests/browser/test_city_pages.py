"""The city's newer pages in a real browser: pool, records and reports, sheets, findings, visits, proposals, titles."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from common.instants import local_date
from tests.browser.test_city import APPROVER, PROVINCE, REVIEWER, SIZES, checked, former
from tests.browser.visitor import PHONE, Visitor, by_keyboard

AUDITOR, DISTRICT = "city.auditor", "wangshan.reviewer"
LISTS = ["evaluators", "records/publicity", "records/practices", "records/third-party", "records/honors"]
VISITED = "山水苑"  # recommended, visited and scored in the demo, its evaluation still open


def case_of(page: Page, name: str, part: str) -> None:
    """Open one part of a case of the running campaign."""
    page.goto(f"/city/cases/?q={name}")
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile("/city/cases/[0-9a-f-]+/"))
    page.goto(f"{page.url.partition('?')[0]}?part={part}")


def person(page: Page, name: str) -> None:
    """Open the page of somebody of the pool."""
    page.goto(f"/city/evaluators/?q={name}")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile("/city/evaluators/[0-9a-f-]+/$"))


def photograph() -> bytes:
    made = BytesIO()
    Image.new("RGB", (320, 240), (120, 160, 140)).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lists_hold_and_lead_to_their_pages(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open(REVIEWER, width=width, language=language)

    for path in LISTS:
        page.goto(f"/city/{path}/")
        checked(visitor, page, f"city.{path.replace('/', '.')}.{language}")
        page.locator("tbody th a").first.click()
        page.wait_for_url(re.compile(f"/city/{path}/[0-9a-f-]+/"))
        checked(visitor, page, f"city.{path.replace('/', '.')}.one.{language}")


@pytest.mark.parametrize("javascript", [True, False])
def test_identity_is_confirmed_after_a_question(visitor: Visitor, javascript: bool) -> None:
    page = visitor.open(REVIEWER, javascript=javascript)
    page.goto("/city/evaluators/?standing=unconfirmed")
    if page.locator("tbody th a").count() == 0:  # the first run of the two has confirmed everybody
        expect(page.locator("main")).to_contain_text("没有符合条件的人员")
        return
    page.locator("tbody th a").first.click()
    page.locator("main a.btn", has_text="确认身份").click()
    if javascript:
        checked(visitor, page, "city.evaluator.confirm")

    page.locator("main button", has_text="确认身份").click()

    page.wait_for_url(re.compile("/city/evaluators/[0-9a-f-]+/$"))
    expect(page.locator(".jy-title")).to_contain_text("可派任务")


def test_evaluator_is_changed_by_keyboard_with_the_faults_at_their_fields(visitor: Visitor) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(REVIEWER)
    person(page, "田野")
    by_keyboard(page, "修改")
    page.wait_for_url(re.compile("/change/"))
    checked(visitor, page, "city.evaluator.change")
    page.fill("#f-home", "没有这个小区")
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".jy-errors a[href='#f-home']")).to_be_visible()
    checked(visitor, page, "city.evaluator.change.refused")

    page.fill("#f-home", "")
    page.fill("#first-2", "2027-03-01")
    page.fill("#last-2", "2027-03-03")
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("/city/evaluators/[0-9a-f-]+/$"))
    expect(page.locator("main")).to_contain_text("2027年3月1日至2027年3月3日")


def test_evaluator_is_suspended_and_taken_back_on_a_phone(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER, width=PHONE)
    person(page, "云岫")

    page.locator("main a.btn", has_text="停用").click()
    checked(visitor, page, "city.evaluator.suspend")
    page.locator("main button", has_text="停用").click()
    expect(page.locator(".jy-title")).to_contain_text("已停用")
    page.locator("main a.btn", has_text="恢复使用").click()
    page.locator("main button", has_text="恢复使用").click()

    expect(page.locator(".jy-title")).to_contain_text("可派任务")


def test_declaration_is_not_lifted_without_a_reason(visitor: Visitor) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(REVIEWER)
    person(page, "孟德清")
    page.locator("main a", has_text="解除申报").first.click()
    checked(visitor, page, "city.declaration.lift")

    page.locator("main button", has_text="解除申报").click()

    expect(page.locator("#f-reason")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("width", SIZES)
def test_auditor_reads_the_pool_and_changes_nothing(visitor: Visitor, width: int) -> None:
    page = visitor.open(AUDITOR, width=width)
    page.goto("/city/evaluators/")
    page.locator("tbody th a").first.click()

    checked(visitor, page, "audit.evaluator")
    expect(page.locator("main .btn-primary, main .btn-outline-danger")).to_have_count(0)
    page.goto("/")
    expect(page.locator("nav a[href='/city/ranking/']").first).to_be_attached()


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("reader", [REVIEWER, DISTRICT])
def test_report_of_a_third_party_is_handed_in(visitor: Visitor, reader: str, width: int) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(reader, width=width)
    if reader == REVIEWER:
        page.goto("/city/records/third-party/")
        page.locator("tbody th a").first.click()
    else:
        page.goto("/district/cases/?q=松岗新村")
        page.locator("tbody th a").first.click()
        page.locator("main a", has_text="第三方评估").first.click()
        page.locator("article h2 a").first.click()
    before = page.locator(".jy-filelist > li").count()
    page.set_input_files("#f-r-file", {"name": "a.html", "mimeType": "text/html", "buffer": b"<html></html>"})
    page.locator(".jy-upload-form button[type=submit]").click()
    expect(page.locator("#f-r-file-error")).to_be_visible()
    checked(visitor, page, f"third-party.refused.{reader}")

    page.set_input_files("#f-r-file", {"name": "报告.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    page.locator(".jy-upload-form button[type=submit]").click()

    expect(page.locator(".jy-filelist > li")).to_have_count(before + 1)
    checked(visitor, page, f"third-party.handed-in.{reader}")


def test_assessment_is_entered_from_the_page_of_the_case(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    case_of(page, VISITED, "review")
    page.locator("main a[href$='/third-party/new/']").click()
    checked(visitor, page, "city.third-party.new")
    typed = {"organization": "示例评估中心", "began_on": "2026-01-05", "ended_on": "2026-01-09"}
    for name, value in (typed | {"method": "现场查看", "sample": "全部楼栋", "result": "总体良好。"}).items():
        page.fill(f"#f-{name}", value)

    page.locator("main button[type=submit]").first.click()

    page.wait_for_url(re.compile("/city/records/third-party/[0-9a-f-]+/$"))
    expect(page.locator("h1")).to_have_text("示例评估中心")


@pytest.mark.parametrize("width", SIZES)
def test_figure_of_a_ranking_leads_to_items_and_back(visitor: Visitor, width: int) -> None:
    page = visitor.open(PROVINCE, width=width)
    former(page, "/city/ranking/")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile("/ranking/[0-9a-f-]+/"))

    page.locator("section[aria-labelledby=sheets] tbody td a").nth(2).click()

    page.wait_for_url(re.compile("/city/sheets/[0-9a-f-]+/#group-3"))
    checked(visitor, page, "city.sheet")
    expect(page.locator("main tbody tr")).to_have_count(25)
    page.locator("main a.btn", has_text="排名依据").click()
    page.wait_for_url(re.compile("/ranking/[0-9a-f-]+/"))


def test_unlocking_a_sheet_asks_for_a_reason(visitor: Visitor) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(APPROVER)
    case_of(page, VISITED, "evaluation")
    page.locator("main a[href$='/unlock/']").first.click()
    checked(visitor, page, "city.sheet.unlock")

    page.locator("main form button[type=submit]").click()

    expect(page.locator("#f-reason")).to_have_attribute("aria-invalid", "true")


def test_finding_on_site_is_entered_and_settled(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER)
    case_of(page, VISITED, "evaluation")
    case = page.url
    page.locator("main a[href$='/findings/']").first.click()
    checked(visitor, page, "city.findings")
    page.locator("#f-kind").select_option(index=1)
    page.fill("#f-veto_note", "3 号楼北侧消防通道停有车辆。")
    page.locator("input[name=photo]").first.check()
    by_keyboard(page, "登记")
    page.wait_for_url(re.compile("/city/cases/"))

    page.goto(case)
    page.locator("main a[href*='/city/findings/']").first.click()
    checked(visitor, page, "city.finding")
    page.fill("#f-reason", "当场驶离，已整改。")
    page.locator("main form button[type=submit]").click()

    page.wait_for_url(re.compile("/city/cases/"))
    expect(page.locator("main")).to_contain_text("当场驶离，已整改。")


@pytest.mark.parametrize("width", SIZES)
def test_visit_is_moved_and_calling_it_off_asks_for_a_reason(visitor: Visitor, width: int) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(REVIEWER, width=width)
    page.goto("/city/visits/")
    page.locator("main a[href$='/move/']").first.click()
    checked(visitor, page, "city.visit.move")
    page.fill("#f-day", (local_date(timezone.now()) + timedelta(days=3)).isoformat())
    begins = "09:30" if width == PHONE else "14:30"  # nobody can be in two places at once
    page.fill("#f-start", begins)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/city/visits/(\?.*)?$"))
    expect(page.locator("main")).to_contain_text(begins)

    page.locator("main a[href$='/cancel/']").first.click()
    checked(visitor, page, "city.visit.cancel")
    page.locator("main form button[type=submit]").click()

    expect(page.locator("#f-reason")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("width", SIZES)
def test_panels_are_not_proposed_where_every_seat_is_taken(visitor: Visitor, width: int) -> None:
    visitor.expect_complaint("422")
    page = visitor.open(REVIEWER, width=width)
    page.goto("/city/panels/")
    page.locator("main a[href*='/campaigns/'][href$='/panels/']").first.click()
    checked(visitor, page, "city.panels.propose")

    page.locator("main form button[type=submit]").click()

    expect(page.locator(".jy-errors")).to_be_visible()
    checked(visitor, page, "city.panels.propose.refused")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_stranger_verifies_a_title(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open(width=width, language=language)
    page.goto("/")
    page.locator("main a[href='/verify/']").click()
    checked(visitor, page, f"verify.{language}")
    page.fill("#f-number", "ST-2025-001")

    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("/verify/ST-2025-001/"))
    checked(visitor, page, f"verify.answer.{language}")
    expect(page.locator("main")).to_contain_text("ST-2025-001")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_district_sees_how_far_it_has_come(visitor: Visitor, width: int, language: str) -> None:
    page = visitor.open("yunqi.reviewer", width=width, language=language)

    expect(page.locator("aside.jy-rail tbody tr")).to_have_count(5)
    checked(visitor, page, f"district.todo.{language}")


def test_complaint_figures_that_were_tried_need_no_second_choice_of_the_file(visitor: Visitor) -> None:
    page = visitor.open(REVIEWER, javascript=False)
    page.goto("/city/settings/")
    page.locator("main a.btn", has_text="导入投诉数据").click()
    lines = "小区名称,户数,投诉件数\n栖云雅苑,1126,2\n示例苑,500,3\n"
    page.set_input_files("#f-file", {"name": "投诉.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    page.locator("main button[type=submit]").click()
    visitor.shoot(page, "city.complaints.tried.plain")

    expect(page.locator("main button", has_text="写入 2 行")).to_be_visible()
    expect(page.locator("textarea[name=tried]")).to_have_value(re.compile("栖云雅苑,1126,2"))
