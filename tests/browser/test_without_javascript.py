"""The whole part of a company and of a district with JavaScript off: two forms from the draft to the city.

Two companies write, upload, seal and submit; the district returns both at once and one by its sections, inspects,
judges, scores, recommends both at once, puts the two in order, seals and sends its table and its work report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_company import WORDS, fill_in
from tests.browser.visitor import PHONE, Visitor, by_keyboard, by_keys, reach
from tests.e2e.desk import eventually, picture, text_of
from tests.running_demo import Demo

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
CASES = "/district/cases/"
# Of all that tells two communities apart only the city's own figures are not in their forms.
EQUAL = """
from nominations.models import ComplaintFigure
rows = ComplaintFigure.objects.filter(community_name__in=["鹭洲里", "芦苇湾"])
assert rows.update(households=500, complaints=1) > 1
"""
CODE = re.compile(r"\b(\d{3} ?\d{3})\b")


@dataclass
class Company:
    """A company that nominates one community of the district."""

    page: Page
    community: str
    mail: str
    case: str = ""


@dataclass
class Season:
    """Who works in the story, and with what."""

    visitor: Visitor
    demo: Demo
    scan: Path
    companies: list[Company]
    reviewer: Page
    approver: Page


@pytest.fixture
def season(visitor: Visitor, demo: Demo, tmp_path: Path) -> Season:
    def plain(username: str) -> Page:
        return visitor.open(username, javascript=False)

    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    companies = [
        Company(plain("anhe.admin"), "鹭洲里", "luzhouli@example.com"),
        Company(plain("songyun.admin"), "芦苇湾", "luweiwan@example.com"),
    ]
    return Season(visitor, demo, scan, companies, plain("shazhou.reviewer"), plain("shazhou.approver"))


def test_company_and_district_do_all_their_work_without_javascript(season: Season) -> None:
    season.visitor.expect_complaint("422")
    for company in season.companies:
        company_writes(season, company)
        company_submits(season, company)
    company_withdraws(season, season.companies[0])
    district_takes_both_up(season)
    district_returns_both_at_once(season)
    for company in season.companies:
        company_corrects(season, company, "第3项要求的做法和成效，已补充佐证。")
    district_returns_one_by_its_sections(season, season.companies[0])
    company_corrects(season, season.companies[0], "第3项要求的做法和成效，已再次补充佐证。")

    for company in season.companies:
        district_reviews(season, company)
    approver_sends_one_back_and_recommends_both(season)
    district_keeps_its_records(season)
    district_orders_and_sends_its_table(season)
    district_sends_its_work_report(season)


def company_writes(season: Season, company: Company) -> None:
    """Start a nomination, fill in every section, attach a file, think better of it and attach another."""
    page = company.page
    page.goto("/company/communities/")
    page.get_by_role("button", name=f"开始自荐 {company.community}").click()
    company.case = page.url
    fill_in(page, company.case, WORDS["zh-hans"], company.mail)

    for label in ("拍错了的照片", "公示栏"):
        page.fill("#f-label", label)
        page.set_input_files("#f-file", season.scan)
        page.get_by_role("button", name="上传", exact=True).click()
        expect(page.locator("#files strong")).to_have_text(label)
        if label != "公示栏":
            page.locator("#files form button").click()
            expect(page.locator("#files strong")).to_have_count(0)


def company_submits(season: Season, company: Company) -> None:
    """Have the committee confirm the text, seal it, check the answers; both give their word by keyboard alone."""
    page, case = company.page, company.case
    page.goto(f"{case}committee/")
    before = len(season.demo.inbox.to(company.mail))
    page.get_by_role("button", name="邀请业委会确认").click()
    link = page.locator(".jy-invited .jy-code").inner_text()
    code = CODE.search(text_of(season.demo.inbox.wait_for(company.mail, more_than=before)))
    assert code
    phone = season.visitor.open(width=PHONE, javascript=False)
    phone.goto(link)
    by_keys(phone, "code", code[1])
    reach(phone, "yes")
    phone.keyboard.press("Space")
    by_keyboard(phone, "提交")
    expect(phone.locator(".jy-note.is-pass")).to_be_visible()

    page.goto(f"{case}seal/")
    page.set_input_files("#f-file", season.scan)
    page.get_by_role("button", name="上传盖章件").click()
    expect(page.locator(".jy-note.is-pass")).to_be_visible()
    eventually(lambda: shows(page, f"{case}check/", "#f-truth"), "every file checked")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".jy-errors a")).to_have_attribute("href", "#f-truth")
    reach(page, "f-truth")
    page.keyboard.press("Space")
    by_keyboard(page, "提交")
    page.wait_for_url(re.compile("/receipt/$"))


def company_withdraws(season: Season, company: Company) -> None:
    """Enter a community, nominate it and withdraw that nomination."""
    page = company.page
    page.goto("/company/communities/new/")
    page.select_option("#f-authority", label="示例经济开发区城市管理局")
    for name, value in {"name": "新柳苑", "subdistrict": "新柳街道", "neighborhood": "新柳社区"}.items():
        page.fill(f"#f-{name}", value)
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="开始自荐 新柳苑").click()
    page.goto(f"{page.url}moves/withdraw/")
    page.fill("#f-comment", "今年不参加。")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已撤销")


def district_takes_both_up(season: Season) -> None:
    """Narrow the queue, keep the filter, and take both cases up."""
    page = season.reviewer
    page.goto(CASES)
    page.select_option("#claimed", "nobody")
    page.get_by_role("button", name="筛选").click()
    page.fill("#f-name", "待认领")
    page.get_by_role("button", name="保存此筛选").click()
    expect(page.get_by_role("link", name="待认领", exact=True)).to_be_visible()
    select_both(page, season)
    page.get_by_role("button", name="认领", exact=True).click()
    expect(page.locator("main")).to_contain_text("已认领")


def district_returns_both_at_once(season: Season) -> None:
    """Return both cases with one remark, after a look at each."""
    page = season.reviewer
    select_both(page, season)
    by_keyboard(page, "退回补正", exact=True)
    expect(page.locator("main")).to_contain_text("尚未办理")
    by_keyboard(page, "退回补正（2 件）")
    expect(page.locator(".jy-errors a")).to_have_count(2)
    reach(page, "f-section")
    while page.input_value("#f-section") != "practices":
        page.keyboard.press("ArrowDown")
    by_keys(page, "f-comment", "请补充第三项的佐证。")
    by_keyboard(page, "退回补正（2 件）")
    expect(page.locator("main")).to_contain_text("已退回")


def company_corrects(season: Season, company: Company, text: str) -> None:
    """Read the remark at its part, mend it, see what has changed, and hand in again."""
    page = company.page
    page.goto(f"{company.case}form/practices/")
    expect(page.locator("main")).to_contain_text("请补充第三项")
    page.fill("#f-practice_3", text)
    page.get_by_role("button", name="保存并继续").click()
    page.goto(f"{company.case}compare/")
    expect(page.locator("main ins").first).to_be_visible()
    company_submits(season, company)


def district_returns_one_by_its_sections(season: Season, company: Company) -> None:
    """Return one form with a remark at each of two parts."""
    page = season.reviewer
    take_up(page, company)
    page.get_by_role("link", name="退回补正").click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".jy-errors")).to_be_visible()
    page.fill("#f-remark-practices", "请补充第三项的整改照片。")
    page.fill("#f-remark-figures", "请核对满意度的来源。")
    page.fill("#f-comment", "请补正两处。")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".jy-title .jy-tag")).to_have_text("退回补正")


def district_reviews(season: Season, company: Company) -> None:
    """Inspect, keep photos, judge every requirement, score every item, write an opinion and hand the case on."""
    page, case = season.reviewer, take_up(season.reviewer, company)
    inspect(season, case)
    judge(page, case)
    score(page, case)
    hand_on(page, case, "材料齐全，现场核对一致，建议推荐。")


def inspect(season: Season, case: str) -> None:
    """Record an inspection with a photo and its resolution, and a photo of the reviewer's own."""
    page = season.reviewer
    page.goto(case)
    page.locator("#inspections summary", has_text="登记日常检查").click()
    page.fill("#f-inspected_on", (TODAY - timedelta(days=2)).isoformat())
    page.fill("#f-findings", "消防通道有一处杂物。")
    page.get_by_role("button", name="登记", exact=True).click()
    found = page.locator(".jy-inspection", has_text="消防通道有一处杂物")
    found.locator("summary").click()
    found.locator("input[name=resolved_on]").fill(TODAY.isoformat())
    found.get_by_role("button", name="登记").click()
    found.locator("summary").click()
    found.locator("input[type=file]").set_input_files(season.scan)
    found.get_by_role("button", name="上传").click()
    expect(found.locator(".jy-thumbs li")).not_to_have_count(0)

    page.locator("#evidence summary", has_text="添加").click()
    page.set_input_files("#f-e-file", season.scan)
    page.locator("#evidence form button[type=submit]").click()


