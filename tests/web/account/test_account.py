"""The account pages of our own: overview, tokens, how notices come."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, Membership
from accounts.operations import issue_token
from accounts.queries import actor_for_token
from notifications.models import Preference
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TOKENS = "/me/tokens/"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def wish(programme: Programme, **more: str) -> dict[str, str]:
    return {"label": "月报程序", "membership": str(programme.bureau.reviewer.membership_id), "days": "30"} | more


def a_token(programme: Programme, label: str = "月报程序") -> ApiToken:
    membership = Membership.objects.get(pk=programme.bureau.reviewer.membership_id)
    now = timezone.now()
    return issue_token(membership=membership, label=label, at=now, expires_at=now + timedelta(days=1))[0]


def test_overview_tells_how_safe_the_account_is(programme: Programme) -> None:
    page = signed_in(programme.bureau.reviewer.user_id).get("/me/").content.decode()

    told = ["动态口令" in page, "未启用" in page, "启用第二重验证后可用" in page, "当前身份" in page]
    assert told == [True, True, True, True]


def test_token_is_shown_once_and_works(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)

    made = client.post(TOKENS, wish(programme)).content.decode()
    again = client.get(TOKENS).content.decode()

    [secret] = re.findall(r'value="(jy_[^"]+)"', made)
    actor = actor_for_token(secret, at=timezone.now())
    assert actor is not None
    assert actor.user_id == programme.bureau.reviewer.user_id
    assert secret not in again


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"label": "  "}, "请填写令牌用途。"),
        ({"membership": "0"}, "请选择程序代表的身份。"),
        ({"days": "9999"}, "请选择有效期。"),
    ],
)
def test_token_that_is_not_well_asked_for_is_not_made(programme: Programme, wrong: dict[str, str], words: str) -> None:
    answer = signed_in(programme.bureau.reviewer.user_id).post(TOKENS, wish(programme, **wrong))

    assert (answer.status_code, answer.content.decode().count(words)) == (422, 2)
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_in_somebody_elses_name(programme: Programme) -> None:
    foreign = str(programme.bureau.approver.membership_id)

    answer = signed_in(programme.bureau.reviewer.user_id).post(TOKENS, wish(programme, membership=foreign))

    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_token_is_revoked_after_one_more_question(programme: Programme) -> None:
    token = a_token(programme)
    client, address = signed_in(programme.bureau.reviewer.user_id), reverse("web:account:revoke-token", args=[token.pk])

    asked = client.get(address).content.decode()
    client.post(address)

    token.refresh_from_db()
    assert "作废令牌“月报程序”" in asked
    assert token.revoked_at is not None
    assert client.get(address).status_code == 404


def test_somebody_elses_token_is_not_found(programme: Programme) -> None:
    token = a_token(programme)
    client, address = signed_in(programme.bureau.approver.user_id), reverse("web:account:revoke-token", args=[token.pk])

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    token.refresh_from_db()
    assert token.revoked_at is None


def test_hostile_label_is_shown_as_text(programme: Programme) -> None:
    token = a_token(programme, HOSTILE[:80])
    client = signed_in(programme.bureau.reviewer.user_id)

    pages = [client.get(path).content.decode() for path in (TOKENS, f"{TOKENS}{token.pk}/revoke/")]

    assert [("<script>alert" in page, "&lt;script&gt;" in page) for page in pages] == [(False, True)] * 2


def test_one_and_three_tokens_take_one_number_of_queries(programme: Programme) -> None:
    client, counts = signed_in(programme.bureau.reviewer.user_id), []
    for more in (1, 2):
        for _number in range(more):
            a_token(programme)
        client.get(TOKENS)
        with CaptureQueriesContext(connection) as asked:
            client.get(TOKENS)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_ways_of_telling_are_kept_but_for_the_legal_minimum(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)

    answer = client.post("/me/notices/", {"progress": "off", "legal": "off", "work": "nonsense"}, follow=True)

    chosen = Preference.objects.filter(user=programme.bureau.reviewer.person_id)
    page = answer.content.decode()
    assert list(chosen.values_list("category", "mode")) == [("progress", "off")]
    assert ("已保存" in page, "具有法律效力的决定" in page) == (True, True)
