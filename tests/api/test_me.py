from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import User
from tests.api.people import Person, Program, make_person, make_user

pytestmark = pytest.mark.django_db


def test_me_lists_every_capacity_that_is_valid_now() -> None:
    user = make_user()
    first = make_person(Role.COMPANY_ADMIN, user=user)
    second = make_person(Role.DISTRICT_REVIEWER, user=user)
    make_person(Role.COMPANY_EDITOR)

    answer = first.program.get("me/")

    assert [(one["id"], one["role"]) for one in answer.body["memberships"]] == [
        (first.membership.pk, "company_admin"),
        (second.membership.pk, "district_reviewer"),
    ]


def test_language_is_kept(person: Person) -> None:
    answer = person.program.patch("me/", {"language": "en"})

    assert answer.body["language"] == "en"
    assert User.objects.get(pk=person.user.pk).language == "en"


@pytest.mark.parametrize("language", ["fr", "zh", "EN", "zh-Hans"])
def test_language_that_is_not_offered_is_refused(person: Person, language: str) -> None:
    answer = person.program.patch("me/", {"language": language})

    assert (answer.status, answer.error_codes) == (400, {"language": "language_not_offered"})
    assert User.objects.get(pk=person.user.pk).language == "zh-hans"


def test_stranger_has_no_me(anonymous: Program) -> None:
    assert anonymous.get("me/").status == 401
