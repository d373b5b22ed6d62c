"""S-09: each conflict of interest, blocked at assignment, at opening the sheet, and when it comes up later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from accounts.operations import grant
from common.errors import DomainError
from nominations.enums import AssignmentEnd, Capacity, ConflictCause, ConflictKind, NominationState
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Assignment, Community, Declaration, DistrictReview, Evaluator, Nomination
from nominations.operations import assignment as assignments
from nominations.operations import conflict
from nominations.operations.evaluator import correct_evaluator
from nominations.operations.moves import make_move, make_moves
from nominations.operations.ranking import SheetsVoided
from nominations.queries.ranking import roll_of
from notifications.models import Notice
from tests.nominations import city_stages, factories, ranked, stages
from tests.nominations.city_stages import EVALUATING_AT, NINE
from tests.nominations.stages import Programme
from workflow.engine import Item
from workflow.errors import MoveRefused, NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db
LATER = EVALUATING_AT + timedelta(hours=1)


@pytest.fixture
def case(programme: Programme) -> Nomination:
    return city_stages.recommended(programme)


def joins(office: str) -> Callable[[Programme, Nomination, Actor], None]:
    """Return how somebody takes a post in an office concerned."""
    role = Role.COMPANY_EDITOR if office == "company" else Role.DISTRICT_REVIEWER

    def join(programme: Programme, case: Nomination, person: Actor) -> None:
        user = User.objects.get(pk=person.person_id)
        organization: Organization = getattr(case, office)
        grant(user=user, organization=organization, role=role, at=EVALUATING_AT, by=SYSTEM)

    return join


def _joins_owner(programme: Programme, case: Nomination, person: Actor) -> None:
    owner = factories.OrganizationFactory.create(name="示例控股有限公司(示例)")
    Organization.objects.filter(pk=case.company_id).update(parent=owner)
    joined = {"organization": owner, "role": Role.COMPANY_EDITOR, "at": EVALUATING_AT, "by": SYSTEM}
    grant(user=User.objects.get(pk=person.person_id), **joined)


def _is_employed(programme: Programme, case: Nomination, person: Actor) -> None:
    _correct(programme, person, employer=case.company_id)


def _lives_there(programme: Programme, case: Nomination, person: Actor) -> None:
    _correct(programme, person, home=case.community_id)


def _scored_for_the_district(programme: Programme, case: Nomination, person: Actor) -> None:
    DistrictReview.objects.filter(nomination=case).update(writers=[person.person_id])
    conflict.recheck(at=EVALUATING_AT)


def _company_was_sold(programme: Programme, case: Nomination, person: Actor) -> None:
    buyer = factories.OrganizationFactory.create(name="示例新物业有限公司(示例)")
    _correct(programme, person, employer=buyer.pk)
    Community.objects.filter(pk=case.community_id).update(company=buyer)
    conflict.recheck(at=EVALUATING_AT)


def declares(kind: ConflictKind, about: str) -> Callable[[Programme, Nomination, Actor], None]:
    """Return how somebody declares a relation."""

    def declare(programme: Programme, case: Nomination, person: Actor) -> None:
        named: dict[str, Any] = {
            "company": {"organization_id": case.company_id},
            "authority": {"organization_id": case.district_id},
            "community": {"community_id": case.community_id},
        }[about]
        conflict.declare(kind=kind, actor=person, at=EVALUATING_AT, reason="说明", **named)

    return declare


def _correct(programme: Programme, person: Actor, **facts: Any) -> None:
    profile = Evaluator.objects.get(user=person.person_id)
    correct_evaluator(evaluator_id=profile.pk, facts=facts, actor=programme.city_reviewer, at=EVALUATING_AT)


COMPUTED: dict[str, tuple[Callable[[Programme, Nomination, Actor], None], ConflictCause]] = {
    "company": (joins("company"), ConflictCause.COMPANY),
    "employer": (_is_employed, ConflictCause.COMPANY),
    "owner": (_joins_owner, ConflictCause.GROUP),
    "sold": (_company_was_sold, ConflictCause.GROUP),
    "authority": (joins("district"), ConflictCause.AUTHORITY),
    "home": (_lives_there, ConflictCause.HOME),
    "district_scorer": (_scored_for_the_district, ConflictCause.DISTRICT_SCORER),
}
DECLARED = {
    f"{kind.value}-{about}": (declares(kind, about), ConflictCause.DECLARED)
    for kind in ConflictKind
    if kind != ConflictKind.NONE
    for about in ("company", "authority", "community")
}
CASES = COMPUTED | DECLARED


def _evaluator_of(assignment: Assignment) -> Actor:
    return factories.as_actor(assignment.evaluator.memberships.select_related("user", "organization").get())


def assign(programme: Programme, case: Nomination, person: Actor) -> Assignment:
    return assignments.assign_evaluator(
        nomination_id=case.pk, evaluator_id=person.person_id, actor=programme.city_reviewer, at=EVALUATING_AT
    )


@pytest.mark.parametrize("how", CASES)
def test_conflict_is_blocked_at_assignment(programme: Programme, case: Nomination, how: str) -> None:
    person, (arises, cause) = city_stages.evaluator(programme), CASES[how]
    arises(programme, case, person)

    with pytest.raises(conflict.EvaluatorInConflict) as refused:
        assign(programme, case, person)

    assert {refusal.code for refusal in refused.value.refusals} == {f"conflict_{cause}"}
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("how", CASES)
def test_conflict_is_blocked_at_opening(programme: Programme, case: Nomination, how: str) -> None:
    """The row is put in past the checks, so that opening has to find out by itself."""
    person, (arises, cause) = city_stages.evaluator(programme), CASES[how]
    arises(programme, case, person)
    made = Assignment.objects.create(
        nomination=case,
        evaluator_id=person.person_id,
        capacity=Capacity.EXPERT,
        assigned_at=EVALUATING_AT,
        accepted_at=EVALUATING_AT,
    )

    with pytest.raises(conflict.EvaluatorInConflict) as refused:
        assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=LATER)

    assert {refusal.code for refusal in refused.value.refusals} == {f"conflict_{cause}"}
    assert Assignment.objects.get().sheet is None


@pytest.mark.parametrize("how", CASES)
def test_conflict_that_comes_up_later_voids_the_sheet(programme: Programme, case: Nomination, how: str) -> None:
    made = city_stages.scored(programme, case, NINE)
    person = _evaluator_of(made)
    arises, cause = CASES[how]

    arises(programme, case, person)

    made.refresh_from_db()
    event = Event.objects.filter(subject_id=case.pk).latest("sequence")
    assert (made.ended_because, made.conflict_cause) == (AssignmentEnd.CONFLICT, cause)
    assert event.name == ("declare_conflict" if how in DECLARED else "find_conflict")
    assert event.payload == {
        "assignment": str(made.pk),
        "evaluator": person.person_id,
        "kind": made.conflict_kind,
        "cause": cause,
    }
    told = set(Notice.objects.filter(event=event).values_list("recipient", "audience"))
    mine = "actor" if how in DECLARED else "evaluator"
    assert told == {(person.person_id, mine), (programme.city_reviewer.person_id, "city_reviewers")}
    with pytest.raises(NotFound):
        assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=LATER)


def test_voided_sheet_does_not_go_into_the_ranking(programme: Programme, case: Nomination) -> None:
    city_stages.received(programme)
    city_stages.assessed(programme, case, (NINE, NINE, NINE, NINE))
    gone = Assignment.objects.filter(nomination=case, capacity=Capacity.EXPERT).latest("pk")

    _correct(programme, _evaluator_of(gone), home=case.community_id)

    sheets = roll_of(programme.campaign).sheets[case.pk]
    assert (len(sheets), gone.sheet_id in {sheet.figures.sheet_id for sheet in sheets}) == (3, False)


def test_voided_sheet_leaves_the_score_of_a_completed_evaluation(programme: Programme) -> None:
    people = [city_stages.evaluator(programme) for _ in range(4)]
    one, two, three, four = people
    found = ranked.field(programme, {"a": {one: "10", two: "8", three: "8.5", four: "7.5"}})["a"]

    _is_employed(programme, found, one)

    found.refresh_from_db()
    # (80 + 85 + 75) ÷ 3, and no longer (100 + 80 + 85 + 75) ÷ 4
    assert (found.state, found.panel_score) == (NominationState.EVALUATED, Decimal("80.00"))
    event = Event.objects.get(subject_id=found.pk, name="find_conflict")
    assert event.changes["panel_score"] == {"old": "85.00", "new": "80.00"}
    assert ranked.freeze(programme).figures["rows"][0]["figures"]["total"] == "80.00"


def test_ranking_is_not_frozen_over_too_few_sheets(programme: Programme) -> None:
    one, two, three = (city_stages.evaluator(programme) for _ in range(3))
    found = ranked.field(programme, {"a": {one: "10", two: "8", three: "8"}})["a"]

    _is_employed(programme, found, one)

    with pytest.raises(SheetsVoided) as refused:
        ranked.freeze(programme)
    assert [(each.code, dict(each.params), each.fix) for each in refused.value.refusals] == [
        (
            "sheets_voided",
            {"community": found.community.name, "count": 2, "least": 3},
            f"nominations/{found.pk}",
        )
    ]
    make_move(
        Nomination, found.pk, "reopen_evaluation", actor=programme.city_approver, at=LATER, comment="补足测评表。"
    )
    found.refresh_from_db()
    assert (found.state, found.panel_score) == (NominationState.RECOMMENDED, None)


def test_conflict_is_looked_for_before_an_evaluation_is_completed(programme: Programme, case: Nomination) -> None:
    city_stages.received(programme)
    city_stages.visited(programme, case)
    for capacity in (Capacity.EXPERT, Capacity.EXPERT, Capacity.DEPARTMENT):
        made = city_stages.scored(programme, case, NINE, capacity=capacity)
    Evaluator.objects.filter(user=made.evaluator_id).update(home=case.community_id)

    with pytest.raises(MoveRefused) as refused:
        make_move(Nomination, case.pk, "complete_evaluation", actor=programme.city_reviewer, at=LATER)

    assert {refusal.code for refusal in refused.value.refusals} == {"too_few_sheets", "capacity_missing"}
    made.refresh_from_db()
    assert made.conflict_cause == ConflictCause.HOME


def test_nothing_is_looked_for_at_the_wish_of_others_or_on_trial(programme: Programme, case: Nomination) -> None:
    made = city_stages.scored(programme, case, NINE)
    Evaluator.objects.filter(user=made.evaluator_id).update(home=case.community_id)
    strangers = [programme.company.admin, programme.bureau.approver, stages.programme().city_reviewer]

    for actor in strangers:
        with pytest.raises(DomainError):
            make_move(Nomination, case.pk, "complete_evaluation", actor=actor, at=LATER)
    make_moves(
        Nomination, [Item(case.pk)], "complete_evaluation", actor=programme.city_reviewer, at=LATER, dry_run=True
    )

    made.refresh_from_db()
    assert made.ended_at is None


def test_looking_again_finds_nothing_twice(programme: Programme, case: Nomination) -> None:
    made = city_stages.scored(programme, case, NINE)
    Evaluator.objects.filter(user=made.evaluator_id).update(home=case.community_id)

    first, second = conflict.recheck(at=LATER), conflict.recheck(at=LATER)

    assert ([one.pk for one in first], second) == ([made.pk], [])


def test_frozen_ranking_keeps_what_went_into_it(programme: Programme, case: Nomination) -> None:
    city_stages.received(programme)
    city_stages.assessed(programme, case)
    programme.campaign.rankings.create(
        frozen_at=LATER, frozen_by_id=programme.city_reviewer.person_id, figures={}, digest="0" * 64
    )
    Evaluator.objects.update(home=case.community_id)

    assert conflict.recheck(at=LATER) == []


def test_looking_again_costs_the_same_for_one_and_three(
    programme: Programme, case: Nomination, django_assert_num_queries: Any
) -> None:
    city_stages.scored(programme, case, NINE)
    with django_assert_num_queries(8):
        conflict.recheck(at=LATER)
    for _ in range(2):
        city_stages.scored(programme, case, NINE)

    with django_assert_num_queries(8):
        conflict.recheck(at=LATER)


def test_relation_that_ended_before_the_look_back_is_over(programme: Programme, case: Nomination) -> None:
    person = city_stages.evaluator(programme)
    conflict.declare(
        kind=ConflictKind.EMPLOYMENT,
        organization_id=case.company_id,
        ended_on=date(2020, 8, 7),
        actor=person,
        at=EVALUATING_AT,
    )
    programme.campaign.conflict_years = 4
    programme.campaign.save()
    with pytest.raises(conflict.EvaluatorInConflict):
        assign(programme, case, person)
    programme.campaign.conflict_years = 3
    programme.campaign.save()

    assert assign(programme, case, person).ended_at is None


def test_answer_is_kept_whatever_it_is(programme: Programme, case: Nomination) -> None:
    person = city_stages.evaluator(programme)

    conflict.declare(kind=ConflictKind.NONE, campaign_id=programme.campaign.pk, actor=person, at=EVALUATING_AT)

    assert Declaration.objects.values_list("person", "kind", "campaign").get() == (
        person.person_id,
        "none",
        programme.campaign.pk,
    )


def test_sheet_is_not_opened_before_an_answer(programme: Programme, case: Nomination) -> None:
    person = city_stages.evaluator(programme)
    made = assign(programme, case, person)
    with pytest.raises(assignments.DeclarationMissing):
        assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=LATER)

    conflict.declare(kind=ConflictKind.NONE, campaign_id=programme.campaign.pk, actor=person, at=LATER)

    assert assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=LATER).scorer_id == person.person_id


@pytest.mark.parametrize("change", [{"kind": "none"}, {"reason": "别的"}])
def test_declaration_is_never_rewritten(programme: Programme, case: Nomination, change: dict[str, str]) -> None:
    declares(ConflictKind.FAMILY, "company")(programme, case, city_stages.evaluator(programme))

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Declaration.objects.update(**change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Declaration.objects.all().delete()


def test_declaration_lifted_by_the_city_no_longer_counts_and_stays(programme: Programme, case: Nomination) -> None:
    person = city_stages.evaluator(programme)
    declares(ConflictKind.FAMILY, "company")(programme, case, person)
    declaration = Declaration.objects.get()

    conflict.lift_declaration(
        declaration_id=declaration.pk, reason="误报，已核实。", actor=programme.city_reviewer, at=LATER
    )

    assert assign(programme, case, person).ended_at is None
    assert Declaration.objects.get().reason == "说明"
    with pytest.raises(conflict.LiftedAlready):
        conflict.lift_declaration(declaration_id=declaration.pk, reason="再次", actor=programme.city_reviewer, at=LATER)


def test_only_the_citys_reviewer_lifts(programme: Programme, case: Nomination) -> None:
    person = city_stages.evaluator(programme)
    declares(ConflictKind.FAMILY, "company")(programme, case, person)
    declaration = Declaration.objects.get()

    for actor, error in [
        (person, NotAllowed),
        (programme.city_approver, NotAllowed),
        (programme.bureau.reviewer, NotFound),
    ]:
        with pytest.raises(error):
            conflict.lift_declaration(declaration_id=declaration.pk, reason="误报", actor=actor, at=LATER)


@pytest.mark.parametrize(
    ("wish", "fix"),
    [
        ({}, "organization"),
        ({"organization": True, "community": True}, "organization"),
        ({"organization": True, "ended_on": date(2030, 1, 1)}, "ended_on"),
        ({"organization": True, "reason": "长" * 501}, "reason"),
    ],
)
def test_declaration_refusals_name_the_field(
    programme: Programme, case: Nomination, wish: dict[str, Any], fix: str
) -> None:
    named = dict(wish)
    about = {
        "organization_id": case.company_id if named.pop("organization", False) else None,
        "community_id": case.community_id if named.pop("community", False) else None,
    }

    with pytest.raises(InvalidInput) as refused:
        conflict.declare(
            kind=ConflictKind.FAMILY, actor=city_stages.evaluator(programme), at=EVALUATING_AT, **about, **named
        )

    assert [refusal.fix for refusal in refused.value.refusals] == [fix]
    assert not Declaration.objects.exists()


def test_only_evaluators_declare(programme: Programme, case: Nomination) -> None:
    with pytest.raises(NotAllowed):
        conflict.declare(
            kind=ConflictKind.NONE, campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT
        )


def test_declared_words_stand_in_no_event_and_no_notice(programme: Programme, case: Nomination) -> None:
    made = city_stages.scored(programme, case, NINE)
    person = _evaluator_of(made)

    conflict.declare_conflict(
        assignment_id=made.pk,
        kind=ConflictKind.FAMILY,
        about="company",
        reason="本人配偶在该企业任职",
        actor=person,
        at=LATER,
    )

    made.refresh_from_db()
    event = Event.objects.filter(subject_id=case.pk).latest("sequence")
    assert made.conflict_reason == "本人配偶在该企业任职"
    assert (event.comment, "配偶" in str(event.payload)) == ("", False)
    assert not [notice for notice in Notice.objects.filter(event=event) if "配偶" in str(notice.params)]


def test_declaring_a_relation_to_a_company_voids_every_assignment_it_concerns(programme: Programme) -> None:
    first, second = (city_stages.recommended(programme) for _ in range(2))
    elsewhere = city_stages.recommended(programme, company=1)
    person = city_stages.evaluator(programme)
    one, two, three = (assign(programme, case, person) for case in (first, second, elsewhere))

    conflict.declare_conflict(
        assignment_id=one.pk,
        kind=ConflictKind.OWNERSHIP,
        about="company",
        reason="持有该企业股份",
        actor=person,
        at=LATER,
    )

    active = set(Assignment.objects.active().values_list("pk", flat=True))
    assert (active, two.pk in active) == ({three.pk}, False)


def test_membership_of_an_office_elsewhere_changes_nothing(programme: Programme, case: Nomination) -> None:
    made = city_stages.scored(programme, case, NINE)
    user = User.objects.get(pk=made.evaluator_id)

    grant(
        user=user,
        organization=factories.OrganizationFactory.create(kind=OrganizationKind.COMPANY),
        role=Role.COMPANY_EDITOR,
        at=LATER,
        by=SYSTEM,
    )

    made.refresh_from_db()
    assert (made.ended_at, Membership.objects.filter(user=user).count()) == (None, 2)
    assert case.state == NominationState.RECOMMENDED
