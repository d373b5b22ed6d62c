"""S-09: panels proposed from a seed, changed by hand, deployed at once; assignments accepted, declined, released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from accounts.actors import Actor
from accounts.enums import Role
from nominations.enums import AssignmentEnd, AssignmentStage, Capacity, ConflictKind, DeclineReason
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Absence, Assignment, Evaluator, Nomination, PanelProposal
from nominations.operations import assignment as assignments
from nominations.operations.conflict import EvaluatorInConflict, declare
from nominations.operations.panel import (
    NothingToPropose,
    PanelsIncomplete,
    ProposalClosed,
    change_panel,
    deploy_panels,
    propose_panels,
)
from nominations.queries.panel import board_of, progress_of_sheets
from notifications.models import Notice
from tests.nominations import city_stages, factories, stages
from tests.nominations.city_stages import EVALUATING_AT, NINE
from tests.nominations.stages import Programme
from workflow.errors import NotFound, StaleVersion
from workflow.models import Event

pytestmark = pytest.mark.django_db
LATER = EVALUATING_AT + timedelta(hours=1)
EXPERT, STAFF = Capacity.EXPERT, Capacity.DEPARTMENT


def pool(programme: Programme, *, experts: int = 3, staff: int = 3, **profile: Any) -> list[Actor]:
    kinds = [EXPERT] * experts + [STAFF] * staff
    return [city_stages.evaluator(programme, kind, **profile) for kind in kinds]


def propose(programme: Programme, **wanted: Any) -> PanelProposal:
    return propose_panels(campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT, **wanted)


def deploy(programme: Programme, proposal: PanelProposal, **wanted: Any) -> PanelProposal:
    return deploy_panels(proposal_id=proposal.pk, actor=programme.city_reviewer, at=LATER, **wanted)


def seats(proposal: PanelProposal) -> set[tuple[UUID, UUID]]:
    return set(proposal.seats.values_list("nomination", "evaluator"))


def profile(person: Actor) -> Evaluator:
    return Evaluator.objects.get(user=person.person_id)


@pytest.fixture
def cases(programme: Programme) -> list[Nomination]:
    return [city_stages.recommended(programme, bureau=number % 2) for number in range(3)]


def test_proposal_gives_every_community_its_panel(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)

    proposal = propose(programme)

    kinds = {
        case.pk: sorted(proposal.seats.filter(nomination=case).values_list("evaluator__kind", flat=True))
        for case in cases
    }
    assert {len(own) for own in kinds.values()} == {3}
    assert all(set(own) == {EXPERT, STAFF} for own in kinds.values())
    assert (proposal.findings["lacking"], not Assignment.objects.exists()) == ([], True)
    assert max(proposal.findings["loads"].values()) - min(proposal.findings["loads"].values()) <= 1


def test_same_seed_on_the_same_input_gives_the_same_panels(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme, experts=5, staff=5)

    first, other, again = (propose(programme, seed=seed) for seed in (7, 8, 7))

    assert (seats(first), first.input_digest) == (seats(again), again.input_digest)
    assert (seats(other) == seats(first), other.input_digest == first.input_digest) == (False, False)


def test_seed_follows_from_the_campaign_unless_one_is_given(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)

    first, second = propose(programme), propose(programme)

    assert first.seed != second.seed
    assert [one.is_open for one in PanelProposal.objects.order_by("pk")] == [False, True]


def test_proposal_avoids_conflicts_and_tells_their_kind(programme: Programme, cases: Sequence[Nomination]) -> None:
    first, *_rest = pool(programme, experts=4)
    declare(kind=ConflictKind.FAMILY, community_id=cases[0].community_id, reason="亲属", actor=first, at=EVALUATING_AT)

    proposal = propose(programme)

    barred = (cases[0].pk, profile(first).pk)
    assert barred not in seats(proposal)
    assert proposal.findings["avoided"] == [
        {"nomination": str(barred[0]), "evaluator": str(barred[1]), "kinds": ["family"]}
    ]


@pytest.mark.parametrize(
    "unfit", [{"identity_confirmed_at": None, "identity_confirmed_by_id": None}, {"is_active": False}]
)
def test_nobody_is_matched_who_is_not_confirmed_and_in_service(
    programme: Programme, cases: Sequence[Nomination], unfit: dict[str, Any]
) -> None:
    pool(programme)
    stranger = city_stages.evaluator(programme, EXPERT, **unfit)

    proposal = propose(programme)

    assert profile(stranger).pk not in {person for _place, person in seats(proposal)}
    with pytest.raises(assignments.IdentityNotConfirmed):
        assign(programme, cases[0], stranger)


def test_proposal_keeps_to_districts_and_absences(programme: Programme, cases: Sequence[Nomination]) -> None:
    bound, away, *_rest = pool(programme, experts=5)
    profile(bound).districts.set([programme.bureaus[1].office])
    Absence.objects.create(evaluator=profile(away), first_on=date(2023, 8, 10), last_on=date(2023, 8, 31))

    proposal = propose(programme)

    places = {place for place, person in seats(proposal) if person == profile(bound).pk}
    assert places <= {cases[1].pk}
    assert profile(away).pk not in {person for _place, person in seats(proposal)}


def test_infeasible_proposal_says_which_community_lacks_whom(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme, experts=4, staff=1)
    [staff] = Evaluator.objects.filter(kind=STAFF)
    Evaluator.objects.filter(pk=staff.pk).update(home=cases[0].community_id)

    proposal = propose(programme)

    lacking = [row for row in proposal.findings["lacking"] if row["capacity"]]
    assert lacking == [{"nomination": str(cases[0].pk), "capacity": STAFF, "count": 1}]
    with pytest.raises(PanelsIncomplete) as refused:
        deploy(programme, proposal)
    [reason] = refused.value.refusals
    assert (reason.code, reason.params["community"], reason.params["count"]) == (
        "panel_lacks_capacity",
        cases[0].community.name,
        1,
    )
    assert not Assignment.objects.exists()


def test_deploying_assigns_and_tells_everybody(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    proposal = propose(programme)

    deployed = deploy(programme, proposal, version=proposal.version)

    made = set(Assignment.objects.values_list("nomination", "evaluator__evaluator_profiles"))
    assert made == seats(proposal)
    assert (deployed.is_open, deployed.deployed_by_id) == (False, programme.city_reviewer.person_id)
    assert Event.objects.filter(name="assign_evaluator", payload__proposal=str(proposal.pk)).count() == 9
    assert Notice.objects.filter(topic="nomination.assign_evaluator", audience="evaluator").count() == 9


def test_deploying_checks_conflicts_once_more(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    proposal = propose(programme)
    chosen = proposal.seats.filter(nomination=cases[0]).first()
    assert chosen is not None
    Evaluator.objects.filter(pk=chosen.evaluator_id).update(home=cases[0].community_id)

    with pytest.raises(EvaluatorInConflict):
        deploy(programme, proposal)

    assert (Assignment.objects.count(), PanelProposal.objects.get().is_open) == (0, True)


@pytest.mark.parametrize("left", [{"is_active": False}, {"identity_confirmed_at": None, "identity_confirmed_by": None}])
def test_deploying_assigns_nobody_who_has_left_the_pool_meanwhile(
    programme: Programme, cases: Sequence[Nomination], left: dict[str, Any]
) -> None:
    pool(programme)
    proposal = propose(programme)
    chosen = proposal.seats.filter(nomination=cases[0]).first()
    assert chosen is not None
    Evaluator.objects.filter(pk=chosen.evaluator_id).update(**left)

    with pytest.raises(assignments.IdentityNotConfirmed) as refused:
        deploy(programme, proposal)

    assert [one.fix for one in refused.value.refusals] == [f"evaluators/{chosen.evaluator_id}"]
    assert (Assignment.objects.count(), PanelProposal.objects.get().is_open) == (0, True)


def test_next_proposal_only_fills_what_is_lacking(programme: Programme, cases: Sequence[Nomination]) -> None:
    people = pool(programme)
    deploy(programme, propose(programme))
    with pytest.raises(NothingToPropose):
        propose(programme)
    gone = Assignment.objects.filter(nomination=cases[0]).first()
    assert gone is not None
    person = next(one for one in people if one.person_id == gone.evaluator_id)
    assignments.decline_assignment(assignment_id=gone.pk, reason=DeclineReason.ILL, actor=person, at=LATER)

    proposal = propose(programme)

    [(place, chosen)] = seats(proposal)
    assert (place, chosen != profile(person).pk) == (cases[0].pk, True)


def test_row_is_changed_by_hand_and_marked(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme, experts=4, staff=4)
    proposal = propose(programme)
    before = set(proposal.seats.filter(nomination=cases[0]).values_list("evaluator", flat=True))
    spare = Evaluator.objects.exclude(pk__in=before).filter(kind=EXPERT).first()
    assert spare is not None
    kept = sorted(before)[:2]

    changed = change(programme, proposal, cases[0], [*kept, spare.pk], version=1)

    rows = set(changed.seats.filter(nomination=cases[0]).values_list("evaluator", "is_manual"))
    assert rows == {(kept[0], False), (kept[1], False), (spare.pk, True)}
    assert changed.version == 2


def change(
    programme: Programme, proposal: PanelProposal, case: Nomination, evaluators: Sequence[UUID], **wanted: Any
) -> PanelProposal:
    return change_panel(
        proposal_id=proposal.pk,
        nomination_id=case.pk,
        evaluator_ids=evaluators,
        actor=programme.city_reviewer,
        at=LATER,
        **wanted,
    )


def test_row_refuses_whoever_is_in_conflict(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    neighbor = city_stages.evaluator(programme, EXPERT, home=cases[0].community)
    proposal = propose(programme)

    with pytest.raises(EvaluatorInConflict) as refused:
        change(programme, proposal, cases[0], [profile(neighbor).pk])

    assert [reason.code for reason in refused.value.refusals] == ["conflict_home"]
    assert proposal.seats.filter(nomination=cases[0]).count() == 3


def test_row_of_a_version_gone_by_is_refused(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    proposal = propose(programme)
    change(programme, proposal, cases[0], [], version=1)

    with pytest.raises(StaleVersion):
        change(programme, proposal, cases[0], [], version=1)


def test_proposal_that_was_deployed_is_closed(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    proposal = propose(programme)
    deploy(programme, proposal)

    for act in (partial(deploy, programme, proposal), partial(change, programme, proposal, cases[0], [])):
        with pytest.raises(ProposalClosed):
            act()


def test_strangers_neither_propose_nor_find(programme: Programme, cases: Sequence[Nomination]) -> None:
    pool(programme)
    proposal = propose(programme)
    elsewhere_ = factories.actor(Role.CITY_REVIEWER, factories.CityFactory.create())

    with pytest.raises(NotAllowed):
        propose_panels(campaign_id=programme.campaign.pk, actor=programme.city_approver, at=LATER)
    for stranger in (elsewhere_, programme.bureau.reviewer, city_stages.evaluator(programme)):
        with pytest.raises(NotFound):
            deploy_panels(proposal_id=proposal.pk, actor=stranger, at=LATER)


def test_who_served_a_district_last_time_goes_elsewhere(programme: Programme) -> None:
    before = stages.programme(city=programme.campaign.city, issued_on=date(2022, 7, 10))
    first, second, *_staff = pool(programme, experts=2, staff=1)
    programme.campaign.panel_size = 2
    programme.campaign.save()
    case = city_stages.recommended(programme)
    earlier = city_stages.recommended(before)
    Nomination.objects.filter(pk=earlier.pk).update(district=case.district_id)
    Assignment.objects.create(
        nomination=earlier, evaluator_id=first.person_id, capacity=EXPERT, assigned_at=EVALUATING_AT
    )

    proposal = propose(programme)

    experts = set(proposal.seats.filter(evaluator__kind=EXPERT).values_list("evaluator", flat=True))
    assert experts == {profile(second).pk}


def assign(programme: Programme, case: Nomination, person: Actor, **wanted: Any) -> Assignment:
    return assignments.assign_evaluator(
        nomination_id=case.pk, evaluator_id=person.person_id, actor=programme.city_reviewer, at=EVALUATING_AT, **wanted
    )


def test_capacity_is_the_one_of_the_pool(programme: Programme, cases: Sequence[Nomination]) -> None:
    person = city_stages.evaluator(programme, STAFF)

    with pytest.raises(assignments.WrongCapacity):
        assign(programme, cases[0], person, capacity=EXPERT)

    assert assign(programme, cases[0], person).capacity == STAFF


def test_accepting_declares_that_there_is_nothing(programme: Programme, cases: Sequence[Nomination]) -> None:
    person = city_stages.evaluator(programme)
    made = assign(programme, cases[0], person)

    first = assignments.accept_assignment(assignment_id=made.pk, actor=person, at=LATER)
    again = assignments.accept_assignment(assignment_id=made.pk, actor=person, at=LATER + timedelta(hours=1))

    assert (first.accepted_at, again.accepted_at, first.stage) == (LATER, LATER, AssignmentStage.ACCEPTED)
    declared = [(row.kind, row.community_id) for row in first.evaluator.declarations.all()]
    assert declared == [("none", cases[0].community_id)]


def decline(programme: Programme, made: Assignment, person: Actor) -> Assignment:
    return assignments.decline_assignment(
        assignment_id=made.pk, reason=DeclineReason.AWAY, note="出差", actor=person, at=LATER
    )


def test_declining_without_a_deputy_tells_the_city(programme: Programme, cases: Sequence[Nomination]) -> None:
    person = city_stages.evaluator(programme)
    made = assign(programme, cases[0], person)

    ended = decline(programme, made, person)

    assert (ended.ended_because, ended.decline_reason, ended.end_note) == (AssignmentEnd.DECLINED, "away", "出差")
    event = Event.objects.get(name="decline_assignment")
    assert event.payload == {"assignment": str(made.pk), "evaluator": person.person_id, "reason": "away"}
    told = set(Notice.objects.filter(event=event).values_list("recipient", "audience"))
    assert told == {(person.person_id, "actor"), (programme.city_reviewer.person_id, "city_reviewers")}


def test_deputy_with_the_least_to_do_takes_over(programme: Programme, cases: Sequence[Nomination]) -> None:
    person, busy, free, neighbor, staff = (city_stages.evaluator(programme) for _ in range(5))
    Evaluator.objects.filter(user=staff.person_id).update(kind=STAFF)
    Evaluator.objects.filter(user=neighbor.person_id).update(home=cases[0].community_id)
    profile(person).deputies.set(map(profile, (busy, free, neighbor, staff)))
    assign(programme, cases[1], busy)
    made = assign(programme, cases[0], person)

    taken = decline(programme, made, person)

    assert (taken.evaluator_id, taken.replaces_id, taken.capacity) == (free.person_id, made.pk, EXPERT)
    event = Event.objects.filter(name="assign_evaluator").latest("pk")
    assert (event.actor_role, event.payload["replaces"]) == ("system", str(made.pk))
    assert Notice.objects.filter(event=event, recipient=free.person_id, audience="evaluator").exists()


def test_who_is_away_takes_nothing_over(programme: Programme, cases: Sequence[Nomination]) -> None:
    person, away = (city_stages.evaluator(programme) for _ in range(2))
    Absence.objects.create(evaluator=profile(away), first_on=date(2023, 8, 1), last_on=date(2023, 8, 31))
    profile(person).deputies.set([profile(away)])

    ended = decline(programme, assign(programme, cases[0], person), person)

    assert ended.ended_because == AssignmentEnd.DECLINED


def test_sheet_handed_in_is_not_declined_nor_released(programme: Programme, cases: Sequence[Nomination]) -> None:
    made = city_stages.scored(programme, cases[0], NINE)
    person = factories.as_actor(made.evaluator.memberships.select_related("user", "organization").get())

    with pytest.raises(assignments.SheetBegun):
        decline(programme, made, person)
    with pytest.raises(assignments.SheetBegun):
        release(programme, made)


def release(programme: Programme, made: Assignment, reason: str = "调整分工") -> Assignment:
    return assignments.release_evaluator(assignment_id=made.pk, reason=reason, actor=programme.city_reviewer, at=LATER)


def test_released_evaluator_is_told_and_may_come_back(programme: Programme, cases: Sequence[Nomination]) -> None:
    person = city_stages.evaluator(programme)
    made = assign(programme, cases[0], person)

    release(programme, made)

    assert Notice.objects.filter(topic="nomination.release_evaluator", recipient=person.person_id).count() == 1
    back = assign(programme, cases[0], person)
    assert (back.pk, back.ended_at, back.stage) == (made.pk, None, AssignmentStage.ASSIGNED)


def test_releasing_needs_a_reason(programme: Programme, cases: Sequence[Nomination]) -> None:
    made = assign(programme, cases[0], city_stages.evaluator(programme))

    with pytest.raises(InvalidInput):
        release(programme, made, " ")


def test_declined_evaluator_is_not_asked_again(programme: Programme, cases: Sequence[Nomination]) -> None:
    person = city_stages.evaluator(programme)
    decline(programme, assign(programme, cases[0], person), person)

    with pytest.raises(assignments.AssignedAlready):
        assign(programme, cases[0], person)


def test_only_recommended_communities_get_evaluators(programme: Programme) -> None:
    case = stages.submitted(programme)

    with pytest.raises(NotEditable):
        assign(programme, case, city_stages.evaluator(programme))


def test_board_shows_how_far_everybody_is_and_no_points(
    programme: Programme, cases: Sequence[Nomination], django_assert_num_queries: Any
) -> None:
    for case in cases:
        city_stages.scored(programme, case, NINE)
    person = city_stages.evaluator(programme)
    decline(programme, assign(programme, cases[0], person), person)

    with django_assert_num_queries(3):
        board = board_of(programme.campaign, programme.city_reviewer)

    by_case = {row.nomination.pk: (len(row.seated), len(row.left), row.lacking, row.handed_in) for row in board.rows}
    assert by_case == {cases[0].pk: (1, 1, 2, 1), cases[1].pk: (1, 0, 2, 1), cases[2].pk: (1, 0, 2, 1)}
    assert sorted(load for _one, load in board.loads) == [0, 1, 1, 1]
    assert progress_of_sheets(programme.campaign, programme.city_reviewer)[cases[1].pk] == {"handed_in": 1}


def test_proposing_costs_the_same_for_one_community_and_three(
    programme: Programme, django_assert_max_num_queries: Any
) -> None:
    pool(programme)
    for _ in range(3):
        city_stages.recommended(programme)

    with django_assert_max_num_queries(22):
        propose(programme)
