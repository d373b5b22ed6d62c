"""A relay is killed with -9 in the middle of a mail: nothing is lost, and a possible repeat says so."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from notifications import rules
from notifications.models import Delivery
from tests.nominations.stages import Programme
from tests.notifications.post import tick, waiting
from tests.notifications.processes import relaying, wait_for_end
from tests.notifications.sink import Sink, eventually
from tests.workflow.races import elsewhere

MAILS = tuple(f"reader{number}" for number in range(6))


def later() -> None:
    """Do what the next relays do once the dead courier's claim is over."""
    at = timezone.now() + rules.lease(settings.EMAIL_TIMEOUT) + timedelta(seconds=1)
    tick(at)
    tick(at + timedelta(seconds=1))


def committed_states() -> Counter[str]:
    """Count the mails by state, as everybody sees them."""
    return Counter(elsewhere(lambda: list(Delivery.objects.values_list("state", flat=True))))


@pytest.mark.parametrize(
    ("word", "accepted_when_killed", "repeats"),
    [("slow 30", 1, 1), ("tarpit", 0, 0)],
    ids=["between the server's acceptance and the mark", "before the text has left"],
)
def test_kill_in_mid_mail_loses_nothing(
    committed_programme: Programme, sink: Sink, word: str, accepted_when_killed: int, repeats: int
) -> None:
    elsewhere(lambda: waiting(committed_programme, *MAILS))
    last = elsewhere(lambda: Delivery.objects.order_by("attempts", "next_at", "pk").last())
    assert last is not None
    name = last.address.partition("@")[0]
    elsewhere(lambda: Delivery.objects.filter(pk=last.pk).update(next_at=last.next_at + timedelta(seconds=1)))
    sink.script[name] = [word, ""]

    with relaying() as process:
        eventually(lambda: len(sink.mails) >= len(MAILS) - 1 + accepted_when_killed, within=30)
        eventually(lambda: committed_states()["sent"] >= len(MAILS) - 2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    left = committed_states()
    elsewhere(later)

    counts = Counter(sink.ids.values())
    assert left["sent"] + left["claimed"] == len(MAILS)
    assert left["claimed"] <= 2
    assert committed_states() == {"sent": len(MAILS)}
    assert set(sink.recipients) == {f"{name}@example.com" for name in MAILS}
    assert counts[2] <= 1
    assert counts[2] >= repeats
    assert sum(mail["X-Jiayuan-Possible-Repeat"] == "yes" for mail in sink.mails) <= 2


def test_relay_outbox_goes_on_until_it_is_told_to_stop(committed_programme: Programme, sink: Sink) -> None:
    with relaying("--forever", "--every", "0.1") as process:
        elsewhere(lambda: waiting(committed_programme, "li"))
        eventually(lambda: committed_states()["sent"] == 1, within=30)
        process.send_signal(signal.SIGTERM)
        said = wait_for_end(process)

    assert process.returncode == 0
    assert "1 mails taken up" in said
