"""From events to waiting mails: exactly once, whoever asks, in the way that each person chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from nominations.models import CommitteeConfirmation
from nominations.operations.confirmation import answer, code_of, invite_committee, link_of, token_of
from notifications import courier
from notifications.models import Delivery, Notice
from notifications.operations import prefer, relay
from notifications.tasks import relay as relay_task
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.notifications.post import AT, states, tick, waiting
from tests.notifications.sink import Sink
from tests.workflow.races import at_once, elsewhere
from workflow.models import Heartbeat, OutboxEntry


def addresses(*actors: stages.Actor) -> set[str]:
    """Return the addresses of these people."""
    return set(User.objects.filter(pk__in=[actor.user_id for actor in actors]).values_list("email", flat=True))


def test_event_becomes_one_mail_for_each_who_wants_one(programme: Programme) -> None:
    stages.submitted(programme)

    seen = [relay.queue_mails(at=AT), relay.queue_mails(at=AT)]

    assert seen[1] == 0
    assert set(Delivery.objects.values_list("address", flat=True)) == addresses(
        programme.company.editor, programme.bureau.reviewer, programme.bureau.colleague
    )
    assert OutboxEntry.objects.count() == 0


def test_message_id_is_that_of_the_delivery_for_ever(programme: Programme, settings: Settings) -> None:
    settings.MESSAGE_ID_DOMAIN = "jiayuan.example.org"

    mail = waiting(programme, "li")["li"]

    assert mail.message_id == f"<{mail.pk}@jiayuan.example.org>"


def test_two_relays_at_once_queue_every_mail_once(committed_programme: Programme) -> None:
    elsewhere(lambda: [stages.submitted(committed_programme) for _ in range(6)])

    seen = at_once([lambda: relay.queue_mails(at=AT, limit=3)] * 6)

    assert sum(count for count in seen if isinstance(count, int)) == 12
    assert elsewhere(Delivery.objects.count) == 18


def test_two_couriers_at_once_send_every_mail_once(committed_programme: Programme, sink: Sink) -> None:
    elsewhere(lambda: [stages.submitted(committed_programme) for _ in range(8)])
    elsewhere(lambda: relay.queue_mails(at=AT))

    taken = at_once([lambda: courier.send_batch(clock=lambda: AT, limit=8)] * 3)

    assert taken == [8, 8, 8]
    assert set(sink.ids.values()) == {1}
    assert len(sink.mails) == 24
    assert elsewhere(lambda: set(Delivery.objects.values_list("state", flat=True))) == {"sent"}


def test_same_task_delivered_three_times_in_parallel_has_one_effect(committed_programme: Programme, sink: Sink) -> None:
    elsewhere(lambda: stages.submitted(committed_programme))

    at_once([relay_task] * 3)

    assert list(sink.ids.values()) == [1, 1, 1]


def test_preference_off_keeps_the_mail_back_and_the_notice_stays(programme: Programme) -> None:
    editor = programme.company.editor
    prefer(user_id=editor.user_id or 0, category="progress", mode="off")

    stages.submitted(programme)
    relay.queue_mails(at=AT)

    assert addresses(editor) & set(Delivery.objects.values_list("address", flat=True)) == set()
    assert Notice.objects.filter(recipient=editor.user_id, topic="nomination.submit").count() == 1


def test_legal_minimum_goes_out_whatever_was_chosen(programme: Programme) -> None:
    editor = programme.company.editor
    for category in ("work", "decision", "progress", "reminder"):
        prefer(user_id=editor.user_id or 0, category=category, mode="off")
    nomination = stages.submitted(programme)

    stages.returned(nomination, programme.bureau.reviewer, {"sections": [{"section": "basics", "remark": "请核对。"}]})
    relay.queue_mails(at=AT)

    mails = Delivery.objects.filter(address__in=addresses(editor))
    assert [mail.topic for mail in mails] == ["nomination.return_for_correction"]


def test_database_refuses_a_preference_against_the_legal_minimum(programme: Programme) -> None:
    from notifications.models import Preference

    with pytest.raises(IntegrityError, match="preference_legal_minimum"):
        Preference.objects.create(user_id=programme.company.editor.user_id, category="legal", mode="off")


def test_digest_collects_a_day_into_one_mail(programme: Programme, sink: Sink) -> None:
    editor = programme.company.editor
    prefer(user_id=editor.user_id or 0, category="progress", mode="digest")
    stages.submitted(programme)
    stages.submitted(programme)
    (address,) = addresses(editor)
    morning = datetime(2023, 7, 13, 0, tzinfo=UTC)

    tick()
    tick(morning - timedelta(seconds=1))
    before = len(sink.to(address))
    tick(morning)
    tick(morning + timedelta(hours=1))

    (mail,) = sink.to(address)
    assert before == 0
    assert str(mail["Subject"]).endswith("等 2 条通知")
    assert list(Delivery.objects.filter(address=address).values_list("state", flat=True)) == ["sent", "sent"]


def test_digest_of_one_notice_is_an_ordinary_mail(programme: Programme, sink: Sink) -> None:
    editor = programme.company.editor
    prefer(user_id=editor.user_id or 0, category="progress", mode="digest")
    stages.submitted(programme)

    tick()
    tick(AT + timedelta(days=1))

    (address,) = addresses(editor)
    assert [str(mail["Subject"])[:4] for mail in sink.to(address)] == ["已提交："]


def test_digest_shares_the_fate_of_its_mail(programme: Programme, sink: Sink) -> None:
    editor = programme.company.editor
    prefer(user_id=editor.user_id or 0, category="progress", mode="digest")
    stages.submitted(programme)
    stages.submitted(programme)
    (address,) = addresses(editor)
    sink.script[address.partition("@")[0]] = ["550 no such user"]

    tick()
    tick(AT + timedelta(days=1))

    assert list(Delivery.objects.filter(address=address).values_list("state", "smtp_code")) == [("failed", 550)] * 2


@pytest.fixture
def poison(programme: Programme) -> None:
    """Let the database refuse mails to one address, as a constraint of a later version might."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE notifications_delivery ADD CONSTRAINT no_poison CHECK (address <> 'poison@example.com')"
        )


