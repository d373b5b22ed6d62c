from __future__ import annotations

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from tests.api.people import Answer, Program, make_organization, make_person

pytestmark = pytest.mark.django_db
NAMES = ["长丰", "安庆", "六安", "叶集", "北京", "安庆", "重庆"]


@pytest.fixture
def program() -> Program:
    return make_person(Role.CITY_REVIEWER).program


@pytest.fixture
def companies(program: Program) -> list[Organization]:
    return [make_organization(name=name) for name in NAMES]


def names(answer: Answer) -> list[str]:
    return [row["name"] for row in answer.body["results"]]


def walk(program: Program, path: str, link: str = "next") -> list[Answer]:
    """Return this page and all those after it."""
    pages = [program.get(path)]
    while pages[-1].body[link]:
        pages.append(program.get(pages[-1].body[link]))
    return pages


@pytest.mark.usefixtures("companies")
def test_chinese_names_are_sorted_by_their_pinyin(program: Program) -> None:
    answer = program.get("organizations/?kind=company")

    assert names(answer) == ["安庆", "安庆", "北京", "长丰", "重庆", "六安", "叶集"]


@pytest.mark.usefixtures("companies")
@pytest.mark.parametrize("ordering", ["name", "-name"])
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 100])
def test_pages_show_every_row_once_and_in_order(program: Program, ordering: str, size: int) -> None:
    whole = names(program.get(f"organizations/?kind=company&ordering={ordering}"))

    pages = walk(program, f"organizations/?kind=company&ordering={ordering}&page_size={size}")

    assert [name for page in pages for name in names(page)] == whole
    assert [len(page.body["results"]) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert len(pages) == -(-len(NAMES) // size)


@pytest.mark.usefixtures("companies")
@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_way_back_shows_the_same_pages(program: Program, size: int) -> None:
    forward = walk(program, f"organizations/?kind=company&page_size={size}")

    back = walk(program, forward[-1].body["previous"], "previous")

    assert [names(page) for page in back] == [names(page) for page in forward[:-1]][::-1]
    assert back[-1].body["previous"] is None


@pytest.mark.usefixtures("companies")
def test_row_that_goes_away_disturbs_nothing(program: Program) -> None:
    first = program.get("organizations/?kind=company&page_size=3")
    Organization.objects.filter(pk=first.body["results"][2]["id"]).delete()

    second = program.get(first.body["next"])

    assert names(second) == ["长丰", "重庆", "六安"]


def test_empty_list_has_no_neighbors(program: Program) -> None:
    answer = program.get("organizations/?kind=company")

    assert answer.body == {"results": [], "next": None, "previous": None}


@pytest.mark.usefixtures("companies")
def test_every_page_costs_one_query_beside_the_sign_in(program: Program) -> None:
    pages = walk(program, "organizations/?kind=company&page_size=2")
    costs = []
    for page in (pages[0].body["next"], pages[-2].body["next"]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            program.get(page)
        costs.append(len(queries))

    assert costs == [2, 2]


@pytest.mark.usefixtures("companies")
def test_a_page_is_found_by_one_comparison_of_the_key(program: Program) -> None:
    following = program.get("organizations/?kind=company&page_size=2").body["next"]

    with CaptureQueriesContext(connection) as queries:
        program.get(following)

    sql = queries[-1]["sql"]
    assert "OFFSET" not in sql
    assert '("accounts_organization"."pinyin", "accounts_organization"."id") > (' in sql


def cursor(*content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "%00",
        "%F0%9F",
        "汉",
        "A" * 3000,
        cursor(),
        cursor("name"),
        cursor("name", 0),
        cursor("-name", 0, "a", "0190a5c2-0000-7000-8000-000000000000"),
        cursor("name", 2, "a", "0190a5c2-0000-7000-8000-000000000000"),
        cursor("name", 0, "a", "not an id"),
        cursor("name", 0, "a\0", "0190a5c2-0000-7000-8000-000000000000"),
        cursor("name", 0, 1, "0190a5c2-0000-7000-8000-000000000000"),
        cursor("name", 0, "a", "b", "0190a5c2-0000-7000-8000-000000000000"),
        base64.urlsafe_b64encode(b"[" * 1400).decode().rstrip("="),
    ],
)
def test_place_that_is_none_is_refused(program: Program, place: str) -> None:
    answer = program.get(f"organizations/?cursor={place}")

    assert (answer.status, answer.error_codes) == (400, {"cursor": "invalid_cursor"})


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("page_size=0", {"page_size": "invalid"}),
        ("page_size=101", {"page_size": "invalid"}),
        ("page_size=-1", {"page_size": "invalid"}),
        ("page_size=１０", {"page_size": "invalid"}),
        ("page_size=1e1", {"page_size": "invalid"}),
        ("page_size=", {"page_size": "invalid"}),
        ("page_size=" + "9" * 5000, {"page_size": "invalid"}),
        ("ordering=pinyin", {"ordering": "invalid_choice"}),
        ("ordering=--name", {"ordering": "invalid_choice"}),
        ("ordering=name,id", {"ordering": "invalid_choice"}),
        ("ordering=parent__name", {"ordering": "invalid_choice"}),
        ("search=", {"search": "invalid"}),
        ("search=%20", {"search": "invalid"}),
        ("search=%00", {"search": "invalid"}),
        ("search=" + "x" * 61, {"search": "invalid"}),
        ("kind=nothing", {"kind": "invalid_choice"}),
        ("parent=x", {"parent": "invalid"}),
        ("parent=%00", {"parent": "invalid"}),
        ("page=2", {"page": "unknown_parameter"}),
        ("kind__in=company", {"kind__in": "unknown_parameter"}),
        ("format=api", {"format": "unknown_parameter"}),
    ],
)
def test_parameter_at_fault_is_named(program: Program, query: str, named: dict[str, str]) -> None:
    answer = program.get(f"organizations/?{query}")

    assert (answer.status, answer.error_codes) == (400, named)


@pytest.mark.usefixtures("companies")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("庆", ["安庆", "安庆", "重庆"]),
        ("anqing", ["安庆", "安庆"]),
        ("an qing", ["安庆", "安庆"]),
        ("Qing", ["安庆", "安庆", "重庆"]),
        ("luan", ["六安"]),
        ("chang", ["长丰"]),
        ("cq", ["重庆"]),
        ("CQ", ["重庆"]),
        ("%25", []),
        ("_", []),
        ("'", []),
        ("堃", []),
    ],
)
def test_search_looks_at_name_pinyin_and_initials(program: Program, wanted: str, found: list[str]) -> None:
    assert names(program.get(f"organizations/?kind=company&search={wanted}")) == found


def test_pages_keep_their_filters() -> None:
    city = make_organization(OrganizationKind.CITY)
    districts = [make_organization(OrganizationKind.DISTRICT, parent=city) for _ in range(3)]
    program = make_person(Role.CITY_REVIEWER, organization=city).program

    pages = walk(program, f"organizations/?parent={city.pk}&page_size=2")

    assert {row["id"] for page in pages for row in page.body["results"]} == {str(one.pk) for one in districts}