def judge(page: Page, case: str) -> None:
    """Judge a requirement as not met, take that back, and find every one met."""
    page.goto(case)
    first = page.locator("[data-unjudged]").first
    number = first.get_attribute("value")
    first.locator("textarea").fill("现场与材料不一致。")
    first.locator("button[value=not_met]").click()
    again = page.locator(f"#check-{number}")
    again.locator("summary").click()
    again.locator("button[value='']").click()
    while page.locator("[data-unjudged] button[value=met]").count():
        page.locator("[data-unjudged] button[value=met]").first.click()


def score(page: Page, case: str) -> None:
    """Score an item wrongly, be told so at it, then give each nine points."""
    page.goto(f"{case}scores/")
    page.locator("input[type=number]").first.evaluate("field => { field.form.noValidate = true; }")
    page.locator("input[type=number]").first.fill("9.3")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".jy-errors a").first).to_be_visible()
    for blank in page.locator("input[type=number]").all():
        blank.fill("9")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#sheet-state .jy-value")).to_contain_text("90.00")


def hand_on(page: Page, case: str, opinion: str) -> None:
    """Write an opinion, and hand the case to the approver."""
    page.goto(case)
    page.fill("#f-opinion", opinion)
    page.get_by_role("button", name="保存意见").click()
    page.get_by_role("link", name="提请审签").click()
    page.get_by_role("button", name="提请审签").click()
    expect(page.locator(".jy-title .jy-tag")).to_have_text("待审签")


