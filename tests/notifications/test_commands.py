"""What an administrator types: relay, remind, look, send again, preview."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Delivery
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.notifications.post import AT, states, tick, waiting
from tests.notifications.sink import Sink
from workflow.models import Event, OutboxEntry


def said_by(command: str, *arguments: str) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_relay_outbox_relays_once(programme: Programme, sink: Sink) -> None:
    stages.submitted(programme)

    said = said_by("relay_outbox")

    assert (said, len(sink.mails)) == ("3 mails taken up\n", 3)


def test_send_reminders_says_how_many(programme: Programme) -> None:
    assert said_by("send_reminders") == "0 reminders written\n"


def test_mail_status_is_quiet_while_all_is_well(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li")
    tick()

    said = said_by("mail_status")

    assert said == "sent=1  outbox_waiting=0  outbox_parked=0\n"


def test_mail_status_lists_what_did_not_arrive_without_giving_addresses_away(programme: Programme, sink: Sink) -> None:
    mail = waiting(programme, "li", "wang")["li"]
    sink.script["li"] = ["550 5.1.1 no such user"]
    tick()
    event = Event.objects.latest("id")
    OutboxEntry.objects.create(event=event, created_at=AT, parked_at=AT, attempts=5, last_error="broken")
    out = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("mail_status", stdout=out)

    lines = out.getvalue().splitlines()
    assert stop.value.code == 1
    assert lines[0] == "failed=1  sent=1  outbox_waiting=0  outbox_parked=1"
    assert lines[1] == f"{mail.pk}  failed    l***@example.com  nomination.submit  550 5.1.1 no such user"
    assert lines[2].endswith("event    5 attempts  broken")


def test_resend_mail_sends_those_of_a_state_again(programme: Programme, sink: Sink) -> None:
    waiting(programme, "li", "wang")
    sink.script["li"] = ["550 no such user", ""]
    tick()

    said = said_by("resend_mail", "--state", "failed")
    tick(Delivery.objects.get(address="li@example.com").next_at)

    assert said == "1 mails and 0 events will be tried again\n"
    assert states() == {"li": "sent", "wang": "sent"}


def test_resend_mail_tries_parked_events_again(programme: Programme) -> None:
    stages.submitted(programme)
    OutboxEntry.objects.update(parked_at=AT)
    count = OutboxEntry.objects.count()

    said = said_by("resend_mail", "--events")

    assert said == f"0 mails and {count} events will be tried again\n"


def test_resend_mail_wants_to_know_which(programme: Programme) -> None:
    with pytest.raises(CommandError, match="Name mails"):
        said_by("resend_mail")


def test_resend_mail_names_the_mail_that_needs_none(programme: Programme, sink: Sink) -> None:
    mail = waiting(programme, "li")["li"]
    tick()

    with pytest.raises(CommandError, match=f"{mail.pk}: "):
        said_by("resend_mail", str(mail.pk))


def test_preview_writes_every_mail_in_every_language(tmp_path: Path) -> None:
    said = said_by("preview_mails", str(tmp_path))

    written = sorted(path.name for path in tmp_path.iterdir())
    assert said.startswith(f"{len(written) // 2} mails in ")
    assert "nomination.decline.company.en.html" in written
    assert "nomination.decline.company.zh-hans.txt" in written
