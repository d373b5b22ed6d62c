from __future__ import annotations

from nominations.models import Nomination
from tests.workflow.world import AT, REASON, World
from workflow import engine, queries
from workflow.models import Heartbeat, Stream, WorkflowQuerySet


def test_queryset_of_a_flow_shows_nothing_unless_its_model_says_so(world: World) -> None:
    world.draft()
    rows = WorkflowQuerySet(Nomination)

    assert (rows.visible_to(world.company).count(), rows.with_facts().count()) == (0, 1)


def test_history_is_told_from_the_beginning(world: World) -> None:
    draft, other = world.drafts(2)
    taken = engine.take(Nomination, draft.pk, actor=world.company)
    engine.record(taken, "look", actor=world.company, at=AT)
    for subject in (other, draft):
        engine.perform(Nomination, subject.pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    told = [(event.sequence, event.name) for event in queries.history("nomination", draft.pk)]

    assert told == [(1, "look"), (2, "withdraw")]


def test_rows_are_named() -> None:
    assert [str(Stream(name="示例")), str(Heartbeat(name="deadlines", at=AT))] == ["示例", f"deadlines {AT:%F %T}"]
