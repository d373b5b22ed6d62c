from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from nominations.enums import Capacity
from nominations.models import Assignment, Nomination
from tests.api.people import Program, program_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(programme: Programme) -> Nomination:
    return stages.submitted(programme, at=timezone.now())


@pytest.fixture
def reviewer(programme: Programme) -> Program:
    return program_of(programme.bureau.reviewer)


@pytest.fixture
def path(case: Nomination, reviewer: Program) -> str:
    reviewer.post(f"nominations/{case.pk}/claim/")
    return f"nominations/{case.pk}/district-review/"


def test_case_is_taken_up_once(programme: Programme, case: Nomination, reviewer: Program) -> None:
    first = reviewer.post(f"nominations/{case.pk}/claim/")
    second = program_of(programme.bureau.colleague).post(f"nominations/{case.pk}/claim/")

    assert (first.status, first.body["name"], first.body["kind"]) == (200, "claim", "act")
    assert (second.status, second.body["code"]) == (409, "claimed")


def test_case_goes_back_on_the_pile_and_to_a_colleague(programme: Programme, case: Nomination, path: str) -> None:
    approver = program_of(programme.bureau.approver)
    colleague = programme.bureau.colleague.person_id

    released = approver.post(f"nominations/{case.pk}/release/")
    handed = approver.post(f"nominations/{case.pk}/hand-over/", {"reviewer_id": colleague})
    stranger = approver.post(f"nominations/{case.pk}/hand-over/", {"reviewer_id": programme.city_reviewer.person_id})

    assert [one.body.get("name") for one in (released, handed)] == ["release", "hand_over"]
    assert (stranger.status, stranger.error_codes) == (404, {"reviewer": "not_found"})


def test_act_names_the_version_it_was_made_on(case: Nomination, reviewer: Program) -> None:
    answers = [
        reviewer.post(f"nominations/{case.pk}/claim/", If_Match='"99"'),
        reviewer.post(f"nominations/{case.pk}/claim/", {"version": 99}),
        reviewer.post(f"nominations/{case.pk}/claim/", {"version": "x"}),
        reviewer.post(f"nominations/{case.pk}/claim/", If_Match=f'"{case.version}"'),
    ]

    assert [answer.status for answer in answers] == [412, 409, 400, 200]


def test_review_that_nobody_began_is_empty(case: Nomination, reviewer: Program) -> None:
    answer = reviewer.get(f"nominations/{case.pk}/district-review/")

    assert (answer.body["complete"], answer.body["requirements"], answer.body["sheet"]) == (False, [], None)


def test_first_save_opens_the_review_with_computed_checks(reviewer: Program, path: str) -> None:
    answer = reviewer.put(path, {"opinion": "材料齐全。"})

    computed = {
        check["number"]: check["verdict"] for check in answer.body["requirements"] if check["source"] == "computed"
    }
    assert answer.body["opinion"] == "材料齐全。"
    assert computed[1] == "met"
    assert len(answer.body["sheet"]["lines"]) == 25


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"nothing": 1}, {"nothing": "unknown_section"}),
        ({"scores": {}}, {"scores": "not_a_list"}),
        ({"scores": [{"item": "x"}]}, {"scores[0].item": "not_an_id"}),
        ({"requirements": [{"number": 99, "verdict": "met"}]}, {"requirements[0].number": "no_such_requirement"}),
        ({"requirements": [{"number": 2, "verdict": "not_met"}]}, {"requirements[0].note": "note_missing"}),
        ({"opinion": 7}, {"opinion": "not_text"}),
        ({"version": 0}, {"version": "invalid"}),
    ],
)
def test_section_that_cannot_be_taken_is_named(
    reviewer: Program, path: str, body: dict[str, Any], named: dict[str, str]
) -> None:
    answer = reviewer.put(path, body)

    assert (answer.status, answer.error_codes) == (400, named)


def test_mark_that_another_device_has_changed_is_left_alone(reviewer: Program, path: str) -> None:
    item = reviewer.put(path, {"opinion": "x"}).body["sheet"]["lines"][0]["item"]
    reviewer.put(path, {"scores": [{"item": item, "points": 9}]})

    answer = reviewer.put(path, {"scores": [{"item": item, "points": 5, "remark": "差", "version": 0}]})

    [conflict] = answer.body["conflicts"]
    assert (conflict["item"], conflict["points"]) == (item, "9.0")
    assert answer.body["sheet"]["lines"][0]["points"] == "9.0"


def test_review_is_not_handed_on_with_gaps(reviewer: Program, path: str) -> None:
    reviewer.put(path, {"opinion": ""})

    answer = reviewer.post(f"{path}complete/")

    assert (answer.status, answer.body["code"]) == (422, "review_incomplete")
    assert {"requirement_not_judged", "opinion_missing"} <= set(answer.refusal_codes)


def test_reviewers_name_stays_in_the_office(programme: Programme, reviewer: Program, path: str) -> None:
    reviewer.put(path, {"opinion": "x"})

    names = [
        program_of(reader).get(path).body["reviewer"] for reader in (programme.bureau.approver, programme.city_reviewer)
    ]

    assert names == [programme.bureau.reviewer.name, None]


def test_evidence_of_a_review_is_out_of_the_companys_sight(
    programme: Programme, company: Program, reviewer: Program, path: str
) -> None:
    received = reviewer.upload(f"{path}attachments/", {"file": city_stages.photo(), "purpose": "photo"})

    listed = reviewer.get(f"{path}attachments/").body["results"]

    assert [row["id"] for row in listed] == [received.body["id"]]
    assert company.get(f"{path}attachments/").status == 403
    assert company.get(f"{path}attachments/{received.body['id']}/content/").status == 403


def assigned(programme: Programme, case: Nomination) -> tuple[Program, str]:
    """Return an evaluator of the case and the id of the assignment."""
    person = city_stages.evaluator(programme)
    made = Assignment.objects.create(
        nomination=case, evaluator_id=person.person_id, capacity=Capacity.EXPERT, assigned_at=timezone.now()
    )
    return program_of(person), str(made.pk)


def test_evaluator_sees_what_is_assigned_and_nobody_elses(programme: Programme, case: Nomination) -> None:
    first, one = assigned(programme, case)
    second, two = assigned(programme, case)

    assert [row["id"] for row in first.get("assignments/").body["results"]] == [one]
    assert first.get(f"nominations/{case.pk}/").status == 200
    assert first.post(f"assignments/{two}/score-sheet/").status == 404
    assert second.post(f"assignments/{one}/conflict/", {"reason": "x"}).status == 404


def test_evaluator_in_conflict_steps_back_and_sees_no_more(programme: Programme, case: Nomination) -> None:
    program, assignment = assigned(programme, case)

    answer = program.post(f"assignments/{assignment}/conflict/", {"reason": "亲属在该企业任职"})

    assert (answer.status, answer.body["conflict_reason"]) == (200, "亲属在该企业任职")
    assert program.get(f"nominations/{case.pk}/").status == 404
    assert program.post(f"assignments/{assignment}/score-sheet/").status == 404


def test_visit_without_a_photo_is_refused(programme: Programme, case: Nomination) -> None:
    city = program_of(programme.city_reviewer)

    answer = city.upload(f"nominations/{case.pk}/visits/", {"visited_on": "2023-08-08", "members": ["示例"]})

    assert (answer.status, answer.error_codes) == (400, {"photos": "required"})
