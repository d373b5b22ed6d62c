"""Anybody verifies a title by its number, without signing in; nobody is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nominations.models import Nomination
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return stages.programme()


def titled(programme: Programme, **facts: Any) -> Nomination:
    """Return a case with a title on it."""
    case = stages.submitted(programme)
    wanted = {"title_from": date(2023, 10, 1), "result_document": "示建函〔2023〕9号"} | facts
    Nomination.objects.filter(pk=case.pk).update(**wanted)
    return case


def asked(code: str) -> str:
    answer = Client().get(reverse("web:public:verification", args=[code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_number_that_was_typed_gets_an_address_of_its_own(programme: Programme) -> None:
    case = titled(programme)

    answer = Client().get(reverse("web:public:verify"), {"number": f" {case.number} "})

    assert answer.headers["Location"] == reverse("web:public:verification", args=[case.number])


def test_title_is_shown_with_its_document_and_whether_it_holds(programme: Programme) -> None:
    case = titled(programme)

    page = asked(case.number)

    assert [text in page for text in (case.community.name, "示建函〔2023〕9号", "有效")] == [True] * 3
    assert programme.company.admin.name not in page


def test_title_that_is_over_says_so(programme: Programme) -> None:
    case = titled(programme, title_until=date(2024, 10, 1))

    page = asked(case.number)

    assert ["2024年10月1日" in page, "已到期" in page] == [True, True]


def test_case_without_a_title_and_a_number_of_nobody_find_nothing(programme: Programme) -> None:
    case = stages.submitted(programme)

    pages = [asked(code) for code in (case.number, "ZZ-2023-001", "x" * 300)]

    assert ["没有查到该编号的称号" in page for page in pages] == [True] * 3
    assert case.community.name not in pages[0]


@pytest.mark.parametrize("number", ["\x00", "a/b", "x" * 500, HOSTILE])
def test_what_is_no_number_finds_nothing_and_breaks_nothing(programme: Programme, number: str) -> None:
    answer = Client().get(reverse("web:public:verify"), {"number": number}, follow=True)

    assert (answer.status_code, HOSTILE in answer.content.decode()) == (200, False)
