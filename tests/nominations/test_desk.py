"""What lies on whose desk: 待办、在办、已办."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.queries import as_actor
from nominations.enums import Pile
from nominations.models import Nomination
from nominations.operations import assignment
from nominations.operations.district_review import complete_review
from nominations.operations.nomination import claim
from nominations.queries.nomination import counts_on_desk, nominations_on, nominations_waiting_for
from tests.nominations import city_stages, stages
from tests.nominations.stages import AT, Programme


def on(actor: Actor, pile: Pile) -> list[Nomination]:
    return list(nominations_on(actor, pile))


def counts(actor: Actor) -> tuple[int, ...]:
    return tuple(counts_on_desk(actor).values())


def test_form_lies_with_its_company_until_it_is_submitted(programme: Programme) -> None:
    draft, returned = stages.drafted(programme), stages.submitted(programme)
    remark = {"sections": [{"section": "basics", "remark": "面积"}]}
    stages.returned(returned, programme.bureau.reviewer, remark)
    submitted = stages.submitted(programme)
    over = stages.moved(stages.drafted(programme), "withdraw", programme.company.admin, comment="放弃")

    company = programme.company.editor
    assert on(company, Pile.WAITING) == [returned, draft]
    assert (on(company, Pile.IN_HAND), on(company, Pile.DONE)) == ([submitted], [over])
    assert counts(company) == (2, 1, 1)
    assert counts(programme.companies[1].admin) == (0, 0, 0)


def test_case_moves_from_the_pile_to_its_reviewer_to_the_approver(programme: Programme) -> None:
    bureau = programme.bureau
    stages.drafted(programme)
    nomination = stages.submitted(programme)
    piles = [(counts(bureau.reviewer), counts(bureau.colleague), counts(bureau.approver))]
    claim(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)
    piles.append((counts(bureau.reviewer), counts(bureau.colleague), counts(bureau.approver)))
    stages.write_review(nomination, bureau.reviewer)
    complete_review(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)
    piles.append((counts(bureau.reviewer), counts(bureau.colleague), counts(bureau.approver)))

    assert piles == [
        ((1, 0, 0), (1, 0, 0), (0, 1, 0)),
        ((0, 1, 0), (0, 0, 0), (0, 1, 0)),
        ((0, 0, 1), (0, 0, 1), (1, 0, 0)),
    ]


def test_form_that_came_back_waits_to_be_reviewed_again(programme: Programme) -> None:
    bureau = programme.bureau
    nomination = stages.reviewed(programme)
    remark = {"sections": [{"section": "basics", "remark": "面积"}]}
    stages.returned(nomination, bureau.reviewer, remark)
    stages.moved(nomination, "submit", programme.company.admin, at=AT + timedelta(days=1))

    assert on(bureau.colleague, Pile.WAITING) == [nomination]
    assert on(bureau.approver, Pile.WAITING) == []


def test_city_sees_what_its_districts_have_sent(programme: Programme) -> None:
    nomination = stages.recommended(programme)
    stages.submitted(programme)
    before = (counts(programme.city_reviewer), counts(programme.city_approver))
    received = city_stages.recommended(programme, bureau=1)
    city_stages.received(programme, bureau=1)

    assert before == ((0, 1, 0), (0, 1, 0))
    assert on(programme.city_reviewer, Pile.WAITING) == [received]
    assert on(programme.city_reviewer, Pile.IN_HAND) == [nomination]


def test_evaluator_has_what_is_not_handed_in(programme: Programme) -> None:
    first, second = (city_stages.recommended(programme) for _ in range(2))
    city_stages.received(programme)
    scored = city_stages.scored(programme, first, city_stages.NINE)
    city_stages.scored(programme, second, city_stages.NINE)
    person = as_actor(scored.evaluator.memberships.get())
    assignment.assign_evaluator(
        nomination_id=second.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=city_stages.EVALUATING_AT,
    )

    assert (on(person, Pile.WAITING), on(person, Pile.DONE)) == ([second], [first])


def test_who_only_looks_on_has_no_desk(programme: Programme) -> None:
    stages.submitted(programme)

    for onlooker in (programme.auditor, programme.province_viewer, SYSTEM):
        assert list(nominations_waiting_for(onlooker)) == []
        assert counts(onlooker) == (0, 0, 0)


@pytest.mark.parametrize("number", [1, 3])
def test_desk_is_one_query_however_many_lie_on_it(
    programme: Programme, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        stages.submitted(programme)

    with django_assert_num_queries(1):
        assert len(nominations_waiting_for(programme.bureau.reviewer).with_facts()) == number  # type: ignore[attr-defined]  # a queryset of ours
    with django_assert_num_queries(1):
        assert counts_on_desk(programme.bureau.reviewer) == {"waiting": number, "in_hand": 0, "done": 0}
