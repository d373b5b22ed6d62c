"""People, offices and grants in the administration: each administrator role has its own part (flow rule 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import GrantAction, OrganizationKind, Role
from accounts.models import ApiToken, GrantRecord, Membership, Organization, User
from accounts.operations import issue_token
from tests.nominations.factories import CityFactory, MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
SINCE = datetime(2023, 1, 1, tzinfo=UTC)


def browser_of(role: Role) -> Client:
    """Return a browser in which a person of an administrator role has signed in."""
    person: User = UserFactory.create(is_staff=True)
    operator = OrganizationFactory.create(kind=OrganizationKind.OPERATOR)
    MembershipFactory.create(user=person, organization=operator, role=role)
    client = Client()
    client.force_login(person)
    return client


def grant_of(person: User, office: Organization, role: Role) -> dict[str, object]:
    """Return what the page of a new grant sends."""
    return {"user": person.pk, "organization": office.pk, "role": role.value}


def token_of(membership: Membership) -> tuple[ApiToken, str]:
    """Return a token for programs that is good for a day."""
    now = timezone.now()
    return issue_token(membership=membership, label="script", at=now, expires_at=now + timedelta(days=1))


def test_the_way_in_is_the_one_of_the_pages() -> None:
    answer = Client().get(reverse("admin:login"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_security_administrator_grants_and_the_log_knows_it() -> None:
    person, city = UserFactory.create(), CityFactory.create()
    client = browser_of(Role.SECURITY_ADMIN)

    answer = client.post(reverse("admin:accounts_membership_add"), grant_of(person, city, Role.CITY_REVIEWER))

    granted = Membership.objects.get(user=person)
    record = GrantRecord.objects.get(membership=granted)
    assert answer.status_code == 302
    assert (granted.organization, granted.role, granted.valid_until) == (city, Role.CITY_REVIEWER, None)
    assert (record.action, record.granted_by_id) == (GrantAction.GRANTED, int(client.session["_auth_user_id"]))


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_nobody_else_grants(role: Role) -> None:
    person, city = UserFactory.create(), CityFactory.create()

    answer = browser_of(role).post(reverse("admin:accounts_membership_add"), grant_of(person, city, Role.CITY_REVIEWER))

    assert answer.status_code == 403
    assert not Membership.objects.filter(user=person).exists()


def test_a_role_that_the_office_does_not_know_is_refused_at_its_field() -> None:
    grant = grant_of(UserFactory.create(), CityFactory.create(), Role.COMPANY_ADMIN)

    answer = browser_of(Role.SECURITY_ADMIN).post(reverse("admin:accounts_membership_add"), grant)

    assert list(answer.context["adminform"].form.errors) == ["role"]


def test_administrator_roles_exclude_each_other() -> None:
    operator = OrganizationFactory.create(kind=OrganizationKind.OPERATOR)
    person = MembershipFactory.create(organization=operator, role=Role.AUDITOR).user
    grant = grant_of(person, operator, Role.SYSTEM_ADMIN)

    answer = browser_of(Role.SECURITY_ADMIN).post(reverse("admin:accounts_membership_add"), grant)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["role"]


def test_ending_a_grant_is_logged() -> None:
    membership = MembershipFactory.create()
    client = browser_of(Role.SECURITY_ADMIN)

    client.post(
        reverse("admin:accounts_membership_changelist"), {"action": "end_now", "_selected_action": membership.pk}
    )

    membership.refresh_from_db()
    assert membership.valid_until is not None
    assert GrantRecord.objects.get(membership=membership).action == GrantAction.REVOKED


def test_a_grant_is_not_changed() -> None:
    membership = MembershipFactory.create()

    answer = browser_of(Role.SECURITY_ADMIN).post(
        reverse("admin:accounts_membership_change", args=[membership.pk]), {"role": Role.COMPANY_EDITOR.value}
    )

    assert answer.status_code == 403


def test_the_security_administrator_revokes_tokens() -> None:
    membership = MembershipFactory.create(valid_from=SINCE)
    token, _secret = token_of(membership)
    client = browser_of(Role.SECURITY_ADMIN)

    client.post(reverse("admin:accounts_apitoken_changelist"), {"action": "revoke_now", "_selected_action": token.pk})

    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None


def test_the_digest_of_a_token_is_not_shown() -> None:
    membership = MembershipFactory.create(valid_from=SINCE)
    token, secret = token_of(membership)

    page = browser_of(Role.SECURITY_ADMIN).get(reverse("admin:accounts_apitoken_change", args=[token.pk]))

    assert page.status_code == 200
    assert token.digest not in page.content.decode()
    assert secret not in page.content.decode()


def test_the_system_administrator_enters_people_without_making_them_superusers() -> None:
    client = browser_of(Role.SYSTEM_ADMIN)
    entry = {
        "username": "zhou.wenlan",
        "name": "周文岚",
        "email": "zhou.wenlan@example.com",
        "usable_password": "true",
        "password1": "栖云雅苑 on the lake 26",
        "password2": "栖云雅苑 on the lake 26",
        "is_superuser": "on",
    }

    answer = client.post(reverse("admin:accounts_user_add"), entry)

    person = User.objects.get(username="zhou.wenlan")
    assert answer.status_code == 302
    assert (person.name, person.is_superuser, person.is_staff) == ("周文岚", False, False)


def test_the_kind_of_an_office_stays() -> None:
    office: Organization = CityFactory.create()

    browser_of(Role.SYSTEM_ADMIN).post(
        reverse("admin:accounts_organization_change", args=[office.pk]),
        {"kind": OrganizationKind.COMPANY.value, "name": "改名市城市管理局", "is_active": "on"},
    )

    office.refresh_from_db()
    assert (office.kind, office.name) == (OrganizationKind.CITY, "改名市城市管理局")


def test_the_auditor_of_one_city_does_not_see_the_offices_of_all() -> None:
    person: User = UserFactory.create(is_staff=True)
    MembershipFactory.create(user=person, organization=CityFactory.create(), role=Role.AUDITOR)
    client = Client()
    client.force_login(person)

    assert client.get(reverse("admin:accounts_organization_changelist")).status_code == 403


@pytest.mark.parametrize("page", ["user", "organization", "district", "membership", "grantrecord", "apitoken"])
def test_every_list_is_shown_to_an_auditor(page: str) -> None:
    answer = browser_of(Role.AUDITOR).get(reverse(f"admin:accounts_{page}_changelist"))

    assert answer.status_code == 200


def test_whoever_set_the_installation_up_may_grant() -> None:
    person: User = UserFactory.create(is_staff=True, is_superuser=True)
    client, city = Client(), CityFactory.create()
    client.force_login(person)

    client.post(reverse("admin:accounts_membership_add"), grant_of(person, city, Role.CITY_APPROVER))

    assert GrantRecord.objects.get().granted_by == person
