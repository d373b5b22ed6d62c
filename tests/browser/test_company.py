"""The company's whole part in a real browser: from the list of communities to the receipt, and what can go wrong."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor, by_keyboard, by_keys, overflow, violations
from tests.e2e.desk import eventually, picture, text_of
from tests.running_demo import Demo

WORDS = {
    "zh-hans": {
        "start": "开始自荐",
        "save": "保存并继续",
        "upload": "上传",
        "invite": "邀请业委会确认",
        "seal": "上传盖章件",
    },
    "en": {
        "start": "Start a nomination",
        "save": "Save and go on",
        "upload": "Upload",
        "invite": "Invite the committee",
        "seal": "Upload the sealed copy",
    },
}
ANSWERS = {
    "basics": {
        "built_on": "2016-09",
        "floor_area": "86000.50",
        "buildings": "12",
        "entrances": "24",
        "households": "500",
    },
    "party": {"name": "示例社区党支部", "contact_name": "周示例", "contact_phone": "13800000001"},
    "company": {"contact_name": "吴示例", "contact_phone": "13800000002", "has_penalty": "no"},
    "committee": {
        "kind": "owners_committee",
        "name": "示例小区业主委员会",
        "term_from": "2025-06-01",
        "term_until": "2030-05-31",
        "contact_name": "郑示例",
        "contact_phone": "13800000003",
    },
    "figures": {
        "satisfaction_rate": "95.20",
        "satisfaction_source": "入户问卷，回收312份",
        "fee_collection_rate": "96.40",
        "complaints": "2",
    },
    "practices": {f"practice_{number}": f"第{number}项要求的做法和成效。" for number in range(1, 9)},
}


def fill(page: Page, answers: dict[str, str]) -> None:
    """Fill in what a section asks for."""
    for name, value in answers.items():
        radio = page.locator(f"input[type=radio][name={name}][value={value!r}]") if value.isidentifier() else None
        if radio is not None and radio.count():
            radio.check()
        else:
            page.fill(f"#f-{name}", value)


def start(page: Page, community: str) -> str:
    """Start a nomination for a community, and return its address."""
    page.goto("/company/communities/")
    page.locator("tr", has_text=community).locator("form[action$='/start/'] button").click()
    page.wait_for_url(re.compile("/company/cases/[0-9a-f-]+/$"))
    return page.url


def fill_in(page: Page, case: str, words: dict[str, str], mail: str) -> None:
    """Fill in every section, one after the other."""
    page.goto(f"{case}form/basics/")
    for name, answers in ANSWERS.items():
        expect(page).to_have_url(re.compile(f"/form/{name}/$"))
        fill(page, answers | ({"contact_email": mail} if name == "committee" else {}))
        page.get_by_role("button", name=words["save"]).click()
    page.wait_for_url(re.compile("/evidence/$"))


def confirm(visitor: Visitor, demo: Demo, page: Page, mail: str, words: dict[str, str]) -> None:
    """Invite the committee, and answer as it does: by the link on a phone, with the code from the mail."""
    page.get_by_role("button", name=words["invite"]).click()
    link = page.locator(".jy-invited .jy-code").inner_text()
    invitation = text_of(demo.inbox.wait_for(mail))
    code = re.search(r"\b(\d{3} ?\d{3})\b", invitation)
    assert code
    phone = visitor.open(width=PHONE)
    phone.goto(link)
    visitor.shoot(phone, "committee")
    assert violations(phone) == []
    assert overflow(phone) == 0
    phone.fill("#code", code[1])
    phone.check("#yes")
    phone.locator("main button[type=submit]").click()
    expect(phone.locator(".jy-note.is-pass")).to_be_visible()


@pytest.mark.parametrize(
    "who",
    [
        ("qinghe.admin", "科创公寓", DESKTOP, "zh-hans", True),
        ("jiashu.admin", "望峰里", PHONE, "en", True),
        ("leju.admin", "镜湖新村", PHONE, "zh-hans", False),
    ],
)
def test_company_goes_from_its_communities_to_the_receipt(
    visitor: Visitor, demo: Demo, tmp_path: Path, who: tuple[str, str, int, str, bool]
) -> None:
    username, community, width, language, javascript = who
    words, mail = WORDS[language], f"committee.{username}@example.com"
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    page = visitor.open(username, width=width, language=language, javascript=javascript)

    case = start(page, community)
    fill_in(page, case, words, mail)
    page.fill("#f-label", "公示栏")
    page.set_input_files("#f-file", scan)
    page.get_by_role("button", name=words["upload"], exact=True).click()
    expect(page.locator("#files strong")).to_have_text("公示栏")
    page.goto(f"{case}committee/")
    confirm(visitor, demo, page, mail, words)
    page.goto(f"{case}seal/")
    page.set_input_files("#f-file", scan)
    page.get_by_role("button", name=words["seal"]).click()
    expect(page.locator(".jy-note.is-pass")).to_be_visible()
    eventually(lambda: _is_ready(page, case), "every file checked")
    page.check("#f-truth")
    page.locator("main form button[type=submit]").click()

    page.wait_for_url(re.compile("/receipt/$"))
    visitor.shoot(page, f"receipt.{language}")
    assert overflow(page) == 0
    page.goto(case)
    assert page.locator(".jy-timeline .is-now").count() == 1


def _is_ready(page: Page, case: str) -> bool:
    page.goto(f"{case}check/")
    return page.locator("#f-truth").count() == 1


def test_form_saves_itself_and_survives_a_lost_connection(visitor: Visitor) -> None:
    visitor.expect_complaint("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page = visitor.open("zhilin.admin")
    page.goto("/company/cases/")
    page.get_by_role("link", name="䶮园").first.click()
    page.goto(f"{page.url}form/party/")

    page.fill("#f-contact_name", "周示例")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.context.set_offline(True)
    page.fill("#f-contact_name", "周示例二")
    expect(page.locator("#saved")).to_contain_text("内容仍在本页")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("已保存", timeout=20_000)

    page.reload()
    expect(page.locator("#f-contact_name")).to_have_value("周示例二")


def typed_offline(visitor: Visitor, field: str, text: str) -> tuple[Page, str]:
    """Type without a connection and close the window before it is back; return another window of the same browser."""
    visitor.expect_complaint("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page = visitor.open("zhilin.admin")
    page.goto("/company/cases/")
    page.get_by_role("link", name="䶮园").first.click()
    address = f"{page.url}form/party/"
    page.goto(address)
    page.context.set_offline(True)
    page.fill(field, text)
    expect(page.locator("#saved")).to_contain_text("内容仍在本页")
    with suppress(PlaywrightError):  # a closed window lives on for a moment, online; a crashed one sends nothing more
        page.goto("chrome://crash")
    page.close()
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto(address)
    return other, address


def test_window_closed_without_a_connection_loses_nothing(visitor: Visitor) -> None:
    page, _address = typed_offline(visitor, "#f-contact_name", "周离线")

    expect(page.get_by_text("本浏览器暂存了尚未送达的内容")).to_be_visible()
    expect(page.locator("#f-contact_name")).not_to_have_value("周离线")
    assert violations(page) == []
    visitor.shoot(page, "company.backup")
    page.get_by_role("button", name="恢复填写").click()
    expect(page.locator("#saved")).to_contain_text("已保存")

    page.reload()
    expect(page.locator("#f-contact_name")).to_have_value("周离线")
    expect(page.get_by_text("本浏览器暂存了尚未送达的内容")).to_be_hidden()


def test_what_was_typed_offline_meets_a_later_change_side_by_side(visitor: Visitor) -> None:
    visitor.expect_complaint("409")
    page, address = typed_offline(visitor, "#f-contact_name", "周先写")
    colleague = visitor.open("zhilin.editor", javascript=False)
    colleague.goto(address)
    colleague.fill("#f-contact_name", "周后写")
    colleague.get_by_role("button", name="保存并继续").click()

    page.reload()
    page.get_by_role("button", name="恢复填写").click()
    expect(page.locator("#saved")).to_contain_text("其他窗口")
    page.get_by_role("button", name="保存并继续").click()

    expect(page.locator("h1")).to_have_text("两处内容不一致")
    expect(page.locator(".jy-conflict")).to_contain_text("周后写")
    expect(page.locator(".jy-conflict")).to_contain_text("周先写")


def test_signing_out_forgets_what_was_kept_in_the_browser(visitor: Visitor) -> None:
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('jy-typed:')).length"
    page, _address = typed_offline(visitor, "#f-contact_name", "周忘记")
    assert page.evaluate(kept) == 1

    page.goto("/account/logout/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_load_state()

    assert page.evaluate(kept) == 0


def test_second_window_overwrites_nothing(visitor: Visitor) -> None:
    visitor.expect_complaint("409")
    first = visitor.open("zhilin.admin", javascript=False)
    first.goto("/company/cases/")
    first.get_by_role("link", name="䶮园").first.click()
    address = f"{first.url}form/party/"
    first.goto(address)
    second = first.context.new_page()
    second.goto(address)

    second.fill("#f-name", "第二个窗口")
    second.get_by_role("button", name="保存并继续").click()
    first.fill("#f-name", "第一个窗口")
    first.get_by_role("button", name="保存并继续").click()

    expect(first.locator("h1")).to_have_text("两处内容不一致")
    expect(first.locator(".jy-conflict")).to_contain_text("第二个窗口")
    visitor.shoot(first, "company.conflict")
    first.get_by_role("button", name="保存所选内容").click()
    first.goto(address)
    expect(first.locator("#f-name")).to_have_value("第一个窗口")


def test_company_works_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open("heyue.admin")

    by_keyboard(page, "松涛花苑")
    page.wait_for_url(re.compile("/company/cases/[0-9a-f-]+/$"))
    by_keyboard(page, "小区基本情况")
    page.wait_for_url(re.compile("/form/basics/$"))
    by_keys(page, "f-households", "321")
    by_keyboard(page, "保存并继续")

    page.wait_for_url(re.compile("/form/party/$"))


def test_precheck_answers_while_typing(visitor: Visitor) -> None:
    page = visitor.open("heyue.admin")
    page.goto("/company/cases/")
    page.get_by_role("link", name="松涛花苑").first.click()
    page.goto(f"{page.url}form/figures/")

    page.fill("#f-satisfaction_rate", "80.00")
    page.fill("#f-fee_collection_rate", "95.00")

    expect(page.locator("#prechecks")).to_contain_text("不符合")