def approver_sends_one_back_and_recommends_both(season: Season) -> None:
    """Send one review back to who wrote it, then recommend both cases at once after a look at each."""
    page, back = season.approver, season.companies[0]
    open_case(page, back)
    page.get_by_role("link", name="退回经办人").click()
    page.fill("#f-reason", "请补充现场意见。")
    page.get_by_role("button", name="退回经办人").click()
    select_both(page, season)
    page.get_by_role("button", name="推荐", exact=True).click()
    expect(page.locator("main")).to_contain_text("暂不能办理")

    hand_on(season.reviewer, open_case(season.reviewer, back), "消防通道已清理，建议推荐。")
    select_both(page, season)
    page.get_by_role("button", name="推荐", exact=True).click()
    page.fill("#f-comment", "同意推荐。")
    page.locator("button[name=confirmed]").click()
    expect(page.locator("main .jy-tag.is-pass")).to_have_count(2)


def district_keeps_its_records(season: Season) -> None:
    """Enter a publication, a good practice, an assessment and an honor; correct one, remove one."""
    page, case = season.reviewer, open_case(season.reviewer, season.companies[0])
    day = TODAY.isoformat()
    honor = {"programme": "红色物业示范小区（示例）", "year": str(TODAY.year)}
    assessed = {"organization": "示例评估中心", "began_on": day, "ended_on": day, "method": "入户", "sample": "100户"}
    records = {
        f"{case}honors/": honor,
        f"{case}third-party/": assessed | {"result": "总体良好。"},
        "/district/publicity/": {"title": "家园故事", "published_on": day},
        "/district/practices/": {"title": "一栋一议", "summary": "各栋议事，问题减半。"},
    }
    for path, values in records.items():
        page.goto(path)
        for name, value in values.items():
            page.fill(f"#f-{name}", value)
        for choice in page.locator("main form.jy-panel select").all():
            choice.select_option(index=1)
        for tag in page.locator("main form.jy-panel input[type=checkbox]").all()[:1]:
            tag.check()
        page.locator("main form.jy-panel button[type=submit]").click()
        expect(page.locator(".jy-errors")).to_have_count(0)
        expect(page.locator("article.jy-inspection")).to_have_count(1)
    page.locator("article.jy-inspection a").first.click()
    page.fill("#f-title", "一栋一议制度")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="一栋一议制度").click()
    page.locator("button[name=remove]").click()
    expect(page.locator("article.jy-inspection")).to_have_count(0)


