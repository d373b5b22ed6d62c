"""What happens when time is over: forms lapse, everything else is escalated and stays open; extensions come first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nominations.enums import DeadlineKind, NominationState, Window
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Campaign, Extension, Nomination
from nominations.operations import extension, work_report
from nominations.operations.moves import make_move
from tests.nominations import factories, stages
from tests.nominations.stages import AT, Programme, drafted, moved, ready, submitted
from workflow import deadlines
from workflow.errors import MoveRefused, NotFound
from workflow.models import Deadline, Event
from workflow.sweeping import sweep

pytestmark = pytest.mark.django_db
A_MICROSECOND = timedelta(microseconds=1)
CLOSES = factories.APPLICATION_CLOSES


def state_of(nomination: Nomination) -> str:
    """Return the state as it stands in the database."""
    return str(Nomination.objects.values_list("state", flat=True).get(pk=nomination.pk))


def outcome_of(subject_id: object, kind: DeadlineKind) -> str:
    """Return what became of a deadline; empty while it is open."""
    return Deadline.objects.get(subject_id=subject_id, kind=kind).outcome


def granted(programme: Programme, window: Window, **scope: object) -> Extension:
    """Extend a window by five days, by two people."""
    closes_at = {Window.APPLICATION: CLOSES, Window.DISTRICT: factories.DISTRICT_CLOSES}.get(window, CLOSES)
    prepared = extension.prepare_extension(
        campaign_id=programme.campaign.pk,
        window=window,
        until=closes_at + timedelta(days=5),
        reason="汛期影响。",
        actor=programme.city_reviewer,
        at=AT,
        **scope,  # type: ignore[arg-type]  # as the test names it
    )
    return extension.approve_extension(extension_id=prepared.pk, actor=programme.city_approver, at=AT)


def test_draft_lapses_at_the_closing_instant_and_not_before(programme: Programme) -> None:
    nomination = drafted(programme)

    sweep(at=CLOSES - A_MICROSECOND)
    before = state_of(nomination)
    sweep(at=CLOSES)

    assert (before, state_of(nomination)) == (NominationState.DRAFT, NominationState.LAPSED)
    assert outcome_of(nomination.pk, DeadlineKind.APPLICATION_CLOSES) == "lapsed"


def test_deadline_that_is_not_in_step_with_its_window_is_looked_at_again(programme: Programme) -> None:
    early, gone_on = drafted(programme), submitted(programme)
    deadlines.schedule(kind=DeadlineKind.APPLICATION_CLOSES, flow="nomination", subject_id=gone_on.pk, due_at=CLOSES)
    later = CLOSES + timedelta(days=1)
    Campaign.objects.filter(pk=programme.campaign.pk).update(application_closes_at=later)

    sweep(at=CLOSES)
    before = (state_of(early), outcome_of(early.pk, DeadlineKind.APPLICATION_CLOSES))
    sweep(at=later)

    assert before == (NominationState.DRAFT, "")
    assert (state_of(early), outcome_of(early.pk, DeadlineKind.APPLICATION_CLOSES)) == (
        NominationState.LAPSED,
        "lapsed",
    )
    assert outcome_of(gone_on.pk, DeadlineKind.APPLICATION_CLOSES) == "kept"


def test_submitted_nomination_does_not_lapse(programme: Programme) -> None:
    nomination = submitted(programme)

    sweep(at=CLOSES)

    assert state_of(nomination) == NominationState.SUBMITTED


def test_late_sweeper_lets_no_late_submission_in(programme: Programme) -> None:
    nomination = ready(programme)

    with pytest.raises(MoveRefused) as refused:
        moved(nomination, "submit", programme.company.admin, at=CLOSES)

    assert [refusal.code for refusal in refused.value.refusals] == ["window_over"]


def test_returned_form_lapses_at_its_own_date(programme: Programme) -> None:
    """Five working days after Thursday, 13 July 2023 end with Thursday, 20 July."""
    nomination = submitted(programme)
    remarks = {"sections": [{"section": "party", "remark": "请补全称。"}]}
    make_move(
        Nomination,
        nomination.pk,
        "return_for_correction",
        actor=programme.bureau.reviewer,
        at=AT,
        comment="请补正。",
        payload=remarks,
    )
    due_at = Nomination.objects.get(pk=nomination.pk).correction_due_at
    assert due_at is not None

    sweep(at=due_at - A_MICROSECOND)
    before = state_of(nomination)
    sweep(at=due_at)

    assert due_at.isoformat() == "2023-07-20T16:00:00+00:00"
    assert (before, state_of(nomination)) == (NominationState.RETURNED, NominationState.LAPSED)


def test_undecided_nomination_is_escalated_and_never_decided_by_the_machine(programme: Programme) -> None:
    nomination = submitted(programme)

    sweep(at=factories.DISTRICT_CLOSES)

    assert state_of(nomination) == NominationState.SUBMITTED
    assert outcome_of(nomination.pk, DeadlineKind.DISTRICT_CLOSES) == "escalated"
    assert outcome_of(programme.bureau.summary.pk, DeadlineKind.DISTRICT_CLOSES) == "escalated"


def test_extension_keeps_a_draft_alive_until_its_own_end(programme: Programme) -> None:
    nomination = drafted(programme)
    granted(programme, Window.APPLICATION)

    sweep(at=CLOSES)
    before = state_of(nomination)
    sweep(at=CLOSES + timedelta(days=5))

    assert (before, state_of(nomination)) == (NominationState.DRAFT, NominationState.LAPSED)


def test_extension_lets_a_form_in_that_would_be_late(programme: Programme) -> None:
    nomination = ready(programme)
    granted(programme, Window.APPLICATION, nomination_id=nomination.pk)

    accepted = moved(nomination, "submit", programme.company.admin, at=CLOSES)

    assert accepted.state == NominationState.SUBMITTED


def test_extension_of_one_district_leaves_the_other_as_it_is(programme: Programme) -> None:
    here, there = drafted(programme), drafted(programme, bureau=1)
    granted(programme, Window.APPLICATION, district_id=programme.bureau.office.pk)

    sweep(at=CLOSES)

    assert (state_of(here), state_of(there)) == (NominationState.DRAFT, NominationState.LAPSED)


def test_extension_is_told_in_the_history_of_whom_it_concerns(programme: Programme) -> None:
    nomination = submitted(programme)

    approved = granted(programme, Window.DISTRICT)

    events = Event.objects.filter(name="grant_extension").order_by("flow")
    assert [(event.flow, event.comment) for event in events] == [
        ("nomination", "汛期影响。"),
        ("recommendation_summary", "汛期影响。"),
        ("recommendation_summary", "汛期影响。"),
    ]
    assert events[0].payload["extension"] == str(approved.pk)
    assert Deadline.objects.get(subject_id=nomination.pk, kind="district_closes").due_at == approved.until


def test_lapsed_form_is_reopened_within_an_extension_only(programme: Programme) -> None:
    nomination = drafted(programme)
    sweep(at=CLOSES)
    late = CLOSES + timedelta(days=1)
    with pytest.raises(MoveRefused) as refused:
        moved(nomination, "reopen", programme.city_approver, at=late, comment="同意恢复。")

    granted(programme, Window.APPLICATION, nomination_id=nomination.pk)
    reopened = moved(nomination, "reopen", programme.city_approver, at=late, comment="同意恢复。")

    assert [refusal.code for refusal in refused.value.refusals] == ["no_extension"]
    assert reopened.state == NominationState.DRAFT


def test_extension_takes_two_people(programme: Programme) -> None:
    prepared = extension.prepare_extension(
        campaign_id=programme.campaign.pk,
        window=Window.REPORT,
        until=factories.REPORT_CLOSES + timedelta(days=1),
        reason="等待材料。",
        actor=programme.city_reviewer,
        at=AT,
    )
    user = factories.User.objects.get(pk=programme.city_reviewer.user_id)
    same = factories.actor(factories.Role.CITY_APPROVER, programme.campaign.city, user)

    with pytest.raises(extension.SamePerson):
        extension.approve_extension(extension_id=prepared.pk, actor=same, at=AT)
    with pytest.raises(NotAllowed):
        extension.approve_extension(extension_id=prepared.pk, actor=programme.city_reviewer, at=AT)
    extension.approve_extension(extension_id=prepared.pk, actor=programme.city_approver, at=AT)
    with pytest.raises(extension.ApprovedAlready):
        extension.approve_extension(extension_id=prepared.pk, actor=programme.city_approver, at=AT)


def test_extension_refusals_name_every_field(programme: Programme) -> None:
    with pytest.raises(InvalidInput) as refused:
        extension.prepare_extension(
            campaign_id=programme.campaign.pk,
            window=Window.APPLICATION,
            until=CLOSES,
            reason=" ",
            actor=programme.city_reviewer,
            at=AT,
        )

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [
        ("not_later", "until"),
        ("required", "reason"),
    ]


def test_other_cities_and_other_roles_extend_nothing(programme: Programme) -> None:
    common = {"campaign_id": programme.campaign.pk, "window": Window.APPLICATION, "reason": "x", "at": AT}
    until = CLOSES + timedelta(days=1)
    stranger = factories.actor(factories.Role.CITY_REVIEWER, factories.CityFactory())

    with pytest.raises(NotFound):
        extension.prepare_extension(until=until, actor=stranger, **common)
    with pytest.raises(NotAllowed):
        extension.prepare_extension(until=until, actor=programme.bureau.approver, **common)
    with pytest.raises(NotFound):
        extension.prepare_extension(
            until=until,
            actor=programme.city_reviewer,
            district_id=factories.DistrictBureauFactory.create().pk,
            **common,
        )
    with pytest.raises(NotFound):
        extension.prepare_extension(
            until=until, actor=programme.city_reviewer, nomination_id=programme.campaign.pk, **common
        )


def test_extension_concerns_a_part_of_the_campaign_alone(programme: Programme) -> None:
    nomination, elsewhere = drafted(programme), stages.programme()
    foreign = {"district_id": elsewhere.bureau.office.pk}, {"nomination_id": drafted(elsewhere).pk}
    both = {"district_id": programme.bureau.office.pk, "nomination_id": nomination.pk}

    for scope in foreign:
        with pytest.raises(NotFound):
            granted(programme, Window.APPLICATION, **scope)
    with pytest.raises(InvalidInput) as refused:
        granted(programme, Window.APPLICATION, **both)

    assert [reason.code for reason in refused.value.refusals] == ["one_scope"]


def test_extension_that_does_not_exist_is_not_approved(programme: Programme) -> None:
    with pytest.raises(NotFound):
        extension.approve_extension(extension_id=programme.campaign.pk, actor=programme.city_approver, at=AT)


def test_work_report_is_saved_section_by_section(programme: Programme) -> None:
    report = programme.bureau.work_report

    saved = work_report.save_sections(
        report_id=report.pk, sections={"problems": "停车难。"}, actor=programme.bureau.reviewer, at=AT, version=1
    )

    assert (saved.problems, saved.practice_and_results, saved.version) == ("停车难。", "", 2)
    assert saved.preparer_id == programme.bureau.reviewer.user_id


def test_work_report_refusals_name_every_section(programme: Programme) -> None:
    report = programme.bureau.work_report

    with pytest.raises(InvalidInput) as refused:
        work_report.save_sections(
            report_id=report.pk, sections={"problems": 1, "nonsense": "x"}, actor=programme.bureau.reviewer, at=AT
        )

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [
        ("unknown_field", "nonsense"),
        ("not_text", "problems"),
    ]
    report.refresh_from_db()
    assert report.version == 1


def test_submitted_work_report_is_not_changed(programme: Programme) -> None:
    report = programme.bureau.work_report
    sections = {"practice_and_results": "做法。", "problems": "问题。", "suggestions": "建议。"}
    common = {"report_id": report.pk, "sections": sections, "at": AT}
    work_report.save_sections(actor=programme.bureau.reviewer, **common)
    make_move(type(report), report.pk, "submit", actor=programme.bureau.approver, at=AT)

    with pytest.raises(NotEditable):
        work_report.save_sections(actor=programme.bureau.reviewer, **common)
    with pytest.raises(NotAllowed):
        work_report.save_sections(actor=programme.city_reviewer, **common)
    with pytest.raises(NotFound):
        work_report.save_sections(actor=programme.bureaus[1].reviewer, **common)
