from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import ApiToken
from tests.api.people import Person, Program, make_person, make_user
from tests.api.test_authentication import confirm_factor, signed_in

pytestmark = pytest.mark.django_db


def wish(person: Person, **body: Any) -> Any:
    """Ask for a token as somebody who has signed in on the pages."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person.user)
    asked = {"label": "import", "expires_at": in_days(30).isoformat(), **body}
    return client.post("/api/v1/tokens/", asked, content_type="application/json")


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_token_shows_its_secret_once_and_works(person: Person) -> None:
    made = wish(person)

    listed = person.program.get("tokens/").body["results"]
    assert made.status_code == 201
    assert Program(made.json()["secret"]).get("me/").status == 200
    assert [set(row) & {"secret", "digest"} for row in listed] == [set(), set()]
    assert listed[0]["prefix"] == made.json()["secret"][:8]


def test_secret_is_stored_nowhere(person: Person) -> None:
    secret = wish(person).json()["secret"]

    stored = [str(value) for row in ApiToken.objects.values() for value in row.values()]

    assert not any(secret in value for value in stored)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_token_must_expire_within_a_year(person: Person, days: int) -> None:
    response = wish(person, expires_at=in_days(days).isoformat())

    assert (response.status_code, response.json()["code"]) == (400, "token_life_too_long")
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"label": ""}, {"label": "blank"}),
        ({"label": "x" * 81}, {"label": "max_length"}),
        ({"expires_at": "2026-02-30"}, {"expires_at": "invalid"}),
        ({"expires_at": "tomorrow"}, {"expires_at": "invalid"}),
        ({"expires_at": 1}, {"expires_at": "invalid"}),
        ({"membership": 0}, {"membership": "min_value"}),
        ({"membership": 2**63}, {"": "not_a_number"}),
        ({"scope": "all"}, {"scope": "unknown_field"}),
    ],
)
def test_malformed_wish_names_its_field(person: Person, body: dict[str, Any], named: dict[str, str]) -> None:
    response = wish(person, **body)

    assert response.status_code == 400
    assert {error["attr"]: error["code"] for error in response.json()["errors"]} == named


def test_token_for_another_capacity_of_the_same_person() -> None:
    user = make_user()
    make_person(Role.COMPANY_ADMIN, user=user)
    second = make_person(Role.COMPANY_EDITOR, user=user)

    made = wish(second, membership=second.membership.pk).json()

    assert (made["membership"], made["role"]) == (second.membership.pk, "company_editor")


def test_token_for_a_capacity_of_somebody_else_is_refused(person: Person) -> None:
    response = wish(person, membership=make_person().membership.pk)

    assert (response.status_code, response.json()["code"]) == (422, "not_your_membership")


def test_token_makes_no_token(person: Person) -> None:
    answer = person.program.post("tokens/", {"label": "x", "expires_at": in_days(1).isoformat()})

    assert (answer.status, answer.body["code"]) == (403, "token_makes_no_token")


def test_token_is_revoked_by_its_owner(person: Person) -> None:
    made = wish(person).json()

    answer = person.program.delete(f"tokens/{made['id']}/")

    assert (answer.status, answer.content) == (204, b"")
    assert Program(made["secret"]).get("me/").status == 401
    assert person.program.get(f"tokens/{made['id']}/").body["revoked_at"] is not None


def test_token_of_somebody_else_is_not_found(person: Person) -> None:
    other = make_person()
    pk = ApiToken.objects.get(membership=other.membership).pk

    statuses = [person.program.get(f"tokens/{pk}/").status, person.program.delete(f"tokens/{pk}/").status]

    assert statuses == [404, 404]
    assert other.program.get("me/").status == 200


@pytest.mark.parametrize("has_factor", [True, False])
def test_key_for_a_staff_role_is_made_with_the_second_factor_alone(settings: Settings, has_factor: bool) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    person = make_person(Role.COMPANY_ADMIN)
    staff = make_person(Role.CITY_APPROVER, user=person.user)
    client = signed_in(person, **{"X-Acting-As": str(person.membership.pk)})
    if has_factor:
        confirm_factor(client, person)
    asked = {"label": "x", "expires_at": in_days(30).isoformat()}

    own, other = (
        client.post("/api/v1/tokens/", asked | {"membership": one.membership.pk}, content_type="application/json")
        for one in (person, staff)
    )

    assert (own.status_code, other.status_code) == (201, 201 if has_factor else 422)


def test_key_knows_of_keys_for_its_own_capacity_alone(person: Person) -> None:
    other = make_person(Role.COMPANY_EDITOR, user=person.user)
    foreign = ApiToken.objects.get(membership=other.membership)

    assert [row["id"] for row in person.program.get("tokens/").body["results"]] != []
    assert foreign.pk not in [row["id"] for row in person.program.get("tokens/").body["results"]]
    assert person.program.get(f"tokens/{foreign.pk}/").status == 404
    assert person.program.delete(f"tokens/{foreign.pk}/").status == 404
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