def district_orders_and_sends_its_table(season: Season) -> None:
    """Compute the ranks, order the two that are equal, describe, prepare, approve, seal and send the table."""
    page, approver = season.reviewer, season.approver
    season.demo.manage("shell", "-v0", "-c", EQUAL)
    page.goto("/district/summaries/")
    table = page.url
    page.get_by_role("button", name="计算名次").click()
    order(page, season.companies[1].community, 1, "现场核对后议定。")
    reorder_by_keyboard_alone(season, table)

    for number in range(len(season.companies)):
        page.goto(table)
        page.locator("#table tbody th a").nth(number).click()
        described = page.url
        page.set_input_files("#f-file", season.scan)
        page.locator("#descriptions form button[type=submit]").last.click()
        expect(page.locator("#descriptions .jy-filelist li")).to_have_count(1)
        page.goto(described)
        for text in page.locator("main form").first.locator("textarea").all():
            text.fill(f"{text.input_value()}（已核）")
        page.get_by_role("button", name="保存").click()
        page.wait_for_url(table)
    page.get_by_role("button", name="提请审签").click()

    eventually(lambda: shows(approver, table, "main a.btn:has-text('审签')"), "descriptions checked")
    approver.get_by_role("link", name="审签", exact=True).click()
    approver.locator("main form button[type=submit]").click()
    page.goto(table)
    page.set_input_files("#f-seal-file", season.scan)
    page.get_by_role("button", name="上传盖章件").click()
    eventually(lambda: shows(approver, table, "main a.btn:has-text('报送市局')"), "the sealed copy checked")
    approver.get_by_role("link", name="报送市局").click()
    approver.locator("main form button[type=submit]").click()
    expect(approver.locator(".jy-title .jy-tag")).to_have_text("已报送市局")


def order(page: Page, community: str, place: int, reason: str) -> None:
    """Number the two that are equal, without a reason first."""
    other = 3 - place
    for row in page.locator(".jy-places li").all():
        row.locator("[data-place]").fill(str(place if community in row.inner_text() else other))
    page.fill("#f-order-reason", "")
    page.get_by_role("button", name="记录此排序").click()
    expect(page.locator(".jy-errors")).to_be_visible()
    for row in page.locator(".jy-places li").all():
        row.locator("[data-place]").fill(str(place if community in row.inner_text() else other))
    page.fill("#f-order-reason", reason)
    page.get_by_role("button", name="记录此排序").click()
    expect(page.locator("#table tbody th").nth(place - 1)).to_contain_text(community)


def reorder_by_keyboard_alone(season: Season, table: str) -> None:
    """Turn the order round with keys, in a window that has scripts."""
    page = season.visitor.open("shazhou.reviewer")
    page.goto(table)
    first, second = page.locator(".jy-places span[lang]").all_inner_texts()
    by_keyboard(page, f"下移：{first}")
    by_keys(page, "f-order-reason", "会议复核后调整。")
    by_keyboard(page, "记录此排序")
    expect(page.locator("#table tbody th").first).to_contain_text(second)


def district_sends_its_work_report(season: Season) -> None:
    """Write the three sections, attach a file, send the report."""
    page, approver = season.reviewer, season.approver
    page.goto("/district/work-reports/")
    report = page.url
    for text in page.locator("main form textarea").all():
        text.fill("今年共推荐两个小区，逐项核对，群众满意。")
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator("#files summary").click()
    page.fill("#f-w-label", "现场照片")
    page.set_input_files("#f-w-file", season.scan)
    page.locator("#files form button[type=submit]").last.click()
    expect(page.locator("#files .jy-filelist li")).to_have_count(1)

    eventually(lambda: shows(approver, report, "main a.btn:has-text('报送')"), "the file checked")
    approver.get_by_role("link", name="报送", exact=True).click()
    approver.locator("main form button[type=submit]").click()
    expect(approver.locator(".jy-title .jy-tag")).to_have_text("已报送")


def open_case(page: Page, company: Company) -> str:
    """Open a company's case from the queue, and return its address."""
    page.goto(f"{CASES}?q={company.community}")
    page.get_by_role("link", name=company.community, exact=True).click()
    return page.url


def take_up(page: Page, company: Company) -> str:
    """Open a case and take it up unless that has been done."""
    case = open_case(page, company)
    if page.get_by_role("button", name="认领", exact=True).count():
        page.get_by_role("button", name="认领", exact=True).click()
    return case


def select_both(page: Page, season: Season) -> None:
    """Select both companies' cases in the queue, by keyboard alone."""
    page.goto(CASES)
    for company in season.companies:
        reach(page, f"选择 {company.community}")
        page.keyboard.press("Space")


def shows(page: Page, address: str, selector: str) -> bool:
    """Open a page, and tell whether it has something."""
    page.goto(address)
    return page.locator(selector).count() > 0
