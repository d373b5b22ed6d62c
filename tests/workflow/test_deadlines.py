"""Deadlines are set and settled by moves, in the transaction of the move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nominations.enums import DeadlineKind
from nominations.models import Nomination
from tests.nominations import factories
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World
from workflow import deadlines, engine
from workflow.errors import MoveRefused
from workflow.models import Deadline

KIND = DeadlineKind.APPLICATION_CLOSES
LATER = AT + timedelta(days=1)


def rows(subject: Nomination) -> list[tuple[object, ...]]:
    own = Deadline.objects.filter(subject_id=subject.pk).order_by("kind")
    return list(own.values_list("kind", "due_at", "next_try_at", "settled_at", "outcome"))


def schedule(subject: Nomination, *, due_at: object = AT) -> None:
    deadlines.schedule(kind=KIND, flow="nomination", subject_id=subject.pk, due_at=due_at)  # type: ignore[arg-type]


def test_deadline_is_set(world: World) -> None:
    draft = world.draft()

    schedule(draft)

    assert rows(draft) == [(KIND, AT, AT, None, "")]


def test_deadline_set_again_moves_and_opens_anew(world: World) -> None:
    draft = world.draft()
    schedule(draft)
    Deadline.objects.update(settled_at=AT, outcome="x", attempts=3, last_error="x", next_try_at=LATER)

    schedule(draft, due_at=LATER)

    assert rows(draft) == [(KIND, LATER, LATER, None, "")]
    assert Deadline.objects.filter(subject_id=draft.pk).values_list("attempts", "last_error").get() == (0, "")


def test_deadline_settled_twice_keeps_the_first_answer(world: World) -> None:
    draft = world.draft()
    schedule(draft)
    deadlines.settle(draft.pk, KIND, at=AT, outcome="lapsed")

    deadlines.settle(draft.pk, KIND, at=LATER)

    assert rows(draft) == [(KIND, AT, AT, AT, "lapsed")]


def test_move_settles(world: World) -> None:
    draft = world.draft()
    schedule(draft, due_at=LATER)

    engine.perform(Nomination, draft.pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert rows(draft) == [(KIND, LATER, LATER, AT, "done")]


def test_move_sets(world: World) -> None:
    submitted = place(world.draft(), "submitted")

    engine.perform(Nomination, submitted.pk, "recall", actor=world.company, at=AT)

    closes_at = factories.APPLICATION_CLOSES
    assert rows(submitted) == [(KIND, closes_at, closes_at, None, "")]


def test_refused_move_sets_nothing(world: World) -> None:
    submitted = place(world.draft(), "submitted", claimed_by_id=world.approver.user_id)

    with pytest.raises(MoveRefused):
        engine.perform(Nomination, submitted.pk, "recall", actor=world.company, at=AT)

    assert rows(submitted) == []


def test_nothing_to_write_costs_no_query(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        deadlines.schedule_many([])
        deadlines.settle_many([])
        assert deadlines.parts_for([]) == []


def test_deadline_is_named(world: World) -> None:
    draft = world.draft()
    schedule(draft)

    assert str(Deadline.objects.get(subject_id=draft.pk)) == f"{KIND} {draft.pk} {AT:%Y-%m-%d %H:%M}"
