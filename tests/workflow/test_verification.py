"""Tampering as the owner of the database: each attempt is detected, and the first bad row is named."""

from __future__ import annotations

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from common.digest import sha256_hex
from nominations.models import Nomination
from tests.workflow.tampering import as_owner, place
from tests.workflow.world import AT, REASON, World
from workflow import engine
from workflow.declaration import flow_of
from workflow.journal import body_of
from workflow.models import Event, Stream
from workflow.verification import verify_all, verify_flow, verify_stream


@pytest.fixture
def told(world: World) -> list[Event]:
    """Five events of one chain: three objects, the last of which is told of three times."""
    first, second, third = world.drafts(3)
    events = [_withdrawn(world, first), _withdrawn(world, second)]
    place(third, "submitted")
    with as_owner():
        Nomination.objects.filter(pk=third.pk).update(state="draft")
    taken = engine.take(Nomination, third.pk, actor=world.company)
    events += [engine.record(taken, name, actor=world.company, at=AT) for name in ("seal", "seal")]
    return [*events, _withdrawn(world, third)]


def _withdrawn(world: World, subject: Nomination) -> Event:
    return engine.perform(Nomination, subject.pk, "withdraw", actor=world.company, at=AT, comment=REASON)


def tamper(sql: str, *params: object) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was written before is whole
        cursor.execute(sql, params)


def flaws() -> list[tuple[str, int, UUID | None, str]]:
    return [(flaw.where, flaw.position, flaw.row, flaw.reason) for _name, flaw in verify_all() if flaw]


def chain_of(event: Event) -> Stream:
    return Stream.objects.get(pk=event.stream_id)


def test_untouched_chain_holds(told: list[Event]) -> None:
    assert flaws() == []


CONTENT = {
    "comment": "x",
    "at": "2020-01-01T00:00:00Z",
    "actor_name": "x",
    "actor_role": "x",
    "organization_name": "x",
    "changes": '{"x": 1}',
    "documents": '{"x": 1}',
    "payload": '{"x": 1}',
    "request_id": "x",
    "declaration": "x",
    "kind": "move",
    "name": "x",
}


@pytest.mark.parametrize("column", CONTENT)
def test_changed_content_is_detected(told: list[Event], column: str) -> None:
    tamper(f"UPDATE workflow_event SET {column} = %s WHERE id = %s", CONTENT[column], told[2].pk)  # noqa: S608

    assert flaws() == [(chain_of(told[2]).name, 3, told[2].pk, "the content was changed")]


def test_changed_content_with_its_digest_made_anew_is_detected(told: list[Event]) -> None:
    forged = Event.objects.get(pk=told[2].pk)
    forged.comment = "x"
    tamper("UPDATE workflow_event SET comment = 'x', digest = %s WHERE id = %s", sha256_hex(body_of(forged)), forged.pk)

    assert flaws() == [(chain_of(forged).name, 3, forged.pk, "the link to the event before is broken")]


def test_deleted_event_is_detected(told: list[Event]) -> None:
    tamper("DELETE FROM workflow_event WHERE id = %s", told[3].pk)

    assert flaws() == [
        (chain_of(told[3]).name, 4, told[4].pk, "event 4 is missing; the next one says 5"),
        ("nomination", 2, told[3].subject_id, "event 2 of the object is missing"),
    ]


def test_swapped_events_are_detected(told: list[Event]) -> None:
    tamper("UPDATE workflow_event SET position = 99 WHERE id = %s", told[0].pk)
    tamper("UPDATE workflow_event SET position = 1 WHERE id = %s", told[1].pk)
    tamper("UPDATE workflow_event SET position = 2 WHERE id = %s", told[0].pk)

    assert flaws() == [(chain_of(told[0]).name, 1, told[1].pk, "the link to the event before is broken")]


INSERT = """
INSERT INTO workflow_event SELECT (json_populate_record(event, json_build_object(
    'id', gen_random_uuid(), 'position', event.position + 1, 'sequence', event.sequence + 1))).*
FROM workflow_event AS event WHERE id = %s
"""


def test_inserted_event_is_detected(told: list[Event]) -> None:
    tamper(INSERT, told[4].pk)
    inserted = Event.objects.get(position=6)

    chain, flow = flaws()

    assert chain == (chain_of(inserted).name, 6, inserted.pk, "the content was changed")
    assert flow == ("nomination", 4, inserted.subject_id, "begins in draft, the one before ended in withdrawn")


def test_cut_tail_is_detected(told: list[Event]) -> None:
    tamper("DELETE FROM workflow_event WHERE id = %s", told[4].pk)

    assert flaws() == [
        (chain_of(told[4]).name, 5, None, "the head counts 5 events and there are 4"),
        ("nomination", 3, told[4].subject_id, "the object counts 3 events and there are 2"),
    ]


def test_cut_tail_is_detected_even_when_the_head_was_rewritten(told: list[Event]) -> None:
    tamper("DELETE FROM workflow_event WHERE id = %s", told[4].pk)
    tamper("UPDATE workflow_stream SET length = 4, head = %s WHERE id = %s", told[3].hash, told[3].stream_id)

    assert flaws() == [("nomination", 3, told[4].subject_id, "the object counts 3 events and there are 2")]


def test_state_that_no_event_tells_is_detected(told: list[Event]) -> None:
    tamper("UPDATE nominations_nomination SET state = 'awarded' WHERE id = %s", told[0].subject_id)

    assert flaws() == [("nomination", 2, told[0].subject_id, "the object is awarded, its events end in withdrawn")]


def test_state_of_an_object_without_events_is_detected(world: World) -> None:
    draft = place(world.draft(), "awarded")

    assert flaws() == [("nomination", 1, draft.pk, "the object is awarded, its events end in draft")]


def test_removed_object_is_detected(told: list[Event]) -> None:
    tamper("DELETE FROM nominations_nomination WHERE id = %s", told[1].subject_id)

    assert flaws() == [("nomination", 2, told[1].subject_id, "the object is missing, its events are there")]


def test_first_bad_row_of_a_flow_is_named(told: list[Event]) -> None:
    tamper("UPDATE nominations_nomination SET sequence = sequence + 1")

    flaw = verify_flow(flow_of(Nomination))

    assert flaw is not None
    assert flaw.row == min(Nomination.objects.values_list("pk", flat=True))


def test_empty_chain_with_a_forged_head_is_detected(world: World) -> None:
    chain = Stream.objects.get(pk=world.programme.bureau.summary.stream_id)
    chain.length = 1

    flaw = verify_stream(chain)

    assert str(flaw) == f"{chain.name}, 1: the head counts 1 events and there are 0"


def verify() -> tuple[int, str, str]:
    """Run the command and return its status and what it says."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_events", stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_command_says_that_nothing_was_altered(told: list[Event]) -> None:
    status, out, err = verify()

    assert (status, err) == (0, "")
    assert out == f"{Stream.objects.count() + 5} chains and flows verified, nothing was altered\n"


def test_command_names_the_first_bad_row_and_fails(told: list[Event]) -> None:
    tamper("UPDATE workflow_event SET comment = 'x' WHERE id = %s", told[2].pk)

    status, out, err = verify()

    assert (status, out) == (1, "")
    assert err == f"{chain_of(told[2]).name}, 3: the content was changed ({told[2].pk})\n"
