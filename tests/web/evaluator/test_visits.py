"""S-09: where an evaluator goes, and the answer to an assignment."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from nominations.enums import AssignmentEnd
from nominations.models import Assignment, Community, Declaration
from tests.nominations import city_stages
from tests.nominations.stages import Programme
from tests.web.evaluator.conftest import assigned
from tests.web.test_pages import signed_in

HOSTILE = "<img src=x onerror=alert(1)>"


def page(name: str, assignment: Assignment, *more: object) -> str:
    return reverse(f"web:evaluator:{name}", args=[assignment.pk, *more])


def test_visits_list_the_own_communities(phone: Client, assignment: Assignment) -> None:
    shown = phone.get(reverse("web:evaluator:visits")).content.decode()

    assert shown.count(page("assignment", assignment)) == 1
    assert "未定日期或日期已过" in shown


def test_visits_without_an_assignment_say_so(phone: Client) -> None:
    assert "暂无分配给您的小区" in phone.get(reverse("web:evaluator:visits")).content.decode()


def test_visits_of_one_and_of_three_communities_take_one_number_of_queries(
    programme: Programme, evaluator: Actor, phone: Client, now: datetime
) -> None:
    assigned(programme, evaluator, now)
    phone.get(reverse("web:evaluator:visits"))  # the first page of a session asks a little more
    counts = []
    for more in (0, 2):
        for _each in range(more):
            assigned(programme, evaluator, now)
        with CaptureQueriesContext(connection) as caught:
            phone.get(reverse("web:evaluator:visits"))
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_hostile_name_is_shown_as_text(phone: Client, assignment: Assignment) -> None:
    Community.objects.filter(pk=assignment.nomination.community_id).update(name=HOSTILE)

    shown = [
        phone.get(address).content.decode()
        for address in (reverse("web:evaluator:visits"), page("assignment", assignment))
    ]

    assert [(HOSTILE in one, "&lt;img src=x" in one) for one in shown] == [(False, True)] * 2


def test_assignment_of_somebody_else_is_not_found(programme: Programme, assignment: Assignment) -> None:
    colleague = signed_in(city_stages.evaluator(programme).user_id)

    pages = ("assignment", "decline", "conflict")

    assert [colleague.get(page(name, assignment)).status_code for name in pages] == [404, 404, 404]
    assert colleague.post(page("accept", assignment)).status_code == 404


def test_sheet_opens_only_after_the_answer(phone: Client, assignment: Assignment) -> None:
    before = phone.get(page("item", assignment, 1)).status_code
    answered = phone.post(page("accept", assignment))

    assert (before, answered.status_code, answered["Location"]) == (404, 302, page("assignment", assignment))
    assert phone.get(page("item", assignment, 1)).status_code == 200
    assert Declaration.objects.filter(person=assignment.evaluator, kind="none").count() == 1


def test_decline_needs_one_of_the_reasons(phone: Client, assignment: Assignment) -> None:
    answered = phone.post(page("decline", assignment), {"reason": "bored"})

    assert answered.status_code == 422
    assert "请选择一项。" in answered.content.decode()
    assert Assignment.objects.active().filter(pk=assignment.pk).exists()


def test_decline_ends_the_assignment(phone: Client, assignment: Assignment) -> None:
    answered = phone.post(page("decline", assignment), {"reason": "ill", "note": "住院"})

    assignment.refresh_from_db()
    assert (answered.status_code, assignment.ended_because, assignment.decline_reason) == (
        302,
        AssignmentEnd.DECLINED,
        "ill",
    )


def test_conflict_names_what_is_missing(phone: Client, assignment: Assignment) -> None:
    answered = phone.post(page("conflict", assignment), {"kind": "family", "about": "company", "reason": " "})

    assert answered.status_code == 422
    assert Assignment.objects.active().filter(pk=assignment.pk).exists()


def test_conflict_takes_the_evaluator_off_the_panel(phone: Client, assignment: Assignment) -> None:
    posted = {"kind": "family", "about": "company", "reason": "配偶在该企业任职"}

    answered = phone.post(page("conflict", assignment), posted)

    assignment.refresh_from_db()
    assert (answered.status_code, assignment.ended_because) == (302, AssignmentEnd.CONFLICT)
    assert phone.get(page("assignment", assignment)).status_code == 404


def test_link_of_a_mail_leads_to_the_own_part_of_a_case(assignment: Assignment, phone: Client) -> None:
    answer = phone.get(reverse("web:case", args=[assignment.nomination_id]))

    assert answer.headers["Location"] == reverse("web:evaluator:assignment", args=[assignment.pk])


def test_case_of_others_is_not_found_by_an_evaluator(programme: Programme, phone: Client) -> None:
    foreign = city_stages.recommended(programme)

    assert phone.get(reverse("web:case", args=[foreign.pk])).status_code == 404
