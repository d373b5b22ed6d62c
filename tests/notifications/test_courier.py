"""Handing mails over: what each answer of a server, and each silence, makes of a mail."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.actors import SYSTEM
from notifications import courier, rules
from notifications.dispatch import load
from notifications.errors import DeliveryNotFound, NothingToSendAgain
from notifications.models import Delivery
from notifications.operations import relay
from notifications.transport import Transport
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.notifications import sink as sinks
from tests.notifications.post import AT, states, tick, waiting
from tests.notifications.sink import Sink


def test_mail_arrives_once_and_is_marked_as_sent(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li")

    taken = [tick(), tick()]

    mail = Delivery.objects.get()
    assert taken == [1, 0]
    assert (mail.state, mail.smtp_code, mail.sent_at, mail.attempts, mail.claim) == ("sent", 250, AT, 1, None)
    assert sink.ids == {mail.message_id: 1}
    assert sink.recipients == ["li@example.com"]


def test_batch_goes_over_one_connection(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang", "zhao")

    tick()

    assert (len(sink.mails), sink.connections) == (3, 1)


def test_451_is_tried_again_later_with_the_same_message_id(programme: Programme, sink: Sink) -> None:
    mail = waiting(programme, "li")["li"]
    sink.script["li"] = ["451 4.7.1 try later", ""]

    tick()
    refused = Delivery.objects.get()
    too_early = tick(AT + timedelta(seconds=19))
    tick(AT + timedelta(seconds=20))

    assert (refused.state, refused.smtp_code, refused.last_error) == ("retry", 451, "4.7.1 try later")
    assert too_early == 0
    assert (states(), sink.ids) == ({"li": "sent"}, {mail.message_id: 1})


@pytest.mark.parametrize("word", ["550 5.1.1 no such user", "text 552 5.2.2 mailbox full"])
def test_5xx_stops_and_shows(programme: Programme, sink: Sink, word: str) -> None:
    waiting(programme, "li", "wang")
    sink.script["li"] = [word]

    tick()
    tick(AT + timedelta(days=2))

    failed = Delivery.objects.get(address="li@example.com")
    assert states() == {"li": "failed", "wang": "sent"}
    assert (failed.smtp_code, failed.attempts) == (int(word.removeprefix("text ")[:3]), 1)
    assert failed.last_error == word.removeprefix("text ")[4:]


def test_421_ends_the_connection_and_the_others_go_over_a_new_one(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    Delivery.objects.filter(address="li@example.com").update(next_at=AT - timedelta(seconds=1))
    sink.script["li"] = ["421 4.3.2 shutting down"]

    tick()

    assert states() == {"li": "retry", "wang": "sent"}
    assert sink.connections == 2


def test_tarpit_times_out_and_the_others_arrive(programme: Programme, sink: Sink, settings: Settings) -> None:
    waiting(programme, "li", "wang", "zhao")
    sink.script["li"] = ["tarpit"]
    started = time.monotonic()

    tick()

    stuck = Delivery.objects.get(address="li@example.com")
    assert states() == {"li": "retry", "wang": "sent", "zhao": "sent"}
    assert (stuck.smtp_code, stuck.begun_at) == (None, AT)
    assert time.monotonic() - started < 2 * settings.EMAIL_TIMEOUT + 3


def test_slow_mailbox_comes_after_the_fresh_ones_the_next_time(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    Delivery.objects.filter(address="li@example.com").update(state="retry", attempts=1)

    tick()

    assert sink.recipients == ["wang@example.com", "li@example.com"]


def test_server_that_is_down_delays_everything_and_loses_nothing(programme: Programme, settings: Settings) -> None:
    waiting(programme, "li", "wang")

    tick()
    down = set(Delivery.objects.values_list("state", "next_at", "begun_at"))
    with sinks.running(settings.EMAIL_PORT) as sink:
        tick(AT + timedelta(seconds=20))

    assert down == {("retry", AT + timedelta(seconds=20), None)}
    assert states() == {"li": "sent", "wang": "sent"}
    assert set(sink.ids.values()) == {1}


def test_server_that_stays_down_has_the_mail_parked_in_the_end(programme: Programme) -> None:
    waiting(programme, "li")
    at = AT

    for _ in range(rules.MOST_ATTEMPTS):
        tick(at)
        at += timedelta(hours=5)

    parked = Delivery.objects.get()
    assert (parked.state, parked.attempts) == ("parked", rules.MOST_ATTEMPTS)
    assert parked.last_error.startswith("ConnectionRefusedError")


def test_connection_lost_before_the_text_is_tried_again(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    sink.script["li"] = ["drop", ""]

    tick()
    first = states()
    tick(AT + timedelta(seconds=20))

    assert first == {"li": "retry", "wang": "sent"}
    assert states() == {"li": "sent", "wang": "sent"}
    assert set(sink.ids.values()) == {1}


def test_connection_lost_after_the_text_is_unknown_and_never_resent_blindly(
    programme: Programme, sink: Sink, settings: Settings
) -> None:
    settings.NOTIFICATIONS_UNKNOWN_POLICY = "park"
    waiting(programme, "li")
    sink.script["li"] = ["lost", ""]

    tick()
    tick(AT + timedelta(days=1))

    unknown = Delivery.objects.get()
    assert (unknown.state, unknown.is_repeat, unknown.begun_at) == ("unknown", False, AT)
    assert set(sink.ids.values()) == {1}


def test_policy_sends_an_unknown_mail_once_more_and_says_so(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li")
    sink.script["li"] = ["lost", "lost", ""]

    tick()
    tick(AT + timedelta(seconds=20))
    tick(AT + timedelta(days=1))

    assert states() == {"li": "unknown"}
    assert list(sink.ids.values()) == [2]
    assert [mail["X-Jiayuan-Possible-Repeat"] for mail in sink.mails] == [None, "yes"]


def test_person_decides_on_a_parked_unknown_mail(programme: Programme, sink: Sink, settings: Settings) -> None:
    settings.NOTIFICATIONS_UNKNOWN_POLICY = "park"
    mail = waiting(programme, "li")["li"]
    sink.script["li"] = ["lost", ""]
    tick()

    relay.send_again(delivery_id=mail.pk, actor=programme.city_reviewer, at=AT + timedelta(hours=1))
    tick(AT + timedelta(hours=1))

    sent = Delivery.objects.get()
    assert (sent.state, sent.is_repeat, sent.decided_by_id) == ("sent", True, programme.city_reviewer.user_id)
    assert [mail["X-Jiayuan-Possible-Repeat"] for mail in sink.mails] == [None, "yes"]


def test_server_that_falls_silent_again_and_again_is_left_alone(
    programme: Programme, sink: Sink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    names = [f"stuck{number}" for number in range(5)]
    waiting(programme, *names)
    sink.script.update({name: ["drop"] for name in names})

    tick(rounds=1)

    assert sorted(Delivery.objects.values_list("last_error", flat=True))[-2:] == ["the server does not answer"] * 2
    assert set(states().values()) == {"retry"}


def test_courier_stops_in_time_and_puts_the_rest_back(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")

    taken = courier.send_batch(clock=lambda: AT, budget=0)

    assert taken == 2
    assert list(Delivery.objects.values_list("state", "attempts", "claim")) == [("pending", 0, None)] * 2
    assert sink.mails == []


def test_mail_that_cannot_be_written_keeps_no_other_from_leaving(programme: Programme, sink: Sink) -> None:
    mails = waiting(programme, "li", "wang", "zhao")
    Delivery.objects.filter(pk=mails["li"].pk).update(address="")
    mails["wang"].notice.params = {"due": "not a date"}
    mails["wang"].notice.save()

    tick()

    assert Delivery.objects.get(pk=mails["li"].pk).last_error == "NoAddress('no address')"
    assert Delivery.objects.get(pk=mails["wang"].pk).last_error.startswith("ValueError")
    assert states() == {"": "failed", "wang": "failed", "zhao": "sent"}


def test_mail_to_somebody_who_left_is_dropped(programme: Programme, sink: Sink) -> None:
    mail = waiting(programme, "li")["li"]
    mail.notice.recipient.is_active = False
    mail.notice.recipient.save()

    tick()

    assert (states(), sink.mails) == ({"li": "dropped"}, [])


def test_dead_couriers_mails_are_taken_up_again(programme: Programme, settings: Settings) -> None:
    mails = waiting(programme, "li", "wang")
    relay.claim(at=AT, limit=10)
    Delivery.objects.filter(pk=mails["wang"].pk).update(begun_at=AT)

    lease = rules.lease(settings.EMAIL_TIMEOUT)
    early = relay.free_dead_claims(at=AT + lease)
    late = relay.free_dead_claims(at=AT + lease + timedelta(seconds=1))

    assert (early, late) == (0, 2)
    assert states() == {"li": "retry", "wang": "unknown"}


def test_courier_that_was_given_up_for_dead_may_not_begin(programme: Programme, sink: Sink) -> None:
    mail = waiting(programme, "li")["li"]
    first = relay.claim(at=AT, limit=10)
    relay.free_dead_claims(at=AT + timedelta(minutes=1))
    relay.claim(at=AT + timedelta(minutes=1), limit=10)

    begun = relay.begin(mail.pk, token=first.token, at=AT)

    assert begun is False


def test_mail_is_written_in_the_readers_language(programme: Programme, sink: Sink) -> None:
    mails = waiting(programme, "li", "smith")
    mails["smith"].notice.recipient.language = "en"
    mails["smith"].notice.recipient.save()

    tick()

    assert sink.to("li@example.com")[0]["Subject"].startswith("待审核：")
    assert sink.to("smith@example.com")[0]["Subject"].startswith("To check: the form of")


def test_every_person_gets_one_mail_per_event_whatever_the_number_of_capacities(
    programme: Programme, sink: Sink
) -> None:
    reviewer = programme.bureau.reviewer
    assert reviewer.user_id is not None
    stages.factories.actor(
        stages.Role.COMPANY_EDITOR,
        programme.company.office,
        stages.factories.User.objects.get(pk=reviewer.user_id),
    )

    stages.submitted(programme)
    tick()

    address = stages.factories.User.objects.get(pk=reviewer.user_id).email
    assert [str(mail["Subject"])[:4] for mail in sink.to(address)] == ["已提交："]


def test_administrator_sees_every_mail_and_a_district_none(programme: Programme) -> None:
    mail = waiting(programme, "li")["li"]
    Delivery.objects.update(state="failed")

    relay.send_again(delivery_id=mail.pk, actor=SYSTEM, at=AT)

    with pytest.raises(DeliveryNotFound):
        relay.send_again(delivery_id=mail.pk, actor=programme.bureau.approver, at=AT)
    with pytest.raises(NothingToSendAgain):
        relay.send_again(delivery_id=mail.pk, actor=SYSTEM, at=AT)


def test_answer_that_trickles_in_for_ever_is_not_waited_for(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    sink.script["li"] = ["drip"]
    started = time.monotonic()

    tick(rounds=1)

    assert states() == {"li": "retry", "wang": "sent"}
    assert time.monotonic() - started < courier.FIRST_PATIENCE + 3


def test_answer_cut_off_after_the_text_is_unknown(programme: Programme, sink: Sink, settings: Settings) -> None:
    settings.NOTIFICATIONS_UNKNOWN_POLICY = "park"
    waiting(programme, "li")
    sink.script["li"] = ["cut off"]

    tick()

    assert states() == {"li": "unknown"}


def test_refusal_counts_even_where_the_server_hangs_up_over_it(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    Delivery.objects.filter(address="li@example.com").update(next_at=AT - timedelta(seconds=1))
    sink.script["li"] = ["550 and hang up"]

    tick()

    assert states() == {"li": "failed", "wang": "sent"}


def test_421_to_the_text_is_tried_again(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    Delivery.objects.filter(address="li@example.com").update(next_at=AT - timedelta(seconds=1))
    sink.script["li"] = ["text 421 4.3.2 shutting down"]

    tick()

    assert states() == {"li": "retry", "wang": "sent"}
    assert sink.connections == 2


def test_refused_sender_is_a_fault_of_ours_and_keeps_the_mail(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li")
    sink.sender_answer = "550 5.7.1 sender rejected"

    tick()
    refused = Delivery.objects.get()
    sink.sender_answer = "250 OK"
    tick(AT + timedelta(seconds=20))

    assert (refused.state, refused.smtp_code) == ("retry", 550)
    assert states() == {"li": "sent"}


def test_mail_that_was_taken_away_in_the_last_moment_is_not_sent(programme: Programme, sink: Sink) -> None:
    mails = waiting(programme, "li", "wang")
    claimed = relay.claim(at=AT, limit=10)
    batch = courier._Batch(load(claimed.ids, at=AT), claimed.token, lambda: AT, rules.BUDGET)
    Delivery.objects.filter(pk=mails["li"].pk).update(claim=None, state="retry", next_at=AT + timedelta(days=1))

    with Transport() as transport:
        batch.send(transport)

    assert sink.recipients == ["wang@example.com"]
    assert states() == {"li": "retry", "wang": "sent"}
