"""A whole season through the pages, by those who take part: from a company's first click to the title."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.season import SEASONS, TODAY, Season, begun, open_waiting, own_case
from tests.browser.test_company import ANSWERS, fill
from tests.browser.visitor import PHONE, Visitor, by_keys
from tests.e2e.desk import eventually, text_of
from tests.running_demo import Demo

pytestmark = pytest.mark.season  # in a demo of its own (make season): its campaigns stand in the way of other tests
REVIEWER, APPROVER = "shazhou.reviewer", "shazhou.approver"
DISTRICT = "沙洲县城市管理局"
CITY, CITY_APPROVER = "city.reviewer", "city.approver"
REMARK = "请补充第七条的整改照片说明。"


@pytest.mark.parametrize("name", SEASONS)
def test_season_goes_through_the_pages_to_the_title(visitor: Visitor, demo: Demo, tmp_path: Path, name: str) -> None:
    season = begun(visitor, demo, tmp_path, name)
    company_fills_in_the_form(season)
    committee_confirms(season)
    company_seals_and_submits(season)
    district_returns_it(season)
    company_corrects(season)
    district_reviews(season)
    another_recommends(season)
    district_makes_its_table(season)
    district_signs_and_seals_its_table(season)
    city_receives(season)
    city_calls_the_panel(season)
    evaluators_score(season)
    city_closes_the_evaluation(season)
    city_selects(season)
    district_reports_its_work(season)
    city_reports_to_the_province(season)
    title_is_given(season)
    auditor_finds_every_chain_whole(season)


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


def company_seals_and_submits(season: Season) -> None:
    """S-03, S-04: the sealed scan, what the checker says of it, the answers once more, the receipt."""
    page = season.seat(season.company)
    own_case(season, page)
    page.locator("main a").filter(has_text=season.word("Sealed copy")).first.click()
    page.set_input_files("#f-file", season.scan)
    season.do(page, "Upload the sealed copy")
    page.locator("main a").filter(has_text=season.word("Back to the task list")).click()
    page.locator("main a[href$='/check/']").first.click()  # which of two buttons leads there hangs on the file's check
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


def city_receives(season: Season) -> None:
    """S-08: the sealed table waits in the city's pile."""
    page = season.seat(CITY)
    row = page.locator("main tr:visible, main li:visible").filter(has_text=DISTRICT)
    row.filter(has_text=season.word("Receive the recommendation summary")).locator("a:visible").first.click()
    season.move(page, "Receive")


def city_calls_the_panel(season: Season) -> None:
    """S-09, S-12: the proposal is looked through and deployed, a route planned, and each evaluator asked by mail."""
    page = season.desk(CITY, "Panels and progress")
    season.choose_campaign(page)
    season.do(page, "Propose panels")
    season.do(page, "Propose", "panels")
    season.move(page, "Deploy")
    season.go(page, "Calendar of visits")
    page.locator("main input[name^=stop]").fill("1")
    page.fill("#f-day", season.visit_on.isoformat())
    page.fill("#f-start", "09:00")
    page.fill("#f-minutes", "60")
    season.do(page, "Plan the route")
    expect(page.locator("main input[name^=stop]")).to_have_count(0)


def evaluators_score(season: Season) -> None:
    """S-11: each finds the community on a telephone, declares no conflict, gives 25 items points, and hands in."""
    for number, username in enumerate(season.panel()):
        page = season.seat(username)
        season.go(page, "My visits")
        page.locator("main li").filter(has_text=season.community).locator("a").first.click()
        page.locator("main form[action$='/accept/'] button").click()
        page.locator("main .btn-primary").first.click()
        for item in range(1, 26):
            expect(page.locator("[data-number]")).to_have_text(str(item))
            page.locator(f"label[for=s{9 - number % 2}]").click()
            page.locator("[data-next]").click()
        season.do(page, "Hand in")
        page.locator("main form[data-hand-in] button").click()
        page.wait_for_url(re.compile("/evaluator/visits/"))


