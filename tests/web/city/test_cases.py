"""The list of cases: narrowed in the address, searched, taken away."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from nominations.models import Nomination
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db


def named(programme: Programme, name: str, **how: Any) -> Nomination:
    """Return a submitted nomination of a community of this name."""
    return stages.submitted(programme, community=programme.community(name=name), **how)


def shown_in(page: str, *names: str) -> list[bool]:
    """Tell which of the names the page shows."""
    return [name in page for name in names]


def test_list_shows_every_case_of_the_campaign(programme: Programme) -> None:
    named(programme, "栖云雅苑")
    stages.drafted(programme, community=programme.community(name="桂香里"))

    page = read(desk(programme.city_reviewer), "web:city:cases")

    assert shown_in(page, "栖云雅苑", "桂香里", "全部 2", "在企业 1", "在县区 1") == [True] * 5


@pytest.mark.parametrize("query", ["?group=company", "?state=draft", "?q=桂香", "?q=guixiang", "?q=gxl"])
def test_list_is_narrowed_by_the_address(programme: Programme, query: str) -> None:
    named(programme, "栖云雅苑")
    stages.drafted(programme, community=programme.community(name="桂香里"))

    page = read(desk(programme.city_reviewer), "web:city:cases", query=query)

    assert shown_in(page, "栖云雅苑", "桂香里") == [False, True]


def test_list_is_narrowed_to_a_district_and_to_a_number(programme: Programme) -> None:
    here, there = named(programme, "栖云雅苑"), named(programme, "桂香里")
    client = desk(programme.city_reviewer)

    by_district = read(client, "web:city:cases", query=f"?district={programme.bureaus[1].office.pk}")
    by_number = read(client, "web:city:cases", query=f"?q={there.number}")

    assert shown_in(by_district, here.community.name, there.community.name) == [False, False]
    assert shown_in(by_number, here.community.name, there.community.name) == [False, True]


@pytest.mark.parametrize("query", ["?group=nonsense", "?state=nonsense", "?district=1", "?order=nonsense", "?q=%00"])
def test_what_cannot_be_understood_narrows_nothing(programme: Programme, query: str) -> None:
    named(programme, "栖云雅苑")

    page = read(desk(programme.city_reviewer), "web:city:cases", query=query)

    assert "栖云雅苑" in page


def test_list_without_any_fit_says_what_to_do(programme: Programme) -> None:
    named(programme, "栖云雅苑")

    page = read(desk(programme.city_reviewer), "web:city:cases", query="?q=无此小区")

    assert "没有符合条件的自荐件" in page


def test_list_takes_one_number_of_queries(programme: Programme) -> None:
    client = desk(programme.city_reviewer)

    few, many = queries_with_more(client, reverse("web:city:cases"), lambda: stages.submitted(programme))

    assert few == many


def test_cases_of_another_city_are_not_shown(programme: Programme) -> None:
    other = stages.programme()
    named(other, "栖云雅苑")

    page = read(desk(programme.city_reviewer), "web:city:cases")

    assert "栖云雅苑" not in page


def test_export_holds_the_narrowed_list_and_no_formula(programme: Programme) -> None:
    named(programme, "=1+1")
    stages.drafted(programme, community=programme.community(name="桂香里"))

    answer = desk(programme.city_reviewer).post(f"{reverse('web:city:cases-table')}?group=district")

    sheet: Any = load_workbook(BytesIO(answer.content)).active
    [head, row] = list(sheet.iter_rows())
    assert [head[1].value, row[1].value] == ["小区", "=1+1"]
    assert (row[1].data_type, row[1].quotePrefix) == ("s", True)
    assert "attachment" in answer["Content-Disposition"]


def test_export_takes_one_number_of_queries(programme: Programme) -> None:
    client = desk(programme.city_reviewer)

    few, many = queries_with_more(client, reverse("web:city:cases-table"), lambda: city_stages.recommended(programme))

    assert few == many


def test_hostile_name_is_shown_as_text(programme: Programme) -> None:
    named(programme, HOSTILE)

    page = read(desk(programme.city_reviewer), "web:city:cases")

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
