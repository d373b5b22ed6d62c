from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nominations.models import ComplaintFigure
from tests.api.people import Answer, Program, program_of
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db
LINES = [("示例住宅一", 100, 1), ("示例住宅二", 200, 1), ("示例住宅三", 100, 3)]


def sent(program: Program, programme: Programme, lines: list[tuple[str, int, int]], **fields: str) -> Answer:
    table = "\n".join(["小区名称,户数,投诉件数", *(f"{name},{homes},{count}" for name, homes, count in lines)])
    upload = SimpleUploadedFile("list.csv", table.encode(), "text/csv")
    return program.upload(f"campaigns/{programme.campaign.pk}/complaint-figures/", {"file": upload, **fields})


def test_complaint_list_is_tried_with_a_verdict_for_every_line(programme: Programme) -> None:
    community = programme.community()
    before = list(ComplaintFigure.objects.values_list())

    answer = sent(program_of(programme.city_reviewer), programme, [(community.name, 300, 0), *LINES])

    assert answer.status == 200
    assert (answer.body["written"], answer.body["limit"], answer.body["within"]) == (False, "0", 1)
    assert [(row["line"], row["name"], row["outcome"]) for row in answer.body["lines"]] == [
        (2, community.name, "matched"),
        *((number, name, "not_registered") for number, (name, _homes, _count) in enumerate(LINES, start=3)),
    ]
    assert list(ComplaintFigure.objects.values_list()) == before


def test_complaint_list_is_written_in_the_place_of_the_former_one(programme: Programme) -> None:
    program = program_of(programme.city_reviewer)
    sent(program, programme, [("示例住宅四", 50, 0)], write="true")

    answer = sent(program, programme, LINES, write="true")

    programme.campaign.refresh_from_db()
    assert (answer.body["written"], answer.body["limit"]) == (True, "1/200")
    assert set(ComplaintFigure.objects.values_list("community_name", flat=True)) == {name for name, *_ in LINES}


def test_complaint_list_with_a_refused_line_writes_nothing(programme: Programme) -> None:
    answer = sent(program_of(programme.city_reviewer), programme, [*LINES, ("示例住宅四", 0, 1)], write="true")

    *taken, refused = answer.body["lines"]
    assert (answer.status, answer.body["written"], refused["outcome"]) == (200, False, "refused")
    assert [reason["fix"] for reason in refused["refusals"]] == ["households"]
    assert {row["outcome"] for row in taken} == {"not_registered"}
    assert not ComplaintFigure.objects.exists()


def test_complaint_list_without_a_heading_is_refused_as_a_whole(programme: Programme) -> None:
    upload = SimpleUploadedFile("list.csv", "甲,乙,丙\n1,2,3".encode(), "text/csv")
    path = f"campaigns/{programme.campaign.pk}/complaint-figures/"

    answer = program_of(programme.city_reviewer).upload(path, {"file": upload})

    assert (answer.status, answer.body["code"], answer.body["errors"][0]["attr"]) == (422, "list_unreadable", "file")


def test_complaint_list_is_the_citys_reviewers_alone(programme: Programme) -> None:
    answer = sent(program_of(programme.city_approver), programme, LINES, write="true")

    assert answer.status == 403
    assert not ComplaintFigure.objects.exists()
