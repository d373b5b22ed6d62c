"""The ladder: seven, three and one day before, on the last day, once overdue; to who holds the work."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from nominations.models import Nomination
from notifications import rules
from notifications.enums import Step
from notifications.models import Delivery, Notice, Reminder
from notifications.operations import prefer, remind
from notifications.tasks import send_reminders
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from tests.notifications.post import tick
from tests.notifications.sink import Sink
from tests.workflow.races import at_once, elsewhere
from workflow import deadlines
from workflow.sweeping import sweep

CLOSES = factories.APPLICATION_CLOSES


def days_before(days: int) -> datetime:
    """Return nine in the morning, so many days before the last day of the application period."""
    return CLOSES - timedelta(days=days + 1) + timedelta(hours=9)


def new_reminders(at: datetime, flow: str = "nomination") -> int:
    """Write the reminders of an instant and return how many there were for objects of ``flow``."""
    reminders = Reminder.objects.filter(deadline__flow=flow)
    before = reminders.count()
    remind(at=at)
    return reminders.count() - before


def reminded(step: str = "") -> set[tuple[int, str]]:
    """Return who was reminded, by person and topic."""
    notices = Notice.objects.filter(reminder__isnull=False, topic__endswith=step)
    return set(notices.values_list("recipient", "topic"))


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (8, None),
        (7, "t7"),
        (6, "t7"),
        (5, None),
        (4, None),
        (3, "t3"),
        (2, "t3"),
        (1, "t1"),
        (0, "t0"),
        (-1, "overdue"),
    ],
)
def test_step_is_told_by_the_days_left(days: int, step: str | None) -> None:
    found = rules.step_at(CLOSES, days_before(days))

    assert found == (Step(step) if step else None)


def test_last_instant_of_the_last_day_is_still_the_last_day() -> None:
    tick_before = rules.step_at(CLOSES, CLOSES - timedelta(microseconds=1))
    at_the_end = rules.step_at(CLOSES, CLOSES)

    assert (tick_before, at_the_end) == (Step.LAST_DAY, Step.OVERDUE)


def test_company_is_reminded_of_a_draft_on_every_rung_once(programme: Programme) -> None:
    stages.drafted(programme)

    counts = [new_reminders(days_before(days)) for days in (8, 7, 7, 6, 5, 3, 2, 1, 1, 0, 0)]

    assert counts == [0, 2, 0, 0, 0, 2, 0, 2, 0, 2, 0]
    assert set(Reminder.objects.filter(deadline__flow="nomination").values_list("recipient", "step")) == {
        (actor.user_id, step)
        for actor in (programme.company.admin, programme.company.editor)
        for step in ("t7", "t3", "t1", "t0")
    }


def test_rung_that_was_slept_through_is_caught_up_the_next_day(programme: Programme) -> None:
    stages.drafted(programme)

    late = remind(at=days_before(6))

    assert late == 2
    assert set(Reminder.objects.values_list("step", flat=True)) == {"t7"}


def test_two_reminders_at_once_remind_once(committed_programme: Programme) -> None:
    elsewhere(lambda: stages.drafted(committed_programme))

    counts = at_once([lambda: remind(at=days_before(3))] * 4)

    assert sorted(count for count in counts if isinstance(count, int)) == [0, 0, 0, 2]
    assert elsewhere(Delivery.objects.count) == 2


def test_moved_deadline_is_reminded_of_anew(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    remind(at=days_before(3))

    deadlines.schedule(
        kind="application_closes", flow="nomination", subject_id=nomination.pk, due_at=CLOSES + timedelta(days=1)
    )
    again = new_reminders(days_before(2))

    assert again == 2


def test_submitted_form_is_the_districts_to_be_reminded_of(programme: Programme) -> None:
    stages.submitted(programme)
    at = factories.DISTRICT_CLOSES - timedelta(days=3, hours=12)

    remind(at=at)

    pair = {programme.bureau.reviewer.user_id, programme.bureau.colleague.user_id}
    assert {who for who, topic in reminded() if topic.startswith("reminder.nomination.district_closes")} == pair


def test_reviewed_case_is_the_approvers(programme: Programme) -> None:
    stages.reviewed(programme)

    remind(at=factories.DISTRICT_CLOSES - timedelta(days=3, hours=12))

    told = {who for who, topic in reminded() if topic.startswith("reminder.nomination.district_closes")}
    assert told == {programme.bureau.approver.user_id}


def test_claimed_case_is_its_reviewers(programme: Programme) -> None:
    stages.claimed(programme)

    remind(at=factories.DISTRICT_CLOSES - timedelta(days=3, hours=12))

    told = {who for who, topic in reminded() if topic.startswith("reminder.nomination.district_closes")}
    assert told == {programme.bureau.reviewer.user_id}


def test_overdue_work_is_told_to_its_holder_and_one_office_higher(programme: Programme) -> None:
    stages.claimed(programme)
    sweep(at=factories.DISTRICT_CLOSES)

    remind(at=factories.DISTRICT_CLOSES + timedelta(hours=9))

    topic = "reminder.nomination.district_closes.overdue"
    notices = Notice.objects.filter(topic=topic).values_list("recipient", "audience", "category", "params__above")
    assert set(notices) == {
        (programme.bureau.reviewer.user_id, "case_reviewer", "legal", None),
        (programme.bureau.approver.user_id, "district_approvers", "legal", True),
    }


def test_lapsed_form_is_nobodys_work_any_more(programme: Programme) -> None:
    stages.drafted(programme)
    sweep(at=CLOSES)

    remind(at=CLOSES + timedelta(hours=9))

    assert {topic for _who, topic in reminded() if "application_closes" in topic} == set()


def test_deadline_overdue_for_long_is_not_told_of_again(programme: Programme) -> None:
    stages.claimed(programme)

    remind(at=factories.DISTRICT_CLOSES + timedelta(days=30))

    assert {topic for _who, topic in reminded() if "district_closes" in topic} == set()


def test_who_was_told_the_date_just_now_is_spared(programme: Programme) -> None:
    at = factories.DISTRICT_CLOSES - timedelta(days=8)
    nomination = stages.submitted(programme, at=at)

    remind(at=at + timedelta(hours=12))
    remind(at=at + timedelta(days=5))

    steps = Reminder.objects.filter(deadline__subject_id=nomination.pk).values_list("step", flat=True)
    assert set(steps) == {"t3"}


def test_reminders_of_one_person_travel_in_one_mail(programme: Programme, sink: Sink) -> None:
    for _ in range(3):
        stages.drafted(programme)
    at = days_before(3)

    remind(at=at)
    tick(at)

    address = User.objects.get(pk=programme.company.editor.user_id).email
    (mail,) = [mail for mail in sink.to(address) if "剩余" in str(mail["Subject"])]
    text = mail.get_body(("plain",))
    assert text is not None
    assert str(mail["Subject"]).endswith("等 3 条通知")
    assert text.get_content().count("/n/") == 3


def test_reminder_looks_at_the_state_again_before_it_is_sent(programme: Programme, sink: Sink) -> None:
    nomination = stages.ready(programme)
    at = days_before(1)
    remind(at=at)

    stages.moved(nomination, "submit", programme.company.admin, at=at)
    tick(at)

    reminders = Delivery.objects.filter(notice__reminder__deadline__subject_id=nomination.pk)
    assert set(reminders.values_list("state", flat=True)) == {"dropped"}
    assert [mail for mail in sink.mails if "截止" in str(mail["Subject"])] == []


def test_mail_of_several_reminders_leaves_out_what_was_done(programme: Programme, sink: Sink) -> None:
    done, other = stages.ready(programme), stages.drafted(programme)
    at = days_before(1)
    remind(at=at)

    stages.moved(done, "submit", programme.company.admin, at=at)
    tick(at)

    address = User.objects.get(pk=programme.company.editor.user_id).email
    (mail,) = [mail for mail in sink.to(address) if "截止" in str(mail["Subject"])]
    assert str(mail["Subject"]) == f"明天截止：提交{other.community.name}自荐表，7月31日（周一）24:00 前"


def test_reminders_can_be_declined_until_the_work_is_overdue(programme: Programme) -> None:
    reviewer = programme.bureau.reviewer
    prefer(user_id=reviewer.user_id or 0, category="reminder", mode="off")
    stages.claimed(programme)
    address = User.objects.get(pk=reviewer.user_id).email

    remind(at=factories.DISTRICT_CLOSES - timedelta(days=1))
    early = Delivery.objects.filter(address=address, notice__reminder__isnull=False).count()
    remind(at=factories.DISTRICT_CLOSES + timedelta(hours=1))

    late = Delivery.objects.filter(address=address, notice__reminder__isnull=False)
    assert (early, late.filter(notice__reminder__step="overdue").count() > 0) == (0, True)


def test_nomination_that_is_gone_reminds_nobody(programme: Programme) -> None:
    deadlines.schedule(
        kind="application_closes", flow="nomination", subject_id=factories.Stream.objects.all()[0].pk, due_at=CLOSES
    )

    assert remind(at=days_before(3)) == 0
    assert Nomination.objects.count() == 0


def test_task_reminds_of_what_is_due_now(programme: Programme) -> None:
    stages.drafted(programme)

    count = send_reminders()

    assert count == 0
