"""What stands round every page: whom one acts as, what waits, how one reads, and what is said when it goes wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from config import handlers
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def test_page_names_office_role_and_person(programme: Programme) -> None:
    page = signed_in(programme.bureau.reviewer.user_id).get("/").content.decode()

    assert programme.bureau.office.name in page
    assert "县区经办人" in page


def test_acting_capacity_can_be_switched(programme: Programme) -> None:
    reviewer = User.objects.get(pk=programme.bureau.reviewer.user_id)
    other = factories.MembershipFactory.create(
        user=reviewer, role=Role.CITY_REVIEWER, organization=programme.campaign.city
    )
    client = signed_in(reviewer.pk)

    client.post(reverse("web:acting"), {"membership": other.pk})

    assert programme.campaign.city.name in client.get("/").content.decode()


def test_somebody_elses_capacity_is_not_taken(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)

    client.post(reverse("web:acting"), {"membership": programme.city_approver.membership_id})

    assert programme.bureau.office.name in client.get("/").content.decode()


def test_way_of_reading_is_kept_for_the_person(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)

    client.post(reverse("web:display"), {"large_text": "on", "high_contrast": "on"})

    elsewhere = signed_in(programme.bureau.reviewer.user_id).get("/").content.decode()
    assert 'data-text="large" data-contrast="more"' in elsewhere


def test_way_of_reading_of_a_stranger_is_kept_in_a_cookie() -> None:
    client = Client()

    client.post(reverse("web:display"), {"high_contrast": "on"})

    page = client.get("/").content.decode()
    assert ('data-contrast="more"' in page, 'data-text="large"' in page) == (True, False)


def test_language_is_kept_for_the_person_and_the_browser(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)

    answer = client.post(reverse("web:language"), {"language": "en", "next": "/help/"})

    assert answer.headers["Location"] == "/help/"
    assert "Handbooks" in client.get("/help/").content.decode()
    assert User.objects.get(pk=programme.bureau.reviewer.user_id).language == "en"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "nowhere",
        "web:help",
        "-1",
        "a\0b",
    ],
)
def test_nobody_is_sent_to_another_site_or_to_what_is_no_address(wanted: str) -> None:
    answers = [
        Client().post(reverse(page), {"language": "en", "next": wanted}) for page in ("web:language", "web:display")
    ]

    assert [answer.headers["Location"] for answer in answers] == ["/", "/"]


@pytest.mark.parametrize("address", ["/", "/help/district/", "/display/", "/account/sessions/", "/no/such/page/"])
def test_persons_language_holds_in_a_new_browser(programme: Programme, address: str) -> None:
    User.objects.filter(pk=programme.bureau.reviewer.user_id).update(language="en")

    page = signed_in(programme.bureau.reviewer.user_id).get(address).content.decode()

    assert '<html lang="en"' in page


def test_page_of_another_role_is_refused_in_words(programme: Programme) -> None:
    answer = signed_in(programme.company.admin.user_id).get("/no/such/page/")

    assert answer.status_code == 404
    assert "没有找到该页面" in answer.content.decode()


def test_form_without_its_token_is_explained(programme: Programme) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("web:display"), {"large_text": "on"})

    assert answer.status_code == 403
    assert "页面打开时间过长" in answer.content.decode()


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [(OperationalError(), 503, "系统暂时繁忙"), (ValueError(), 500, "系统出现故障")],
)
def test_fault_page_reads_nothing(fault: Exception, status: int, words: str, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/", headers={"Accept-Language": "zh-Hans"})
    try:
        raise fault
    except type(fault):
        with django_assert_num_queries(0):
            answer: Any = handlers.server_error(request)

    assert answer.status_code == status
    assert words in answer.content.decode()


def test_bad_request_has_a_page() -> None:
    answer = handlers.bad_request(RequestFactory().get("/"), ValueError())

    assert answer.status_code == 400
