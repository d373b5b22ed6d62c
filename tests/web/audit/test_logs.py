"""The logs beside the chain: sign-ins, grants, exports; each city's auditor sees that city's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ExportKind, SignInOutcome
from accounts.models import GrantRecord, Membership, User
from accounts.operations import record_export, record_sign_in, revoke
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
PAGES = {"sign-ins": "/audit/sign-ins/", "grants": "/audit/grants/", "exports": "/audit/exports/"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def attempt(login: str, outcome: SignInOutcome = SignInOutcome.WRONG_PASSWORD, **more: Any) -> None:
    record_sign_in(
        **({"at": timezone.now(), "method": "password", "address": "10.9.8.7", "agent": "Tester"} | more),
        login=login,
        outcome=outcome,
    )


def login_of(user_id: int | None) -> str:
    return User.objects.get(pk=user_id).username


def page_of(programme: Programme, name: str, query: str = "") -> str:
    return signed_in(programme.auditor.user_id).get(f"{PAGES[name]}{query}").content.decode()


def test_attempts_of_the_city_and_of_nobody_are_listed(programme: Programme) -> None:
    other = stages.programme()
    attempt(login_of(programme.bureau.reviewer.user_id), SignInOutcome.SIGNED_IN)
    attempt(login_of(other.bureau.reviewer.user_id))
    attempt("stranger")

    page = page_of(programme, "sign-ins")

    assert login_of(programme.bureau.reviewer.user_id) in page
    assert login_of(other.bureau.reviewer.user_id) not in page
    assert ("st…" in page, "账号不存在" in page) == (True, True)


def test_attempts_are_narrowed_by_outcome_person_address_and_day(programme: Programme) -> None:
    attempt(login_of(programme.bureau.reviewer.user_id), SignInOutcome.SIGNED_IN)
    attempt("stranger", address="10.1.1.1")

    shown = {
        query: page_of(programme, "sign-ins", query).count('scope="row"')
        for query in ("?outcome=signed_in", "?address=10.1", "?person=st", "?to=2001-01-01", "?from=2001-01-01", "")
    }

    assert shown == {
        "?outcome=signed_in": 1, "?address=10.1": 1, "?person=st": 1, "?to=2001-01-01": 0, "?from=2001-01-01": 2, "": 2,
    }  # fmt: skip


def test_day_that_cannot_be_read_is_told(programme: Programme) -> None:
    answer = signed_in(programme.auditor.user_id).get("/audit/sign-ins/?from=yesterday")

    assert (answer.status_code, "请按“2026-07-31”的格式填写日期。" in answer.content.decode()) == (422, True)


def test_grants_tell_what_was_given_and_taken_with_the_reason(programme: Programme) -> None:
    membership = Membership.objects.get(pk=programme.bureau.colleague.membership_id)
    revoke(membership=membership, at=timezone.now(), by=programme.city_approver, reason="调离岗位")
    other = stages.programme()

    page = page_of(programme, "grants")

    assert ("调离岗位" in page, login_of(other.bureau.reviewer.user_id) in page) == (True, False)
    rows = GrantRecord.objects.filter(membership=membership)
    assert page_of(programme, "grants", f"?person={membership.user.username}").count('scope="row"') == rows.count()


def test_exports_tell_who_took_what_and_why(programme: Programme) -> None:
    at = timezone.now()
    record_export(actor=programme.bureau.reviewer, at=at, subject="contact", kind=ExportKind.REVEAL, reason="核实电话")
    record_export(
        actor=stages.programme().bureau.reviewer, at=at, subject="contact", kind=ExportKind.REVEAL, reason="别处"
    )

    page = page_of(programme, "exports")

    assert ("联系人电话" in page, "核实电话" in page, "别处" in page) == (True, True, False)
    assert page_of(programme, "exports", "?person=nobody").count('scope="row"') == 0


@pytest.mark.parametrize("name", ["sign-ins", "exports"])
def test_hostile_text_is_shown_as_text(programme: Programme, name: str) -> None:
    attempt(login_of(programme.bureau.reviewer.user_id), agent=HOSTILE)
    record_export(actor=programme.bureau.reviewer, at=timezone.now(), subject="contact", about=HOSTILE, reason=HOSTILE)

    page = page_of(programme, name)

    assert ("<img src=x" in page, "<script>alert" in page) == (False, False)


@pytest.mark.parametrize("name", PAGES)
def test_one_and_three_rows_take_one_number_of_queries(programme: Programme, name: str) -> None:
    client, counts = signed_in(programme.auditor.user_id), []
    for more in (1, 2):
        for _number in range(more):
            attempt(login_of(programme.bureau.reviewer.user_id))
            record_export(actor=programme.bureau.reviewer, at=timezone.now(), subject="queue")
            stages.programme()
        client.get(PAGES[name])
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGES[name])
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", PAGES)
def test_nul_in_the_address_does_no_harm(programme: Programme, name: str) -> None:
    assert signed_in(programme.auditor.user_id).get(f"{PAGES[name]}?person=%00&address=%00").status_code == 200
