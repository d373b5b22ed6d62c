from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from nominations.models import Community
from tests.api.people import Program, program_of
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


def wish(programme: Programme, **changes: Any) -> dict[str, Any]:
    facts = {"name": "示例堃园", "subdistrict": "示例街道", "neighborhood": "示例社区"}
    return {**facts, "authority": str(programme.bureau.office.pk), **changes}


def test_company_enters_and_corrects_a_community(programme: Programme, company: Program) -> None:
    made = company.post("communities/", wish(programme))
    corrected = company.patch(f"communities/{made.body['id']}/", {"address": "示例路1号"})

    assert (made.status, made.body["company"]["id"]) == (201, str(programme.company.office.pk))
    assert (corrected.status, corrected.body["address"], corrected.body["name"]) == (200, "示例路1号", "示例堃园")


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"name": ""}, 400, {"name": "blank"}),
        ({"name": "园\u202e区"}, 400, {"name": "hidden_characters"}),
        ({"subdistrict": "x" * 61}, 400, {"subdistrict": "max_length"}),
        ({"authority": "x"}, 400, {"authority": "invalid"}),
        ({"authority": str(uuid4())}, 404, {"authority": "not_found"}),
        ({"pinyin": "x"}, 400, {"pinyin": "unknown_field"}),
    ],
)
def test_community_that_cannot_be_taken_is_named(
    programme: Programme, changes: dict[str, Any], status: int, named: dict[str, str]
) -> None:
    answer = program_of(programme.company.editor).post("communities/", wish(programme, **changes))

    assert (answer.status, answer.error_codes) == (status, named)
    assert Community.objects.count() == 0


def test_community_is_entered_once(programme: Programme, company: Program) -> None:
    company.post("communities/", wish(programme))

    answer = company.post("communities/", wish(programme))

    assert (answer.status, answer.error_codes) == (409, {"name": "community_known"})


def test_same_place_is_entered_by_another_company_without_a_word(programme: Programme, company: Program) -> None:
    company.post("communities/", wish(programme))

    answer = program_of(programme.companies[1].admin).post("communities/", wish(programme))

    assert (answer.status, answer.body["company"]["id"]) == (201, str(programme.companies[1].office.pk))


def test_community_before_the_offices_is_left_as_it_is(programme: Programme, company: Program) -> None:
    submitted = stages.submitted(programme, at=timezone.now())

    answer = company.patch(f"communities/{submitted.community_id}/", {"name": "新园"})

    assert (answer.status, answer.body["code"]) == (409, "community_in_use")


def test_district_enters_inspections_and_the_company_does_not_see_them(programme: Programme, company: Program) -> None:
    path = f"communities/{programme.community().pk}/inspections/"
    district = program_of(programme.bureau.reviewer)
    found = {"inspected_on": "2023-06-01", "findings": "消防通道堵塞"}

    entered = district.post(path, {"inspections": [found]})
    resolved = district.post(
        path, {"inspections": [{**found, "id": entered.body["results"][0]["id"], "resolved_on": "2023-06-03"}]}
    )

    assert (entered.status, entered.body["results"][0]["resolved_on"]) == (201, None)
    assert [row["resolved_on"] for row in resolved.body["results"]] == ["2023-06-03"]
    assert company.get(path).status == 403


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"inspected_on": "2999-01-01", "findings": "x"}, {"inspections[0].inspected_on": "day_in_future"}),
        ({"inspected_on": "2023-02-30", "findings": "x"}, {"inspections[0].inspected_on": "not_a_date"}),
        ({"inspected_on": "2023-02-03"}, {"inspections[0].findings": "required"}),
    ],
)
def test_inspection_that_cannot_be_taken_is_named(
    programme: Programme, row: dict[str, Any], named: dict[str, str]
) -> None:
    path = f"communities/{programme.community().pk}/inspections/"

    answer = program_of(programme.bureau.reviewer).post(path, {"inspections": [row]})

    assert (answer.status, answer.error_codes) == (400, named)
