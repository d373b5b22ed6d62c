"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from nominations.models import Nomination
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, reload, state_of
from workflow import engine
from workflow.errors import MoveRefused
from workflow.models import Event
from workflow.transactions import one_transaction

EVENT = """
INSERT INTO workflow_event (id, stream_id, position, flow, subject_id, sequence, kind, name, from_state, to_state, at,
    actor_name, actor_role, organization_name, comment, changes, documents, payload, request_id, declaration,
    digest, hash)
SELECT gen_random_uuid(), stream_id, 1000, 'nomination', id, %s, 'move', 'forged', %s, %s, now(),
    '', '', '', '', '{}', '{}', '{}', '', '', '', '' FROM nominations_nomination WHERE id = %s
"""


def refused(sql: str, *params: Any) -> str:
    """Run the statement and return what the database says against it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(caught.value).splitlines()[0]


def test_update_along_a_declared_edge_is_refused(world: World) -> None:
    draft = world.draft()

    with pytest.raises(IntegrityError, match="together with its event only"), transaction.atomic():
        Nomination.objects.filter(pk=draft.pk).update(state="withdrawn")

    assert state_of(draft) == "draft"


def test_saving_another_state_is_refused(world: World) -> None:
    draft = world.draft()
    draft.state = "withdrawn"

    with pytest.raises(IntegrityError, match="together with its event only"), transaction.atomic():
        draft.save()

    assert state_of(draft) == "draft"


def test_raw_sql_along_an_undeclared_edge_is_refused(world: World) -> None:
    draft = world.draft()

    words = refused("UPDATE nominations_nomination SET state = 'awarded' WHERE id = %s", draft.pk)

    assert (words, state_of(draft)) == ("no move of nomination leads from draft to awarded", "draft")


def test_undeclared_edge_is_refused_even_with_an_event(world: World) -> None:
    draft = world.draft()
    with connection.cursor() as cursor:
        cursor.execute(EVENT, [1, "draft", "awarded", draft.pk])

    words = refused("UPDATE nominations_nomination SET state = 'awarded', sequence = 1 WHERE id = %s", draft.pk)

    assert words == "no move of nomination leads from draft to awarded"


@pytest.mark.parametrize(
    ("sequence", "source", "target"), [(2, "draft", "withdrawn"), (1, "draft", "submitted"), (1, "lapsed", "withdrawn")]
)
def test_event_that_tells_something_else_does_not_help(world: World, sequence: int, source: str, target: str) -> None:
    draft = world.draft()
    with connection.cursor() as cursor:
        cursor.execute(EVENT, [sequence, source, target, draft.pk])

    words = refused("UPDATE nominations_nomination SET state = 'withdrawn', sequence = 1 WHERE id = %s", draft.pk)

    assert words == "a state of nomination is written together with its event only"


def test_old_event_does_not_serve_twice(world: World) -> None:
    draft = place(world.draft(), "submitted")
    engine.perform(Nomination, draft.pk, "recall", actor=world.company, at=AT)
    place(draft, "submitted")

    words = refused("UPDATE nominations_nomination SET state = 'draft' WHERE id = %s", draft.pk)

    assert words == "a state of nomination is written together with its event only"


def test_count_of_events_is_not_changed_by_hand(world: World) -> None:
    words = refused("UPDATE nominations_nomination SET sequence = 5 WHERE id = %s", world.draft().pk)

    assert words == "a state of nomination is written together with its event only"


def test_unknown_state_is_refused(world: World) -> None:
    draft = world.draft()

    with pytest.raises(IntegrityError, match="nomination_state_known"):
        place(draft, "flying")


def test_row_begins_in_the_first_state(world: World) -> None:
    copy = world.draft()
    copy.pk, copy.state = UUID(int=1), "submitted"

    with pytest.raises(IntegrityError, match="begins as draft, not as submitted"), transaction.atomic():
        copy.save(force_insert=True)


def test_row_does_not_begin_with_events_that_nobody_told(world: World) -> None:
    copy = world.draft()
    copy.pk, copy.sequence = UUID(int=1), 1

    with pytest.raises(IntegrityError, match="the first event of a nomination is missing"), transaction.atomic():
        copy.save(force_insert=True)


def test_row_with_events_is_kept(world: World) -> None:
    draft, told = world.drafts(2)
    engine.perform(Nomination, told.pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    with pytest.raises(IntegrityError, match="with events is kept"), transaction.atomic():
        Nomination.objects.filter(pk=told.pk).delete()
    Nomination.objects.filter(pk=draft.pk).delete()

    assert list(Nomination.objects.values_list("pk", flat=True)) == [told.pk]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE workflow_event SET comment = 'x'",
        "DELETE FROM workflow_event",
        "TRUNCATE workflow_event CASCADE",
    ],
)
def test_event_is_never_altered(world: World, sql: str) -> None:
    engine.perform(Nomination, world.draft().pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    words = refused(sql)

    assert (words.startswith("append-only"), Event.objects.count()) == (True, 1)


def test_constraint_answers_in_its_own_sentence(world: World) -> None:
    campaign = world.programme.campaign

    with pytest.raises(MoveRefused) as caught, one_transaction("Shortlist"):
        type(campaign).objects.filter(pk=campaign.pk).update(places_taken=11)

    (refusal,) = caught.value.refusals
    with translation.override("en"):
        assert (refusal.code, refusal.sentence()) == ("campaign_places_not_exceeded", "There are no places left.")
        assert caught.value.sentence() == "“Shortlist” is not possible yet."


def test_constraint_without_a_sentence_is_a_fault_of_ours(world: World) -> None:
    """The summary counts none, so that taking a recommendation back would make it count less than none."""
    recommended = place(world.draft(), "recommended")

    with pytest.raises(IntegrityError, match="recommended_count_check"):
        engine.perform(Nomination, recommended.pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert (state_of(recommended), reload(recommended.summary).recommended_count) == ("recommended", 0)
