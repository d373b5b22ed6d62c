"""Who is told, once each, in the transaction of the move (S-20)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor
from accounts.enums import Role
from accounts.models import Membership, User
from nominations.enums import Window
from nominations.models import Nomination, ProvincialReport, Ranking, Selection
from nominations.operations import conflict, extension
from notifications import queries
from notifications.enums import Category, Mode
from notifications.errors import LegalMinimum, NoticeNotFound, UnknownCategory, UnknownMode
from notifications.letters import letter_for
from notifications.models import Notice
from notifications.operations import mark_all_read, mark_read, prefer, write_notices
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import AT, Programme
from tests.workflow.tampering import as_owner
from workflow import engine
from workflow.models import Event


def told_of(nomination: Nomination, name: str) -> set[tuple[int, str, bool]]:
    """Return who was told of the event: person, audience, whether by mail."""
    notices = Notice.objects.filter(event__subject_id=nomination.pk, event__name=name)
    return {(notice.recipient_id, notice.audience, notice.wants_mail) for notice in notices}


def test_submission_is_told_to_the_company_and_the_district_reviewers(programme: Programme) -> None:
    nomination = stages.submitted(programme)

    assert told_of(nomination, "submit") == {
        (programme.company.admin.user_id, "actor", False),
        (programme.company.editor.user_id, "company", True),
        (programme.bureau.reviewer.user_id, "district_reviewers", True),
        (programme.bureau.colleague.user_id, "district_reviewers", True),
    }


def test_recommendation_is_told_to_the_reviewer_of_the_case_alone_and_to_the_city(programme: Programme) -> None:
    city = programme.city_reviewer

    nomination = city_stages.recommended(programme)

    assert told_of(nomination, "recommend") == {
        (programme.bureau.approver.user_id, "actor", False),
        (programme.company.admin.user_id, "company", True),
        (programme.company.editor.user_id, "company", True),
        (programme.bureau.reviewer.user_id, "case_reviewer", True),
        (city.user_id, "city_reviewers", True),
    }


def test_colleagues_stand_in_for_a_reviewer_who_has_left(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    Nomination.objects.filter(pk=nomination.pk).update(claimed_by=programme.bureau.reviewer.user_id)
    Membership.objects.filter(user=programme.bureau.reviewer.user_id).update(valid_until=AT - timedelta(hours=1))

    engine.record(
        engine.take(Nomination, nomination.pk, actor=programme.bureau.approver),
        "hand_over",
        actor=programme.bureau.approver,
        at=AT,
    )

    assert told_of(nomination, "hand_over") == {
        (programme.bureau.approver.user_id, "actor", False),
        (programme.bureau.colleague.user_id, "case_reviewer", True),
    }


def test_person_with_several_capacities_is_told_once(programme: Programme) -> None:
    reviewer = User.objects.get(pk=programme.bureau.reviewer.user_id)
    factories.actor(Role.COMPANY_EDITOR, programme.company.office, reviewer)
    factories.actor(Role.DISTRICT_APPROVER, programme.bureau.office, reviewer)

    nomination = stages.submitted(programme)

    notices = Notice.objects.filter(event__subject_id=nomination.pk, event__name="submit", recipient=reviewer)
    assert [notice.audience for notice in notices] == ["company"]


def test_actor_of_several_capacities_gets_the_receipt_alone(programme: Programme) -> None:
    admin = User.objects.get(pk=programme.company.admin.user_id)
    factories.actor(Role.DISTRICT_REVIEWER, programme.bureau.office, admin)

    nomination = stages.submitted(programme)

    assert {row for row in told_of(nomination, "submit") if row[0] == admin.pk} == {(admin.pk, "actor", False)}


@pytest.mark.parametrize("absence", ["expired", "inactive person", "inactive office", "not yet"])
def test_nobody_without_a_valid_right_is_told(programme: Programme, absence: str) -> None:
    colleague = programme.bureau.colleague
    membership = Membership.objects.filter(user=colleague.user_id)
    if absence == "expired":
        membership.update(valid_until=AT)
    elif absence == "not yet":
        membership.update(valid_from=AT + timedelta(seconds=1))
    elif absence == "inactive person":
        User.objects.filter(pk=colleague.user_id).update(is_active=False)

    nomination = stages.ready(programme)
    if absence == "inactive office":
        programme.bureau.office.is_active = False
        programme.bureau.office.save()
    stages.moved(nomination, "submit", programme.company.admin)

    assert colleague.user_id not in {recipient for recipient, _audience, _mail in told_of(nomination, "submit")}


def test_notices_cost_a_move_one_statement(programme: Programme) -> None:
    nomination = stages.ready(programme)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        stages.moved(nomination, "submit", programme.company.admin)

    assert sum("notifications_" in query["sql"] for query in captured) == 1


def test_many_events_cost_one_statement_together(programme: Programme) -> None:
    nominations = [stages.submitted(programme) for _ in range(3)]
    events = list(Event.objects.filter(name="submit").order_by("at", "id"))
    subjects = [Nomination.objects.with_facts().get(pk=event.subject_id) for event in events]
    Notice.objects.all().delete()

    with CaptureQueriesContext(connection) as captured:
        write_notices(events, subjects)

    assert len(captured) == 1
    assert Counter(Notice.objects.values_list("event", flat=True)) == {event.pk: 4 for event in events}
    assert len(nominations) == 3


def test_notices_are_written_once_however_often_they_are_asked_for(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    event = Event.objects.get(subject_id=nomination.pk, name="submit")
    before = set(Notice.objects.values_list("pk", flat=True))

    write_notices([event], [nomination])

    assert set(Notice.objects.values_list("pk", flat=True)) == before


def test_act_that_concerns_nobody_else_is_told_to_nobody(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    assert told_of(nomination, "start") == set()


def test_machine_gets_no_receipt(programme: Programme) -> None:
    city = programme.city_reviewer
    nomination = stages.drafted(programme)

    stages.moved(nomination, "lapse", SYSTEM, at=factories.APPLICATION_CLOSES)

    assert {audience for _who, audience, _mail in told_of(nomination, "lapse")} == {
        "company",
        "district_pair",
        "city_reviewers",
    }
    assert city.user_id in {who for who, _audience, _mail in told_of(nomination, "lapse")}


def test_assignment_is_told_to_the_evaluator_and_the_city(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    second = factories.actor(Role.CITY_REVIEWER, programme.campaign.city)
    evaluator = city_stages.evaluator(programme)

    assigned = city_stages.assignments.assign_evaluator(
        nomination_id=nomination.pk,
        evaluator_id=evaluator.person_id,
        actor=programme.city_reviewer,
        at=city_stages.EVALUATING_AT,
    )
    conflict.declare_conflict(
        assignment_id=assigned.pk, reason="亲属关系", actor=evaluator, at=city_stages.EVALUATING_AT
    )

    assert told_of(nomination, "assign_evaluator") == {
        (programme.city_reviewer.user_id, "actor", False),
        (second.user_id, "city_reviewers", False),
        (evaluator.user_id, "evaluator", True),
    }
    assert told_of(nomination, "declare_conflict") == {
        (evaluator.user_id, "actor", False),
        (programme.city_reviewer.user_id, "city_reviewers", True),
        (second.user_id, "city_reviewers", True),
    }


def test_return_carries_remarks_round_and_last_day(programme: Programme) -> None:
    nomination = stages.submitted(programme)

    returned = stages.returned(
        nomination, programme.bureau.reviewer, {"sections": [{"section": "figures", "remark": "请核对。"}]}
    )

    notice = Notice.objects.get(recipient=programme.company.editor.user_id, topic="nomination.return_for_correction")
    letter = letter_for(notice)
    assert notice.category == Category.LEGAL
    assert returned.correction_due_at is not None
    assert notice.params["round"] == 1
    assert letter.due is not None
    assert [item.text for item in letter.items] == ["请核对。"]
    assert letter.then[-1] == "这是第 1 次退回，最多退回 2 次。"


def test_reader_marks_a_notice_as_read_once(programme: Programme) -> None:
    stages.submitted(programme)
    notice = Notice.objects.get(recipient=programme.bureau.reviewer.user_id)
    reader = programme.bureau.reviewer
    own = queries.notices_of(reader)

    first = mark_read(notice_id=notice.pk, within=own, at=AT)
    again = mark_read(notice_id=notice.pk, within=own, at=AT + timedelta(days=1))

    assert (first.read_at, again.read_at) == (AT, AT)
    assert queries.unread_count(reader) == 0


def test_notice_of_somebody_else_is_not_found(programme: Programme) -> None:
    stages.submitted(programme)
    notice = Notice.objects.get(recipient=programme.bureau.reviewer.user_id)

    with pytest.raises(NoticeNotFound):
        mark_read(notice_id=notice.pk, within=queries.notices_of(programme.company.admin), at=AT)

    notice.refresh_from_db()
    assert notice.read_at is None


def test_notices_of_an_office_are_read_in_it_alone(programme: Programme) -> None:
    stages.submitted(programme)
    reviewer, elsewhere = programme.bureau.reviewer, programme.bureaus[1].office
    left = Membership.objects.get(pk=reviewer.membership_id)
    joined = Membership.objects.create(
        user=left.user, organization=elsewhere, role=reviewer.role, valid_from=left.valid_from
    )
    moved = replace(reviewer, organization_id=elsewhere.pk, membership_id=joined.pk)

    def seen(actor: Actor) -> tuple[int, int, int]:
        held = queries.notices_held_by(actor.person_id, at=AT).count()
        return queries.notices_of(actor).count(), queries.unread_count(actor), held

    in_both = [seen(reviewer), seen(moved), mark_all_read(actor=moved, at=AT)]
    Membership.objects.filter(pk=left.pk).update(valid_until=AT)

    assert in_both == [(1, 1, 1), (0, 0, 1), 0]
    assert seen(moved) == (0, 0, 0)


def test_all_notices_are_read_at_once(programme: Programme) -> None:
    stages.submitted(programme)
    stages.submitted(programme)
    reader = programme.bureau.reviewer

    counts = [queries.unread_count(reader), mark_all_read(actor=reader, at=AT), queries.unread_count(reader)]

    assert counts == [2, 2, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_notices_costs_one_query(programme: Programme, count: int) -> None:
    for _ in range(count):
        stages.submitted(programme)

    with CaptureQueriesContext(connection) as captured:
        letters = [letter_for(notice) for notice in queries.notices_of(programme.bureau.reviewer)]

    assert (len(letters), len(captured)) == (count, 1)


def test_latest_notice_comes_first(programme: Programme) -> None:
    first = stages.submitted(programme)
    second = stages.submitted(programme, at=AT + timedelta(hours=1))

    listed = [notice.event.subject_id for notice in queries.notices_of(programme.bureau.reviewer)]

    assert listed == [second.pk, first.pk]


def test_preference_is_kept_and_changed(programme: Programme) -> None:
    reader = programme.company.editor.user_id or 0

    prefer(user_id=reader, category="progress", mode="off")
    prefer(user_id=reader, category="progress", mode="digest")

    assert queries.preferences_of(reader) == dict.fromkeys(Category, Mode.ON) | {Category.PROGRESS: Mode.DIGEST}


@pytest.mark.parametrize(
    ("category", "mode", "error"),
    [("legal", "off", LegalMinimum), ("gossip", "off", UnknownCategory), ("work", "loud", UnknownMode)],
)
def test_preference_that_cannot_be_is_refused(
    programme: Programme, category: str, mode: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        prefer(user_id=programme.company.editor.user_id or 0, category=category, mode=mode)


def test_approved_selection_tells_companies_of_their_own_and_districts_of_all_of_theirs(programme: Programme) -> None:
    city, approver = programme.city_reviewer, programme.city_approver
    first, second = (evaluated(programme, company=company) for company in (0, 1))
    other = evaluated(programme, bureau=1)

    selected = selection_of(programme, {first: "shortlist", second: "pass_over", other: "shortlist"})

    told = Notice.objects.filter(event__subject_id=selected.pk, event__name="approve")
    assert set(told.values_list("recipient", "audience")) == {
        (approver.user_id, "actor"),
        (city.user_id, "city_pair"),
        *((actor.user_id, "districts_concerned") for bureau in programme.bureaus for actor in bureau_of(bureau)),
    }
    assert told_of(second, "pass_over") == {
        (approver.user_id, "actor", False),
        (programme.companies[1].admin.user_id, "company", True),
        (programme.companies[1].editor.user_id, "company", True),
    }
    notice = queries.with_sources(told.filter(recipient=programme.bureau.reviewer.user_id)).get()
    outcomes = queries.outcomes_for([notice])
    assert set(outcomes[notice.pk]) == {
        (first.community.name, "shortlist"),
        (second.community.name, "pass_over"),
    }


def bureau_of(bureau: stages.Bureau) -> list[stages.Actor]:
    """Return everybody in a district bureau."""
    return [bureau.reviewer, bureau.colleague, bureau.approver]


def evaluated(programme: Programme, **where: int) -> Nomination:
    """Return a nomination as it stands after its evaluation."""
    nomination = stages.submitted(programme, **where)
    with as_owner():
        Nomination.objects.filter(pk=nomination.pk).update(state="evaluated")
    return stages.reloaded(nomination)


def selection_of(programme: Programme, outcomes: dict[Nomination, str]) -> Selection:
    """Have a selection approved that says this."""
    ranking = Ranking.objects.create(
        campaign=programme.campaign,
        frozen_at=AT,
        frozen_by_id=programme.city_reviewer.user_id,
        figures={},
        digest="3" * 64,
    )
    selected = Selection.objects.create(
        campaign=programme.campaign,
        ranking=ranking,
        preparer_id=programme.city_reviewer.person_id,
        fewer_reason="其余小区未达标准。",
        stream_id=programme.campaign.stream_id,
        created_at=AT,
        updated_at=AT,
    )
    for rank, (nomination, outcome) in enumerate(outcomes.items(), start=1):
        selected.rows.create(nomination=nomination, rank=rank, outcome=outcome, reason="会议研究决定")
    at = city_stages.EVALUATING_AT
    engine.perform(Selection, selected.pk, "propose", actor=programme.city_reviewer, at=at)
    engine.perform(Selection, selected.pk, "approve", actor=programme.city_approver, at=at, comment="同意")
    return selected


def test_report_to_the_province_is_told_to_the_districts_of_what_it_names(programme: Programme) -> None:
    nomination = evaluated(programme)
    with as_owner():
        Nomination.objects.filter(pk=nomination.pk).update(state="shortlisted")
    report = ProvincialReport.objects.get(campaign=programme.campaign)

    concerned = queries.districts_concerned(report)

    assert concerned == [programme.bureau.office.pk]


def test_extension_names_the_new_end(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    until = factories.APPLICATION_CLOSES + timedelta(days=3)
    prepared = extension.prepare_extension(
        campaign_id=programme.campaign.pk,
        window=Window.APPLICATION,
        until=until,
        reason="汛期",
        actor=programme.city_reviewer,
        at=AT,
    )

    extension.approve_extension(extension_id=prepared.pk, actor=programme.city_approver, at=AT)

    notice = queries.notices_of(programme.company.admin)[0]
    letter = letter_for(notice, language="en")
    assert told_of(nomination, "grant_extension") >= {(programme.company.admin.user_id, "company", True)}
    assert letter.then == ("The new end is Thursday 3 August, 24:00.",)
    assert letter.quote is not None
    assert letter.quote.text == "汛期"
