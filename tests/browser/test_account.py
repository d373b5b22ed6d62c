"""Sign-in, second factor and the account pages in a real browser; the passkey is a device of Chromium's own."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.visitor import PHONE, Visitor, by_keyboard, by_keys, violations

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(visitor: Visitor) -> Visitor:
    """Return the visitor at the demo's name: browsers give passkeys to names, not to addresses."""
    visitor.address = visitor.address.replace("127.0.0.1", "localhost")
    return visitor


def device_of(page: Page) -> CDPSession:
    """Give the page a device with a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def confirm(page: Page, visitor: Visitor, username: str) -> None:
    """Give the password once more where it is asked for."""
    page.fill("#f-password", str(visitor.accounts[username]["password"]))
    page.click("main button[type=submit]")


def test_signing_out_is_asked_on_a_whole_page(visitor: Visitor) -> None:
    page = visitor.open("shazhou.reviewer")

    assert visitor.look_over(page, "/account/logout/", "account.logout") == []


def test_passkey_is_added_and_signs_in_without_a_password(by_name: Visitor) -> None:
    page = by_name.open("qinglan.reviewer")
    device_of(page)
    page.goto("/account/2fa/webauthn/add/")
    confirm(page, by_name, "qinglan.reviewer")
    page.check("#f-passwordless")
    by_name.shoot(page, "account.passkey")
    assert violations(page) == []

    page.click("#mfa_webauthn_add")
    expect(page.locator(".jy-codes li")).to_have_count(10)
    by_name.shoot(page, "account.recovery-codes")
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.goto("/account/login/")
    page.click("#passkey_login")

    page.wait_for_url(f"{by_name.address}/")
    expect(page.locator(".jy-acting").first).to_contain_text("青岚县")


def test_passkey_that_is_not_there_is_told_in_words(by_name: Visitor) -> None:
    page = by_name.open()
    page.goto("/account/login/")

    refusal = "() => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = {refusal}; }}")
    page.click("#passkey_login")

    expect(page.locator("[data-passkey-status]")).to_contain_text("未使用通行密钥")


def test_app_is_set_up_by_its_key_and_asked_for_at_the_next_sign_in(visitor: Visitor) -> None:
    page = visitor.open("kaifaqu.reviewer", width=PHONE)
    page.goto("/account/2fa/totp/activate/")
    confirm(page, visitor, "kaifaqu.reviewer")
    visitor.shoot(page, "account.totp")
    assert violations(page) == []
    secret = re.sub(r"\s", "", page.locator("main .jy-code").inner_text())

    by_keys(page, "f-code", code_of(secret))
    by_keyboard(page, "启用")
    expect(page.locator(".jy-codes li")).to_have_count(10)
    recovery = page.locator(".jy-codes li").first.inner_text()
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.goto("/account/login/")
    page.fill("#id_login", "kaifaqu.reviewer")
    page.fill("#id_password", str(visitor.accounts["kaifaqu.reviewer"]["password"]))
    page.click("main button[type=submit]")
    visitor.shoot(page, "account.second-factor")
    assert violations(page) == []
    by_keys(page, "f-code", recovery)
    page.keyboard.press("Enter")

    page.wait_for_url(f"{visitor.address}/")


def test_token_is_made_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open("tongyuan.reviewer")
    page.goto("/me/")

    by_keyboard(page, "接口令牌")
    page.wait_for_url("**/me/tokens/")
    by_keys(page, "f-label", "月报程序")
    by_keyboard(page, "生成令牌")

    expect(page.locator("#secret")).to_have_value(re.compile(r"^jy_"))
    assert violations(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_chains_are_verified_from_the_page_by_keyboard_alone(visitor: Visitor, javascript: bool) -> None:
    page = visitor.open("operator.auditor", javascript=javascript)
    page.goto("/audit/verification/")

    by_keyboard(page, "立即核验")

    expect(page.locator("main")).to_contain_text("未发现改动")


def code_of(secret: str) -> str:
    """Return what an app would show now for a secret."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
