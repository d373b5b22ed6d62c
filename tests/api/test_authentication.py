from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import ApiToken, Membership
from accounts.operations import revoke, revoke_token
from api import throttles
from tests.api.people import Person, Program, make_organization, make_person, make_user

pytestmark = pytest.mark.django_db


def test_token_names_its_holder(person: Person) -> None:
    answer = person.program.get("me/")

    assert answer.status == 200
    assert answer.body["name"] == person.user.name
    assert answer.body["acting_as"] == person.membership.pk


def test_token_is_looked_up_with_role_and_office_in_one_query(
    person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = person.program.delete("me/")

    assert answer.status == 405


@pytest.mark.parametrize("header", ["", "Basic dXNlcjpwYXNz", "Bearer jy_something"])
def test_request_without_token_is_asked_to_sign_in(anonymous: Program, header: str) -> None:
    answer = anonymous.get("me/", Authorization=header)

    assert (answer.status, answer.body["code"]) == (401, "not_authenticated")
    assert answer.header("WWW-Authenticate") == 'Token realm="jiayuan"'


@pytest.mark.parametrize("secret", ["", "x", "jy_" + "a" * 43, "jy_" + "é" * 43, "a b", "jy_" + "a" * 10_000])
def test_token_that_nobody_holds_is_refused(anonymous: Program, secret: str) -> None:
    answer = anonymous.get("me/", Authorization=f"Token {secret}")

    assert (answer.status, answer.body["code"]) == (401, "invalid_token")


def test_token_is_worth_nothing_once_revoked(person: Person) -> None:
    before = person.program.get("me/").status

    revoke_token(token=ApiToken.objects.get(), at=timezone.now())

    assert (before, person.program.get("me/").status) == (200, 401)


def test_token_is_worth_nothing_once_expired(person: Person) -> None:
    before = person.program.get("me/").status

    ApiToken.objects.update(expires_at=timezone.now())

    assert (before, person.program.get("me/").status) == (200, 401)


def test_right_withdrawn_is_gone_at_the_next_request(person: Person) -> None:
    before = person.program.get("me/").status

    revoke(membership=person.membership, at=timezone.now(), by=SYSTEM, reason="left the office")

    assert (before, person.program.get("me/").status) == (200, 401)


def test_token_of_a_locked_person_is_refused(person: Person) -> None:
    person.user.is_active = False
    person.user.save()

    assert person.program.get("me/").status == 401


def test_membership_that_has_not_begun_gives_no_right() -> None:
    later = timezone.now() + timedelta(days=2)
    person = make_person()
    Membership.objects.filter(pk=person.membership.pk).update(valid_from=later)

    assert person.program.get("me/").status == 401


@pytest.fixture
def no_minute_ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The failures of a test are counted together, however long it takes."""
    monkeypatch.setattr(throttles, "WINDOW", 10**9)
    yield
    cache.delete(throttles.key_of("127.0.0.1", timezone.now()))


@pytest.mark.usefixtures("no_minute_ends")
def test_failing_tokens_are_throttled_by_address(anonymous: Program) -> None:
    statuses = [anonymous.get("me/", Authorization=f"Token wrong{n}").status for n in range(throttles.MOST_FAILURES)]

    answer = anonymous.get("me/", Authorization="Token wrong")

    assert set(statuses) == {401}
    assert (answer.status, answer.body["code"]) == (429, "throttled")
    assert 1 <= int(answer.header("Retry-After")) <= throttles.WINDOW


@pytest.mark.usefixtures("no_minute_ends")
def test_throttled_address_costs_no_query(
    anonymous: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(throttles.MOST_FAILURES):
        anonymous.get("me/", Authorization=f"Token jy_{number:043}")

    with django_assert_num_queries(0):
        answer = anonymous.get("me/", Authorization="Token jy_" + "x" * 43)

    assert answer.status == 429


def test_token_that_held_lately_does_not_pay_for_its_neighbors(person: Person, anonymous: Program) -> None:
    person.program.get("me/")
    for number in range(throttles.MOST_FAILURES + 1):
        anonymous.get("me/", Authorization=f"Token wrong{number}")

    assert person.program.get("me/").status == 200


def test_token_signs_in_while_the_cache_is_down(person: Person, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }

    assert person.program.get("me/").status == 200
    assert Program("wrong").get("me/").status == 401


def signed_in(person: Person, **headers: str) -> Client:
    client = Client(headers={"Accept-Language": "en", **headers})
    client.force_login(person.user)
    return client


def confirm_factor(client: Client, person: Person) -> None:
    """Let the session have been opened with a second factor."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person.user, "mfa", type="totp")
    request.session.save()


def test_session_reads_without_a_mark_against_forgery(person: Person) -> None:
    response = signed_in(person).get("/api/v1/me/")

    assert response.json()["acting_as"] == person.membership.pk


def test_session_writes_only_with_the_mark_against_forgery(person: Person) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(person.user)

    refused = client.patch("/api/v1/me/", {"language": "en"}, content_type="application/json")
    client.get("/account/login/")
    mark = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "a" * 32
    client.cookies["csrftoken"] = mark
    taken = client.patch(
        "/api/v1/me/", {"language": "en"}, content_type="application/json", headers={"X-CSRFToken": mark}
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert taken.status_code == 200


def test_session_acts_in_the_capacity_named_by_header() -> None:
    user = make_user()
    make_person(Role.COMPANY_ADMIN, user=user)
    second = make_person(Role.COMPANY_EDITOR, user=user)

    response = signed_in(second, **{"X-Acting-As": str(second.membership.pk)}).get("/api/v1/me/")

    assert response.json()["acting_as"] == second.membership.pk


def test_session_acts_in_the_capacity_chosen_before() -> None:
    user = make_user()
    make_person(Role.COMPANY_ADMIN, user=user)
    second = make_person(Role.COMPANY_EDITOR, user=user)
    client = signed_in(second)
    session = client.session
    session["acting"] = second.membership.pk
    session.save()

    assert client.get("/api/v1/me/").json()["acting_as"] == second.membership.pk


@pytest.mark.parametrize("header", ["0", "999999999999999999", "-1", "x", "１"])
def test_session_cannot_act_in_a_capacity_of_others(person: Person, header: str) -> None:
    response = signed_in(person).get("/api/v1/me/", headers={"X-Acting-As": header.encode().decode("latin-1")})

    assert (response.status_code, response.json()["code"]) == (403, "not_your_capacity")


def test_session_of_somebody_without_a_role_is_told_so() -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make_user())

    response = client.get("/api/v1/me/")

    assert (response.status_code, response.json()["code"]) == (403, "no_capacity")


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COMPANY_ADMIN, 200), (Role.DISTRICT_REVIEWER, 403), (Role.EVALUATOR, 403)]
)
def test_session_of_staff_needs_the_second_factor(settings: Settings, role: Role, status: int) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True

    response = signed_in(make_person(role)).get("/api/v1/me/")

    assert response.status_code == status


def test_session_with_the_second_factor_goes_on(settings: Settings) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    person = make_person(Role.CITY_APPROVER)
    client = signed_in(person)
    confirm_factor(client, person)

    assert client.get("/api/v1/me/").status_code == 200


def test_organization_made_inactive_takes_its_tokens_along() -> None:
    office = make_organization()
    person = make_person(organization=office)
    office.is_active = False
    office.save()

    assert person.program.get("me/").status == 401
