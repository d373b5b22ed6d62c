"""S-09, S-10: visits planned as routes, moved, called off, recorded with findings; and the calendar of evaluators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from accounts.actors import Actor
from accounts.models import Membership
from accounts.operations import revoke
from api.calendars import spell_calendar
from attachments.models import Attachment
from nominations.enums import CheckVerdict, VetoKind
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Absence, Evaluator, Nomination, VetoFinding, Visit
from nominations.operations import assessment
from nominations.operations import assignment as assignments
from nominations.operations import visit as visits
from nominations.operations.evaluator import issue_feed, revoke_feed
from nominations.operations.visit import Check, Stop, Veto
from nominations.queries.calendar import feed_of
from nominations.queries.visit import calendar_of, findings_to_settle
from notifications.letters import letter_for
from notifications.models import Notice
from tests.nominations import city_stages, factories
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from workflow.errors import NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db
MORNING = EVALUATING_AT + timedelta(days=2, hours=9)  # 09:00 in Shanghai on 11 August
HOUR = timedelta(hours=1)


@pytest.fixture
def cases(programme: Programme) -> list[Nomination]:
    return [city_stages.recommended(programme) for _ in range(2)]


@pytest.fixture
def person(programme: Programme, cases: Sequence[Nomination]) -> Actor:
    """Return an evaluator of both communities."""
    person = city_stages.evaluator(programme)
    for case in cases:
        assignments.assign_evaluator(
            nomination_id=case.pk, evaluator_id=person.person_id, actor=programme.city_reviewer, at=EVALUATING_AT
        )
    return person


def plan(programme: Programme, *stops: tuple[Nomination, datetime], **wanted: Any) -> list[Visit]:
    route = [Stop(case.pk, start, start + HOUR) for case, start in stops]
    return visits.plan_visits(stops=route, actor=programme.city_reviewer, at=EVALUATING_AT, **wanted)


def faults_of(programme: Programme, *stops: tuple[Nomination, datetime]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        plan(programme, *stops)
    return [(refusal.code, refusal.fix) for refusal in refused.value.refusals]


def told(name: str) -> set[tuple[int, str]]:
    return set(Notice.objects.filter(topic=f"nomination.{name}").values_list("recipient", "audience"))


def test_route_keeps_its_order_and_tells_the_panel(
    programme: Programme, cases: Sequence[Nomination], person: Actor
) -> None:
    made = plan(programme, (cases[1], MORNING), (cases[0], MORNING + HOUR), members=["示例陪同"])

    assert [(visit.nomination_id, visit.route_position) for visit in made] == [(cases[1].pk, 1), (cases[0].pk, 2)]
    assert made[0].members == ["示例陪同"]
    assert told("plan_visit") == {(person.person_id, "evaluator"), (programme.city_reviewer.person_id, "actor")}
    [notice, _other] = Notice.objects.filter(topic="nomination.plan_visit", audience="evaluator").order_by("pk")
    assert "8月11日" in letter_for(notice, language="zh-hans").title
    assert [visit.pk for visit in calendar_of(person, since=EVALUATING_AT, until=MORNING + HOUR)] == [made[0].pk]


def test_planning_again_moves_the_visit_and_says_so(
    programme: Programme, cases: Sequence[Nomination], person: Actor
) -> None:
    [first] = plan(programme, (cases[0], MORNING))

    [same] = plan(programme, (cases[0], MORNING))
    [moved] = plan(programme, (cases[0], MORNING + 3 * HOUR))

    assert (first.pk, same.pk, moved.version) == (moved.pk, moved.pk, 3)
    assert list(Event.objects.filter(name__endswith="_visit").order_by("sequence").values_list("name", flat=True)) == [
        "plan_visit",
        "move_visit",
    ]
    assert (person.person_id, "evaluator") in told("move_visit")


@pytest.mark.parametrize(
    ("start", "fault"),
    [
        (EVALUATING_AT, ("visit_in_past", "stops.0.planned_from")),
        (factories.EVALUATION_CLOSES, ("visit_too_late", "stops.0.planned_until")),
    ],
)
def test_visit_lies_in_the_time_that_is_left(
    programme: Programme, cases: Sequence[Nomination], start: datetime, fault: tuple[str, str]
) -> None:
    assert faults_of(programme, (cases[0], start)) == [fault]
    assert not Visit.objects.exists()


def test_visit_ends_after_it_begins(programme: Programme, cases: Sequence[Nomination]) -> None:
    with pytest.raises(InvalidInput) as refused:
        visits.plan_visits(stops=[Stop(cases[0].pk, MORNING, MORNING)], actor=programme.city_reviewer, at=EVALUATING_AT)

    assert [refusal.code for refusal in refused.value.refusals] == ["visit_period"]


def test_route_names_a_community_once(programme: Programme, cases: Sequence[Nomination]) -> None:
    assert faults_of(programme, (cases[0], MORNING), (cases[0], MORNING + HOUR)) == [("repeated", "stops.1.nomination")]


def test_evaluator_is_at_one_place_at_a_time(programme: Programme, cases: Sequence[Nomination], person: Actor) -> None:
    faults = faults_of(programme, (cases[0], MORNING), (cases[1], MORNING + HOUR / 2))

    assert faults == [
        ("evaluator_elsewhere", "stops.0.planned_from"),
        ("evaluator_elsewhere", "stops.1.planned_from"),
    ]
    assert (Visit.objects.count(), Event.objects.filter(name="plan_visit").count()) == (0, 0)
    assert len(plan(programme, (cases[0], MORNING), (cases[1], MORNING + HOUR))) == 2


def test_evaluator_who_is_away_is_named(programme: Programme, cases: Sequence[Nomination], person: Actor) -> None:
    day = (MORNING + timedelta(hours=8)).date()
    Absence.objects.create(evaluator=Evaluator.objects.get(), first_on=day, last_on=day)

    assert faults_of(programme, (cases[0], MORNING)) == [("evaluator_away", "stops.0.planned_from")]


def test_visit_called_off_is_told(programme: Programme, cases: Sequence[Nomination], person: Actor) -> None:
    [visit] = plan(programme, (cases[0], MORNING))

    visits.cancel_visit(visit_id=visit.pk, reason="暴雨预警", actor=programme.city_reviewer, at=EVALUATING_AT)

    assert (person.person_id, "evaluator") in told("cancel_visit")
    with pytest.raises(NotFound):
        visits.cancel_visit(visit_id=visit.pk, reason="再次", actor=programme.city_reviewer, at=EVALUATING_AT)
    [again] = plan(programme, (cases[0], MORNING + HOUR))
    assert again.pk != visit.pk


def test_planned_visit_becomes_the_recorded_one(programme: Programme, cases: Sequence[Nomination]) -> None:
    [planned] = plan(programme, (cases[0], MORNING))

    recorded = city_stages.visited(programme, cases[0], at=MORNING + HOUR)

    assert (recorded.pk, Visit.objects.planned().count()) == (planned.pk, 0)


def test_planned_visit_is_not_yet_a_visit(programme: Programme, cases: Sequence[Nomination]) -> None:
    city_stages.received(programme)
    plan(programme, (cases[0], MORNING))

    nomination = Nomination.objects.with_facts().get(pk=cases[0].pk)

    assert (nomination.has_visit, nomination.summary.recommended_count) == (False, 2)


def test_only_the_citys_reviewer_plans(programme: Programme, cases: Sequence[Nomination], person: Actor) -> None:
    route = [Stop(cases[0].pk, MORNING, MORNING + HOUR)]

    for actor in (programme.city_approver, programme.bureau.reviewer, person):
        with pytest.raises(NotAllowed):
            visits.plan_visits(stops=route, actor=actor, at=EVALUATING_AT)


@pytest.fixture
def visit(programme: Programme, cases: Sequence[Nomination]) -> Visit:
    return city_stages.visited(programme, cases[0])


def photo_of(visit: Visit) -> UUID:
    return Attachment.objects.get(subject_kind="visit", subject_id=visit.pk).pk


def find(programme: Programme, visit: Visit, **found: Any) -> Visit:
    return visits.record_findings(visit_id=visit.pk, actor=programme.city_reviewer, at=EVALUATING_AT, **found)


def test_findings_are_kept_by_requirement(programme: Programme, visit: Visit) -> None:
    find(programme, visit, checks=[Check(1, CheckVerdict.MET), Check(3, CheckVerdict.NOT_MET, "公示栏未更新")])
    find(programme, visit, checks=[Check(3, CheckVerdict.MET, "已更新")])

    kept = list(visit.checks.values_list("requirement__number", "verdict", "note"))
    assert kept == [(1, "met", ""), (3, "met", "已更新")]


def test_veto_with_its_photo_leads_the_city_to_a_decision(programme: Programme, visit: Visit) -> None:
    photo, approver = photo_of(visit), programme.city_approver.person_id

    find(programme, visit, vetoes=[Veto(VetoKind.BLOCKED_FIRE_LANE, "3号楼北侧停满私家车", photo)])

    [finding] = findings_to_settle(programme.city_reviewer)
    event = Event.objects.get(name="find_veto")
    assert (finding.kind, finding.photo_id) == ("blocked_fire_lane", photo)
    assert event.documents == {"evidence_1": Attachment.objects.get(pk=photo).sha256}
    assert told("find_veto") == {(programme.city_reviewer.person_id, "actor"), (approver, "city_pair")}


def test_recorded_veto_settles_what_was_found(programme: Programme, visit: Visit) -> None:
    find(programme, visit, vetoes=[Veto(VetoKind.SAFETY_ACCIDENT, "电梯坠落", photo_of(visit))])

    assessment.record_veto(
        nomination_id=visit.nomination_id,
        kind="安全事故",
        authority="示例市应急管理局",
        document="示应急〔2023〕8号",
        actor=programme.city_reviewer,
        at=EVALUATING_AT,
    )

    assert not findings_to_settle(programme.city_reviewer).exists()


def test_finding_is_dismissed_only_with_a_reason_and_once(programme: Programme, visit: Visit) -> None:
    find(programme, visit, vetoes=[Veto(VetoKind.OTHER, "待核实", photo_of(visit))])
    finding = VetoFinding.objects.get()
    dismiss = {"finding_id": finding.pk, "actor": programme.city_reviewer, "at": EVALUATING_AT}
    with pytest.raises(InvalidInput):
        visits.dismiss_finding(reason=" ", **dismiss)

    visits.dismiss_finding(reason="现场已即时整改", **dismiss)

    finding.refresh_from_db()
    assert (finding.dismissed_reason, finding.settled_by_id) == ("现场已即时整改", programme.city_reviewer.person_id)
    with pytest.raises(NotFound):
        visits.dismiss_finding(reason="再次", **dismiss)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"checks": [Check(99, CheckVerdict.MET)]}, ("requirement_unknown", "checks.0.number")),
        ({"checks": [Check(1, CheckVerdict.NOT_MET)]}, ("required", "checks.0.note")),
        ({"checks": [Check(1, CheckVerdict.OPEN)]}, ("verdict_unknown", "checks.0.verdict")),
        ({"vetoes": [Veto(VetoKind.OTHER, "见照片", UUID(int=1))]}, ("evidence_missing", "vetoes.0.photo")),
    ],
)
def test_findings_are_refused_by_field(
    programme: Programme, visit: Visit, found: dict[str, Any], fault: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        find(programme, visit, **found)

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [fault]
    assert (visit.checks.count(), visit.vetoes.count()) == (0, 0)


def test_requirement_is_judged_once_in_one_report(programme: Programme, visit: Visit) -> None:
    with pytest.raises(InvalidInput) as refused:
        find(programme, visit, checks=[Check(1, CheckVerdict.MET), Check(1, CheckVerdict.MET)])

    assert {refusal.code for refusal in refused.value.refusals} == {"repeated"}


def calendar(secret: str, at: datetime = EVALUATING_AT) -> list[dict[str, Any]]:
    events = Calendar.from_ical(spell_calendar(feed_of(secret, at=at))).walk("VEVENT")
    return [
        {"summary": str(event["summary"]), "from": event["dtstart"].dt, "status": str(event["status"])}
        for event in events
    ]


def test_calendar_holds_communities_and_times_and_nothing_else(
    programme: Programme, cases: Sequence[Nomination], person: Actor
) -> None:
    plan(programme, (cases[0], MORNING), members=["示例陪同"])

    text = spell_calendar(feed_of(issue_feed(actor=person, at=EVALUATING_AT), at=EVALUATING_AT)).decode()

    assert {line.partition(":")[0].partition(";")[0] for line in text.splitlines() if line[:1].strip()} <= {
        "BEGIN", "END", "VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL", "UID", "DTSTAMP", "DTSTART",
        "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "CLASS",
    }  # fmt: skip
    assert (cases[0].community.name in text, "示例陪同" in text, person.name in text) == (True, False, False)


def test_calendar_follows_moves_and_cancellations(
    programme: Programme, cases: Sequence[Nomination], person: Actor
) -> None:
    secret = issue_feed(actor=person, at=EVALUATING_AT)
    first, second = plan(programme, (cases[0], MORNING), (cases[1], MORNING + HOUR))
    plan(programme, (cases[0], MORNING + 4 * HOUR))
    visits.cancel_visit(visit_id=second.pk, reason="暴雨", actor=programme.city_reviewer, at=EVALUATING_AT)

    shown = calendar(secret)

    assert [(event["from"], event["status"]) for event in shown] == [
        (MORNING + HOUR, "CANCELLED"),
        (MORNING + 4 * HOUR, "CONFIRMED"),
    ]
    assert first.pk != second.pk


def test_calendar_of_somebody_off_the_panel_is_empty(
    programme: Programme, cases: Sequence[Nomination], person: Actor
) -> None:
    secret = issue_feed(actor=person, at=EVALUATING_AT)
    plan(programme, (cases[0], MORNING))
    for row in list(cases[0].assignments.all()):
        assignments.release_evaluator(
            assignment_id=row.pk, reason="调整", actor=programme.city_reviewer, at=EVALUATING_AT
        )

    assert calendar(secret) == []


def test_address_is_worth_nothing_once_revoked_replaced_or_its_holder_gone(programme: Programme, person: Actor) -> None:
    first = issue_feed(actor=person, at=EVALUATING_AT)
    second = issue_feed(actor=person, at=EVALUATING_AT)
    with pytest.raises(NotFound):
        feed_of(first, at=EVALUATING_AT)
    assert feed_of(second, at=EVALUATING_AT).visits == ()

    revoke(
        membership=Membership.objects.get(pk=person.membership_id),
        at=EVALUATING_AT,
        by=programme.city_reviewer,
        reason="离任",
    )
    with pytest.raises(NotFound):
        feed_of(second, at=EVALUATING_AT)


def test_address_can_be_revoked(programme: Programme, person: Actor) -> None:
    secret = issue_feed(actor=person, at=EVALUATING_AT)

    revoke_feed(actor=person, at=EVALUATING_AT)

    with pytest.raises(NotFound):
        feed_of(secret, at=EVALUATING_AT)
    with pytest.raises(NotAllowed):
        issue_feed(actor=programme.city_reviewer, at=EVALUATING_AT)
