"""The logs of sign-ins and of exports: what is written, what cannot be changed, and when it is forgotten."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import ExportKind, Role, SignInOutcome
from accounts.models import SIGN_INS_KEPT_DAYS, ExportRecord, SignInRecord, User
from accounts.operations import ReasonMissing, purge_sign_ins, record_export, record_sign_in
from accounts.tasks import forget_sign_ins
from tests.api.people import make_person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 28, 1, 40, tzinfo=UTC)
PASSWORD = "a long enough sentence"


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    cache.clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("zhou.shili", email="zhou@example.com", name="周示例", password=PASSWORD)


def attempt(login: str, password: str) -> Any:
    """Return the answer to a sign-in by the form."""
    return Client().post("/account/login/", {"login": login, "password": password}, headers={"User-Agent": "Tester"})


def told() -> list[tuple[str, str, str]]:
    """Return what the log tells, oldest first."""
    rows = SignInRecord.objects.order_by("pk")
    return [(row.login, row.outcome, row.method) for row in rows]


def an_attempt(at: datetime) -> SignInRecord:
    """Return one attempt, written at an instant."""
    return record_sign_in(
        at=at, login="x", outcome=SignInOutcome.WRONG_PASSWORD, method="password", address="127.0.0.1", agent=""
    )


@pytest.mark.parametrize("login", ["zhou.shili", "ZHOU.shili"])
def test_sign_in_is_written_down_with_its_origin(user: User, login: str) -> None:
    attempt(login, PASSWORD)

    [row] = SignInRecord.objects.all()
    assert (row.user, row.login, row.outcome, row.method) == (user, "zhou.shili", "signed_in", "password")
    assert (row.address, row.agent) == ("127.0.0.1", "Tester")


def test_wrong_password_is_written_down_for_its_person(user: User) -> None:
    attempt("zhou.shili", "something else")

    assert told() == [("zhou.shili", "wrong_password", "password")]
    assert SignInRecord.objects.get().user == user


def test_password_in_the_field_of_the_name_is_not_kept(user: User) -> None:
    attempt(PASSWORD, "x")

    assert told() == [("a …", "wrong_password", "password")]


def test_who_tries_too_often_is_held_back_and_that_is_written_down(user: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key", "login": "100/m/ip"}

    for _number in range(3):
        attempt("zhou.shili", "something else")

    outcomes = [outcome for _login, outcome, _method in told()]
    assert outcomes == ["wrong_password", "wrong_password", "held_back"]


def test_log_of_sign_ins_is_never_altered(user: User) -> None:
    row = an_attempt(AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        SignInRecord.objects.filter(pk=row.pk).update(outcome="signed_in")


def test_young_attempt_cannot_be_removed_even_by_the_owner_of_the_database(user: User) -> None:
    row = an_attempt(timezone.now() - timedelta(days=SIGN_INS_KEPT_DAYS - 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        SignInRecord.objects.filter(pk=row.pk).delete()


def test_old_attempts_are_forgotten_and_young_ones_kept(user: User) -> None:
    now = timezone.now()
    an_attempt(now - timedelta(days=SIGN_INS_KEPT_DAYS + 2))
    kept = an_attempt(now - timedelta(days=SIGN_INS_KEPT_DAYS - 2))

    forgotten = purge_sign_ins(at=now)

    assert forgotten == 1
    assert list(SignInRecord.objects.all()) == [kept]


def test_purging_is_a_tick_and_a_command(user: User) -> None:
    an_attempt(timezone.now() - timedelta(days=SIGN_INS_KEPT_DAYS + 2))
    said = io.StringIO()

    by_tick = forget_sign_ins()
    call_command("purge_sign_ins", stdout=said)

    assert (by_tick, said.getvalue()) == (1, "0 attempts to sign in forgotten\n")


def test_export_is_written_down_with_who_what_and_how_much() -> None:
    person = make_person(Role.AUDITOR)

    row = record_export(actor=person.actor, at=AT, subject="events", rows=12, about="flow=nomination")

    assert (row.person, row.membership, row.kind) == (person.user, person.membership, ExportKind.FILE)
    assert (row.subject, row.rows, row.about, row.at) == ("events", 12, "flow=nomination", AT)


@pytest.mark.parametrize("reason", ["", "   "])
def test_masked_number_is_not_shown_without_a_reason(reason: str) -> None:
    person = make_person(Role.DISTRICT_REVIEWER)

    with pytest.raises(ReasonMissing):
        record_export(actor=person.actor, at=AT, subject="contact", kind=ExportKind.REVEAL, reason=reason)

    assert not ExportRecord.objects.exists()


def test_log_of_exports_is_never_altered() -> None:
    person = make_person(Role.DISTRICT_REVIEWER)
    row = record_export(actor=person.actor, at=AT, subject="contact", kind=ExportKind.REVEAL, reason="核实电话")

    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