def test_poisoned_event_is_parked_and_the_others_flow(programme: Programme, poison: None) -> None:
    User.objects.filter(pk=programme.companies[1].editor.user_id).update(email="poison@example.com")
    bad = stages.submitted(programme, company=1)
    good = stages.submitted(programme)

    seen = [relay.queue_mails(at=AT) for _ in range(6)]

    parked = OutboxEntry.objects.get()
    assert seen[1:] == [0, 0, 0, 0, 0]
    assert (parked.event.subject_id, parked.attempts, parked.parked_at) == (bad.pk, 5, AT)
    assert "no_poison" in parked.last_error
    assert Delivery.objects.filter(notice__event__subject_id=good.pk).count() == 3


def test_parked_event_is_tried_again_when_somebody_says_so(programme: Programme, poison: None) -> None:
    User.objects.filter(pk=programme.companies[1].editor.user_id).update(email="poison@example.com")
    stages.submitted(programme, company=1)
    for _ in range(5):
        relay.queue_mails(at=AT)
    User.objects.filter(pk=programme.companies[1].editor.user_id).update(email="cured@example.com")

    freed = relay.unpark_events()
    relay.queue_mails(at=AT)

    assert (freed, OutboxEntry.objects.count()) == (1, 0)
    assert Delivery.objects.filter(address="cured@example.com").count() == 1


def test_bundling_is_left_to_one_at_a_time(committed_programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [relay.BUNDLING])

        touched = elsewhere(lambda: relay.bundle_held(at=AT))

    assert touched == 0


def test_committee_is_invited_by_mail_with_link_and_code(programme: Programme, sink: Sink) -> None:
    nomination = stages.filled_in(programme)
    invitation = invite_committee(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)

    tick()
    tick()

    (mail,) = sink.to("committee@example.com")
    text = mail.get_body(("plain",))
    assert text is not None
    content = text.get_content()
    assert mail["Subject"] == f"请确认：{nomination.community.name}自荐表，7月19日（周三）24:00 前"
    assert link_of(invitation) in content
    assert code_of(invitation) in content
    assert "通知设置" not in content
    assert states()["committee"] == "sent"


def test_invitation_that_was_answered_is_not_sent_any_more(programme: Programme, sink: Sink) -> None:
    nomination = stages.filled_in(programme)
    invitation = invite_committee(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)
    relay.queue_mails(at=AT)
    answer(token=token_of(invitation), code=code_of(invitation), confirmed=True, at=AT)

    tick()

    assert CommitteeConfirmation.objects.get().status == "confirmed"
    assert (states()["committee"], sink.to("committee@example.com")) == ("dropped", [])


def test_committees_answer_is_told_to_the_company(programme: Programme) -> None:
    nomination = stages.filled_in(programme)
    invitation = invite_committee(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)

    answer(token=token_of(invitation), code=code_of(invitation), confirmed=False, reason="面积有误", at=AT)

    told = Notice.objects.filter(topic="nomination.committee_refused").values_list("recipient", "audience")
    assert set(told) == {
        (programme.company.admin.user_id, "company"),
        (programme.company.editor.user_id, "company"),
    }


def test_mail_for_a_committee_can_be_sent_again(programme: Programme, sink: Sink) -> None:
    nomination = stages.filled_in(programme)
    invite_committee(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)
    sink.script["committee"] = ["550 full", ""]
    tick()
    mail = Delivery.objects.get(address="committee@example.com")

    relay.send_again(delivery_id=mail.pk, actor=programme.city_reviewer, at=AT)
    tick()

    assert (mail.topic, states()["committee"]) == ("nomination.invite_committee", "sent")


def test_relay_leaves_a_sign_of_life(programme: Programme) -> None:
    relay_task()

    alive = Heartbeat.objects.get(name="relay")
    assert timezone.now() - alive.at < timedelta(seconds=10)
