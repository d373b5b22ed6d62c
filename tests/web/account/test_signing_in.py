"""allauth's pages in the kit's look: which are open, what they say, and what follows from them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import SignInRecord, User

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long enough sentence", "another quite long sentence"
FORBIDDEN = re.compile(r"失败|拒绝|Oops|allauth|\bMFA\b")


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    cache.clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("zhou.shili", email="zhou@example.com", name="周示例", password=PASSWORD)


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return client


def trusted(user: User) -> Client:
    """Return a browser whose person has just given the password once more."""
    client = signed_in(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "confirm-email/x/", "password/set/", "login/code/confirm/"],
)
def test_page_that_makes_no_sense_here_is_closed(user: User, path: str) -> None:
    address = f"/account/{path}"

    assert [Client().get(address).status_code, signed_in(user).post(address).status_code] == [404, 404]


@pytest.mark.parametrize(
    "path",
    [
        "password/change/", "sessions/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "logout/",
        "reauthenticate/", "password/reset/", "password/reset/done/", "password/reset/key/done/",
        "password/reset/key/1-x/", "inactive/",
    ],
)  # fmt: skip
def test_page_speaks_our_language_and_holds_nothing_inline(user: User, path: str) -> None:
    answer = trusted(user).get(f"/account/{path}")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert FORBIDDEN.findall(re.sub(r"<script.*?</script>", "", page)) == []
    assert re.findall(r"<script(?! src=)(?![^>]*application/json)", page) == []
    assert "style=" not in page


def test_wrong_password_is_told_without_saying_which_was_wrong(user: User) -> None:
    answers = [
        Client().post("/account/login/", {"login": login, "password": "x"}).content.decode()
        for login in ("zhou.shili", "nobody")
    ]

    assert ["账号或密码有误，请核对后重新填写。" in page for page in answers] == [True, True]


def test_change_of_password_is_told_by_mail_and_ends_other_sessions(user: User) -> None:
    here, elsewhere = signed_in(user), signed_in(user)

    answer = here.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )

    [letter] = mail.outbox
    assert "密码已修改。" in answer.content.decode()
    assert (letter.to, letter.subject) == (["zhou@example.com"], "您的密码已修改")
    assert "如非本人操作，请立即修改密码" in letter.body
    assert elsewhere.get("/account/sessions/").status_code == 302


def test_post_office_that_is_away_does_not_undo_the_change(user: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1

    answer = signed_in(user).post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    user.refresh_from_db()
    assert (answer.status_code, user.check_password(NEW)) == (302, True)


def test_forgotten_password_is_set_anew_by_a_link_used_once(user: User) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": "zhou@example.com"})
    [link] = re.findall(r"http://testserver(/account/password/reset/key/\S+)", mail.outbox[0].body)

    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    again = Client().get(link, follow=True).content.decode()

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "该链接已失效" in again


def test_address_without_an_account_gets_no_mail_and_the_same_answer(user: User) -> None:
    known = Client().post("/account/password/reset/", {"email": "zhou@example.com"})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [letter.to for letter in mail.outbox] == [["zhou@example.com"]]


def code_of(secret: str) -> str:
    """Return what an app would show now for a secret."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, yield_hotp_counters_from_time

    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_app_is_switched_on_and_asked_for_at_the_next_sign_in(user: User) -> None:
    client = trusted(user)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    [secret] = re.findall(r'jy-code">([A-Z2-7]{16,})<', page)

    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    cache.clear()  # a code is good for one use; the next sign-in happens within the same half minute
    second = Client()
    asked = second.post("/account/login/", {"login": user.username, "password": PASSWORD})
    wrong = second.post("/account/2fa/authenticate/", {"code": "000000"})

    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    assert "验证码有误" in wrong.content.decode()
    assert SignInRecord.objects.order_by("-pk").values_list("outcome", "method")[0] == ("wrong_code", "totp")
    second.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert SignInRecord.objects.order_by("-pk").values_list("outcome", "method")[0] == ("signed_in", "totp")


def test_recovery_code_opens_the_account_once(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    codes = RecoveryCodes.activate(user)
    code = codes.get_unused_codes()[0]

    outcomes = []
    for _number in range(2):
        client = Client()
        client.post("/account/login/", {"login": user.username, "password": PASSWORD})
        outcomes.append(client.post("/account/2fa/authenticate/", {"code": code}).status_code)

    assert outcomes == [302, 200]
    assert SignInRecord.objects.filter(outcome="signed_in").last().method == "recovery_codes"  # type: ignore[union-attr]


FORGED = [
    '{"id": "x"}',
    '"x"',
    "3",
    '{"id": "eA", "rawId": "eA", "response": {"userHandle": "MQ"}}',
    '{"rawId": {}}',
]


@pytest.mark.parametrize("forged", FORGED)
def test_forged_answer_of_a_device_is_refused_when_adding_and_confirming(user: User, forged: str) -> None:
    client = trusted(user)

    for address in ("/account/2fa/webauthn/add/", "/account/2fa/webauthn/reauthenticate/"):
        client.get(address)
        answer = client.post(address, {"credential": forged, "name": "x"})
        assert answer.status_code in {200, 302}

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("forged", FORGED)
def test_passkey_that_nobody_entered_is_written_down(user: User, forged: str) -> None:
    answer = Client().post("/account/2fa/webauthn/login/", {"credential": forged}, follow=True)

    assert "验证码有误" in answer.content.decode()
    assert SignInRecord.objects.values_list("outcome", "method").get() == ("wrong_code", "webauthn")
    assert not Authenticator.objects.exists()


def test_other_sessions_are_ended(user: User) -> None:
    here, elsewhere = signed_in(user), signed_in(user)
    elsewhere.get("/account/sessions/")

    page = here.get("/account/sessions/").content.decode()
    here.post("/account/sessions/")

    assert page.count('scope="row"') == 2
    assert elsewhere.get("/account/sessions/").status_code == 302
    assert here.get("/account/sessions/").content.decode().count('scope="row"') == 1
