from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.actors import Actor
from accounts.enums import Role
from nominations.enums import Pile, Window
from nominations.models import DistrictReview
from nominations.operations import assignment
from nominations.operations.extension import prepare_extension
from nominations.operations.nomination import claim
from nominations.queries.nomination import counts_on_desk, nominations_on
from nominations.queries.progress import progress_of
from nominations.queries.waiting import counts_waiting_for, waiting_for
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import AT, Programme
from tests.workflow.world import build

pytestmark = pytest.mark.django_db


def waiting(actor: Actor) -> dict[str, int]:
    """Return the kinds of work of which there is any."""
    return {kind: count for kind, count in counts_waiting_for(actor).items() if count}


@pytest.mark.parametrize("role", list(Role))
def test_counts_are_those_of_the_person_whoever_asked_before(
    role: Role, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world, other = build(), build()
    for one in (world, other, other):
        stages.submitted(one.programme)
    nowhere = replace(world.actor(role), city_id=None, organization_id=None)

    for actor in (world.actor(role), other.actor(role), nowhere):
        expected = {kind: rows.count() for kind, rows in waiting_for(actor).items()}
        piles = {pile.value: nominations_on(actor, pile).count() for pile in Pile}
        counts_waiting_for(actor)
        with django_assert_num_queries(1 if expected else 0):
            assert counts_waiting_for(actor) == expected
        assert counts_on_desk(actor) == piles


def test_draft_waits_for_its_company_alone(programme: Programme) -> None:
    stages.drafted(programme)

    assert waiting(programme.company.editor) == {"to_fill_in": 1}
    assert waiting(programme.companies[1].editor) == {}
    assert waiting(programme.bureau.reviewer) == {"work_reports_to_write": 1}


def test_submitted_case_waits_for_whoever_takes_it_up(programme: Programme) -> None:
    case = stages.submitted(programme)
    before = [counts_waiting_for(one)["to_take_up"] for one in (programme.bureau.reviewer, programme.bureau.colleague)]

    claim(nomination_id=case.pk, actor=programme.bureau.reviewer, at=AT)

    assert before == [1, 1]
    assert counts_waiting_for(programme.bureau.reviewer)["to_review"] == 1
    assert waiting(programme.bureau.colleague) == {"work_reports_to_write": 1}
    assert waiting(programme.bureaus[1].reviewer) == {"work_reports_to_write": 1}


def test_reviewed_case_waits_for_the_approver(programme: Programme) -> None:
    case = stages.submitted(programme)
    DistrictReview.objects.create(
        nomination=case, completed_at=AT, content_digest=case.content_digest, reviewer_id=None, opinion="x"
    )

    assert counts_waiting_for(programme.bureau.approver)["to_decide"] == 1
    assert counts_waiting_for(programme.bureau.reviewer)["to_take_up"] == 0


def test_review_of_an_earlier_text_waits_for_nobody_above(programme: Programme) -> None:
    case = stages.submitted(programme)
    DistrictReview.objects.create(nomination=case, completed_at=AT, content_digest="0" * 64, opinion="x")

    assert counts_waiting_for(programme.bureau.approver)["to_decide"] == 0
    assert counts_waiting_for(programme.bureau.reviewer)["to_take_up"] == 1


def test_received_recommendation_waits_for_the_city(programme: Programme) -> None:
    city_stages.recommended(programme)
    before = waiting(programme.city_reviewer)

    city_stages.received(programme)

    assert (before, waiting(programme.city_reviewer)) == ({}, {"to_evaluate": 1})


def test_extension_waits_for_somebody_else(programme: Programme) -> None:
    prepare_extension(
        campaign_id=programme.campaign.pk,
        window=Window.APPLICATION,
        until=factories.DISTRICT_CLOSES,
        reason="暴雨",
        actor=programme.city_reviewer,
        at=AT,
    )

    assert waiting(programme.city_approver) == {"extensions_to_approve": 1}


def test_assignment_waits_until_the_sheet_is_handed_in(programme: Programme) -> None:
    case = city_stages.recommended(programme)
    city_stages.received(programme)
    person = city_stages.evaluator(programme)
    assignment.assign_evaluator(
        nomination_id=case.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=city_stages.EVALUATING_AT,
    )

    assert waiting(person) == {"to_score": 1}


def test_nothing_waits_for_who_only_looks_on(programme: Programme) -> None:
    stages.submitted(programme)

    assert (counts_waiting_for(programme.auditor), counts_waiting_for(programme.province_viewer)) == ({}, {})


def test_progress_counts_by_state_and_district_in_scope(programme: Programme) -> None:
    stages.drafted(programme)
    stages.submitted(programme)
    stages.submitted(programme, bureau=1, company=1)

    city = progress_of(programme.campaign, actor=programme.city_reviewer)
    district = progress_of(programme.campaign, actor=programme.bureau.reviewer)
    company = progress_of(programme.campaign, actor=programme.companies[1].admin)

    assert city.states == {"draft": 1, "submitted": 2}
    assert {one.district: dict(one.states) for one in city.districts} == {
        programme.bureau.office: {"draft": 1, "submitted": 1},
        programme.bureaus[1].office: {"submitted": 1},
    }
    assert [(one.district, one.summary, one.work_report) for one in district.districts] == [
        (programme.bureau.office, "draft", "draft")
    ]
    assert (company.states, [one.summary for one in company.districts]) == ({"submitted": 1}, [""])


def test_progress_costs_the_same_for_one_and_for_three(
    programme: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stages.drafted(programme)
    city = programme.city_reviewer
    with django_assert_num_queries(4):
        progress_of(programme.campaign, actor=city)

    for _ in range(2):
        stages.submitted(programme, bureau=1)

    with django_assert_num_queries(4):
        progress_of(programme.campaign, actor=city)