def city_closes_the_evaluation(season: Season) -> None:
    """S-09: the visit is on record with its photo, three sheets are in, and the panel's score stands."""
    page = season.desk(CITY, "Cases")
    season.choose_campaign(page)
    page.locator("main a").filter(has_text=season.community).first.click()
    season.do(page, "Record a visit")
    page.fill("#f-visited_on", TODAY.isoformat())
    page.fill("#f-members", "沈一诺")
    page.set_input_files("#f-photos", season.scan)
    season.do(page, "Record")
    season.move(page, "Complete evaluation")
    assert season.mail(REVIEWER, "测评")


def city_selects(season: Season) -> None:
    """S-13, S-15: the frozen ranking, a list by one, the decision by another; at a desk all by keyboard alone."""
    page = season.desk(CITY, "Ranking")
    season.choose_campaign(page)
    season.press(page, "Freeze the ranking")
    season.press(page, "Freeze")
    expect(page.locator("tbody")).to_contain_text(season.community)
    season.press(page, "Go to the selection")
    season.press(page, "Begin a selection")
    season.press(page, "Begin")
    season.press(page, "Propose")
    season.press(page, "Propose")

    page = season.seat(CITY_APPROVER)
    open_waiting(season, page, season.title)
    season.press(page, "Approve", "selection")
    by_keys(page, "f-comment", "同意。")
    season.press(page, "Approve", "selection")
    assert season.mail(season.company, "拟推荐")


def district_reports_its_work(season: Season) -> None:
    """S-14: three sections, saved as they are written, signed off by another and accepted by the city."""
    page = season.desk(REVIEWER, "Work report")
    season.choose_campaign(page)
    for section in ("practice_and_results", "problems", "suggestions"):
        page.fill(f"#f-{section}", "组织有力，成效明显。")
    season.do(page, "Save")

    page = season.desk(APPROVER, "Work report")
    season.choose_campaign(page)
    season.move(page, "Submit", "work_report")
    page = season.seat(CITY)
    row = page.locator("main tr:visible, main li:visible").filter(has_text=DISTRICT)
    row.filter(has_text=season.word("Work report")).locator("a:visible").first.click()
    page.wait_for_load_state()
    season.move(page, "Accept", "work_report")


def city_reports_to_the_province(season: Season) -> None:
    """S-16: the letter by one, signed by another, sealed, and sent with every community on the list."""
    page = season.desk(CITY, "Report to the province")
    season.choose_campaign(page)
    expect(page.locator("main")).to_contain_text(season.community)
    page.fill("#f-document_number", "示城管〔2026〕12号")
    page.fill("#f-letter", "现将“美好家园”小区推荐名单报上，请审核。")
    season.do(page, "Save and put before the approver")

    page = season.desk(CITY_APPROVER, "Report to the province")
    season.choose_campaign(page)
    season.move(page, "Approve", "provincial_report")

    page = season.desk(CITY, "Report to the province")
    season.choose_campaign(page)
    page.set_input_files("main input[type=file]", season.scan)
    season.do(page, "Upload the sealed copy")

    page = season.desk(CITY_APPROVER, "Report to the province")
    season.choose_campaign(page)
    season.move(page, "Send", "provincial_report")
    assert season.mail(season.company, "报送")


def title_is_given(season: Season) -> None:
    """S-16, S-17: the province's answer on record; the company reads of it by mail and finds it among its cases."""
    page = season.desk(CITY, "Cases")
    season.choose_campaign(page)
    page.locator("main a").filter(has_text=season.community).first.click()
    season.do(page, "Record award")
    page.fill("#f-result_document", "示建函〔2026〕88号")
    page.fill("#f-decided_on", TODAY.isoformat())
    page.fill("#f-comment", "省厅公布。")
    season.do(page, "Record award")
    assert season.mail(season.company, "示建函〔2026〕88号")
    page = season.seat(season.company)
    season.go(page, "Nominations")
    expect(page.locator("main")).to_contain_text(season.word("Title awarded"))


def auditor_finds_every_chain_whole(season: Season) -> None:
    """S-19: who trusts nobody has the chains verified from the page."""
    page = season.desk("city.auditor", "Verification")
    season.do(page, "Verify now")
    expect(page.locator("main .jy-note.is-pass")).to_contain_text(season.word("Nothing was altered"))
