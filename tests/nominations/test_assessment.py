"""S-09: evaluators, visits, sheets that suffice, discrepancies, vetoes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.enums import Role
from nominations.enums import Capacity, NominationState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Assignment, Nomination
from nominations.operations import assessment, conflict, sheets
from nominations.operations import assignment as assignments
from nominations.operations import visit as visits
from tests.nominations import city_stages, factories
from tests.nominations.city_stages import EVALUATING_AT, NINE, SEVEN
from tests.nominations.stages import Programme, moved, reloaded, submitted
from workflow import engine
from workflow.errors import MoveRefused, NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db


def refusals_of(nomination: Nomination, name: str, programme: Programme) -> set[str]:
    """Return the codes for which the city's reviewer is refused the move."""
    with pytest.raises(MoveRefused) as refused:
        engine.perform(Nomination, nomination.pk, name, actor=programme.city_reviewer, at=EVALUATING_AT)
    return {refusal.code for refusal in refused.value.refusals}


def test_complete_evaluation_names_everything_that_is_missing(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    codes = refusals_of(nomination, "complete_evaluation", programme)

    assert codes == {"summary_not_received", "visit_missing", "too_few_sheets", "capacity_missing"}


def test_complete_evaluation_keeps_the_exact_mean_of_the_panel(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)

    evaluated = city_stages.assessed(programme, nomination, (NINE, Decimal("8.5"), Decimal(8)))

    assert (evaluated.state, evaluated.panel_score) == (NominationState.EVALUATED, Decimal("85.00"))


def test_panel_of_five_drops_the_highest_and_the_lowest_sheet(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    Nomination.objects.filter(pk=nomination.pk).update(discrepancy_decision="已复核。")

    evaluated = city_stages.assessed(programme, nomination, (Decimal(10), NINE, NINE, Decimal("8.5"), Decimal(5)))

    assert evaluated.panel_score == Decimal("88.33")


def test_two_sheets_far_apart_need_a_recorded_decision(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    for points, capacity in [(NINE, Capacity.EXPERT), (SEVEN, Capacity.DEPARTMENT), (NINE, Capacity.EXPERT)]:
        city_stages.scored(programme, nomination, points, capacity=capacity)
    before = refusals_of(nomination, "complete_evaluation", programme)

    assessment.resolve_discrepancy(
        nomination_id=nomination.pk, decision="现场复核，维持原分。", actor=programme.city_reviewer, at=EVALUATING_AT
    )
    evaluated = moved(nomination, "complete_evaluation", programme.city_reviewer, at=EVALUATING_AT)

    assert before == {"discrepancy_open"}
    assert evaluated.panel_score == Decimal("83.33")


def test_sheet_of_an_evaluator_in_conflict_does_not_count(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    for capacity in (Capacity.EXPERT, Capacity.EXPERT, Capacity.DEPARTMENT):
        assignment = city_stages.scored(programme, nomination, NINE, capacity=capacity)
    person = factories.as_actor(assignment.evaluator.memberships.select_related("user", "organization").get())

    conflict.declare_conflict(assignment_id=assignment.pk, reason="亲属住在本小区。", actor=person, at=EVALUATING_AT)

    assert refusals_of(nomination, "complete_evaluation", programme) == {"too_few_sheets", "capacity_missing"}
    with pytest.raises(NotFound):
        assignments.open_panel_sheet(assignment_id=assignment.pk, actor=person, at=EVALUATING_AT)


@pytest.mark.parametrize("office", ["company", "district"])
def test_member_of_an_office_concerned_is_not_assigned(programme: Programme, office: str) -> None:
    nomination = city_stages.recommended(programme)
    person = city_stages.evaluator(programme)
    concerned = getattr(nomination, office)
    role = Role.COMPANY_EDITOR if office == "company" else Role.DISTRICT_REVIEWER
    user = factories.User.objects.get(pk=person.user_id)
    factories.MembershipFactory(user=user, organization=concerned, role=role)

    with pytest.raises(conflict.EvaluatorInConflict) as refused:
        assign(programme, nomination, person.person_id)

    [reason] = refused.value.refusals
    code = f"conflict_{'company' if office == 'company' else 'authority'}"
    assert (reason.code, reason.params["about"]) == (code, concerned.name)
    assert not Assignment.objects.exists()


def assign(programme: Programme, nomination: Nomination, evaluator_id: int) -> Assignment:
    """Assign an expert as the city's reviewer."""
    return assignments.assign_evaluator(
        nomination_id=nomination.pk,
        evaluator_id=evaluator_id,
        actor=programme.city_reviewer,
        at=EVALUATING_AT,
    )


def test_evaluator_is_assigned_once(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    person = city_stages.evaluator(programme)
    assign(programme, nomination, person.person_id)

    with pytest.raises(assignments.AssignedAlready):
        assign(programme, nomination, person.person_id)

    assert Assignment.objects.count() == 1


def test_person_who_is_no_evaluator_is_not_found(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    with pytest.raises(NotFound):
        assign(programme, nomination, programme.company.admin.person_id)


def test_another_citys_reviewer_does_not_find_the_nomination(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    stranger = factories.actor(Role.CITY_REVIEWER, factories.CityFactory())

    with pytest.raises(NotFound):
        assessment.resolve_discrepancy(nomination_id=nomination.pk, decision="复核", actor=stranger, at=EVALUATING_AT)


def test_district_does_not_record_visits(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    with pytest.raises(NotAllowed):
        visits.record_visit(
            nomination_id=nomination.pk,
            visited_on=date(2023, 8, 8),
            members=["甲"],
            findings="",
            photos=[city_stages.photo()],
            actor=programme.bureau.reviewer,
            at=EVALUATING_AT,
        )


def test_visit_refusals_name_every_field(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    with pytest.raises(InvalidInput) as refused:
        visits.record_visit(
            nomination_id=nomination.pk,
            visited_on=date(2023, 8, 31),
            members=[" "],
            findings="",
            photos=[],
            actor=programme.city_reviewer,
            at=EVALUATING_AT,
        )

    assert [refusal.fix for refusal in refused.value.refusals] == ["visited_on", "members", "photos"]


def test_visit_of_the_local_day_is_recorded_while_utc_has_yesterday(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    early_in_shanghai = datetime(2023, 8, 8, 16, 30, tzinfo=UTC)

    visit = visits.record_visit(
        nomination_id=nomination.pk,
        visited_on=date(2023, 8, 9),
        members=["甲"],
        findings="",
        photos=[city_stages.photo()],
        actor=programme.city_reviewer,
        at=early_in_shanghai,
    )

    assert visit.visited_on == date(2023, 8, 9)


def test_only_recommended_nominations_are_visited(programme: Programme) -> None:
    nomination = submitted(programme)

    with pytest.raises(NotEditable):
        city_stages.visited(programme, nomination)


def test_visit_is_told_with_the_digests_of_its_photos(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    visit = city_stages.visited(programme, nomination)

    event = Event.objects.get(subject_id=nomination.pk, name="record_visit")
    assert event.payload == {"visit": str(visit.pk), "visited_on": "2023-08-08"}
    assert list(event.documents) == ["photo_1"]


def test_veto_excludes_a_community_only_with_its_three_facts(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    with pytest.raises(MoveRefused) as refused:
        moved(nomination, "disqualify", programme.city_approver, at=EVALUATING_AT, comment="发生安全事故。")

    assessment.record_veto(
        nomination_id=nomination.pk,
        kind="安全事故",
        authority="示例市应急管理局",
        document="示应急〔2023〕8号",
        actor=programme.city_reviewer,
        at=EVALUATING_AT,
    )
    gone = moved(nomination, "disqualify", programme.city_approver, at=EVALUATING_AT, comment="发生安全事故。")

    assert [refusal.code for refusal in refused.value.refusals] == ["veto_missing"]
    assert (gone.state, gone.summary.recommended_count) == (NominationState.DISQUALIFIED, 0)


def test_empty_decision_is_refused(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)

    with pytest.raises(InvalidInput) as refused:
        assessment.resolve_discrepancy(
            nomination_id=nomination.pk, decision=" ", actor=programme.city_reviewer, at=EVALUATING_AT
        )

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [("required", "decision")]


def test_nothing_is_decided_between_sheets_before_all_are_in(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.scored(programme, nomination, NINE)
    assign(programme, nomination, city_stages.evaluator(programme).person_id)

    with pytest.raises(assessment.StillScoring):
        assessment.resolve_discrepancy(
            nomination_id=nomination.pk, decision="维持原分。", actor=programme.city_reviewer, at=EVALUATING_AT
        )

    assert reloaded(nomination).discrepancy_decision == ""


def test_two_sheets_far_apart_are_settled_by_a_further_evaluator(programme: Programme) -> None:
    """S-09: somebody called after the two were in, who agrees with one of them within the limit."""
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    later = EVALUATING_AT + timedelta(hours=1)
    for points, capacity in [(NINE, Capacity.EXPERT), (SEVEN, Capacity.DEPARTMENT)]:
        city_stages.scored(programme, nomination, points, capacity=capacity)
    city_stages.scored(programme, nomination, Decimal(8), at=later)

    evaluated = moved(nomination, "complete_evaluation", programme.city_reviewer, at=later)

    assert evaluated.panel_score == Decimal("80.00")


@pytest.mark.parametrize("points", ["8", "9"])
def test_sheet_of_somebody_called_before_settles_nothing(programme: Programme, points: str) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    for given, capacity in [(points, Capacity.EXPERT), ("9", Capacity.EXPERT), ("7", Capacity.DEPARTMENT)]:
        city_stages.scored(programme, nomination, Decimal(given), capacity=capacity)

    assert refusals_of(nomination, "complete_evaluation", programme) == {"discrepancy_open"}


def test_further_sheet_that_agrees_with_neither_settles_nothing(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    for given, capacity in [("10", Capacity.EXPERT), ("6", Capacity.DEPARTMENT)]:
        city_stages.scored(programme, nomination, Decimal(given), capacity=capacity)
    city_stages.scored(programme, nomination, Decimal(8), at=EVALUATING_AT + timedelta(hours=1))

    assert refusals_of(nomination, "complete_evaluation", programme) == {"discrepancy_open"}


@pytest.mark.parametrize("second", [NINE, SEVEN])
def test_nothing_follows_from_sheets_before_the_whole_panel_has_handed_in(
    programme: Programme, second: Decimal
) -> None:
    """Decision 11: whether the sheets so far agree or lie far apart, the move is refused in the same words."""
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, nomination)
    for points, capacity in [(NINE, Capacity.EXPERT), (second, Capacity.DEPARTMENT), (NINE, Capacity.EXPERT)]:
        city_stages.scored(programme, nomination, points, capacity=capacity)
    waiting = assign(programme, nomination, city_stages.evaluator(programme).person_id)
    during = reasons_told(nomination, programme)

    waiting.delete()

    expected = [] if second == NINE else [("discrepancy_open", {"apart": Decimal("20.00"), "limit": Decimal(15)})]
    assert (during, reasons_told(nomination, programme)) == ([("still_scoring", {})], expected)


def reasons_told(nomination: Nomination, programme: Programme) -> list[tuple[str, dict[str, object]]]:
    """Return with which reasons and figures the completion is refused, none where it is open."""
    [seen] = engine.with_facts([reloaded(nomination)])
    [verdicts] = engine.available([seen], actor=programme.city_reviewer, at=EVALUATING_AT)
    [verdict] = [one for one in verdicts if one.transition.name == "complete_evaluation"]
    return [(refusal.code, dict(refusal.params)) for refusal in verdict.refusals]


def test_unlocking_a_sheet_voids_the_decision_about_it(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    for points in (NINE, SEVEN):
        sheet = city_stages.scored(programme, nomination, points).sheet_id
    assessment.resolve_discrepancy(
        nomination_id=nomination.pk, decision="维持原分。", actor=programme.city_reviewer, at=EVALUATING_AT
    )

    sheets.unlock(sheet_id=sheet, reason="复核照片。", actor=programme.city_approver, at=EVALUATING_AT)

    nomination.refresh_from_db()
    assert nomination.discrepancy_decision == ""
