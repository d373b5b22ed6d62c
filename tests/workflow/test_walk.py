"""A random walk over everything: whatever is asked for, in whatever order, no illegal state comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from common.errors import DomainError
from nominations.enums import DeadlineKind
from nominations.models import Nomination
from tests.nominations import factories
from tests.workflow.arranging import MAKERS, arrange
from tests.workflow.test_cells import Row, perform, table
from tests.workflow.world import World, reload
from workflow import deadlines
from workflow.declaration import flow_named
from workflow.models import Stream, WorkflowModel
from workflow.sweeping import sweep
from workflow.verification import verify_flow, verify_stream

ROLES = sorted({row.role for row in table()})
KIND = DeadlineKind.APPLICATION_CLOSES
# The papers of which there is one only, and two nominations.
SUBJECTS = ("nomination", "nomination", "recommendation_summary", "work_report", "selection", "provincial_report")
STEP = st.tuples(
    st.integers(0, len(SUBJECTS) - 1), st.integers(0, 1000), st.sampled_from(ROLES), st.booleans(), st.booleans()
)


@contextmanager
def undone() -> Iterator[None]:
    """Undo everything that the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of(flow: str) -> list[Row]:
    return [row for row in table() if row.flow == flow]


def step(world: World, subject: WorkflowModel, number: int, role: str, *, mostly: bool) -> tuple[str, str] | None:
    """Ask for a move, mostly one that is open, in the right role; return the edge along which it led."""
    rows = rows_of(subject.flow)
    open_rows = [row for row in rows if reload(subject).state in row.sources] if mostly else rows
    row = (open_rows or rows)[number % len(open_rows or rows)]
    try:
        event = perform(subject, row, world, Role(row.role if mostly else role))
    except DomainError:
        return None
    return event.from_state, event.to_state


def prepare(world: World, subject: WorkflowModel, number: int) -> None:
    """Let the conditions of one of the open moves hold, as far as nobody has done so before."""
    open_rows = [row for row in rows_of(subject.flow) if reload(subject).state in row.sources]
    if not open_rows:
        return
    row = open_rows[number % len(open_rows)]
    harmless = tuple(name for name in row.guards if name in {"form_complete", "committee_confirmed", "ranking_frozen"})
    once = tuple(name for name in row.guards if name in MAKERS and name.startswith(("sections", "sealed", "veto")))
    arrange(world, subject, row.move, (*harmless[:2], *once))


# A walk that fails is told step by step; making it shorter would take minutes.
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=10, max_size=40))
def test_no_walk_leads_to_an_illegal_state(world: World, steps: list[tuple[int, int, str, bool, bool]]) -> None:
    with undone():
        subjects = [world.one_of(flow) for flow in SUBJECTS]
        for nomination in subjects[:2]:
            closes_at = factories.APPLICATION_CLOSES
            deadlines.schedule(kind=KIND, flow="nomination", subject_id=nomination.pk, due_at=closes_at)

        for place, number, role, mostly, prepared in steps:
            subject, before = subjects[place], reload(subjects[place]).state
            if prepared:
                prepare(world, subject, number)
            edge = step(world, subject, number, role, mostly=mostly)
            assert edge is None or edge in flow_named(subject.flow).edges()
            assert reload(subject).state == (edge[1] if edge else before)
        sweep(at=factories.REPORT_CLOSES + timedelta(days=1))

        assert [verify_flow(flow_named(flow)) for flow in dict.fromkeys(SUBJECTS)] == [None] * 5
        assert [flaw for flaw in map(verify_stream, Stream.objects.all()) if flaw] == []
        assert set(Nomination.objects.values_list("state", flat=True)) & {"draft", "returned"} == set()
