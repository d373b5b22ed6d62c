"""The sweeper: each due job exactly once, late or twice, whoever fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from io import StringIO
from threading import Event as Flag
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from config.celery import app as celery
from nominations.enums import DeadlineKind
from nominations.models import Nomination
from nominations.operations.deadlines import KEPT, LAPSED
from tests.nominations import factories
from tests.workflow.races import PATIENCE, at_once, codes, elsewhere, own_connection, wait_until
from tests.workflow.tampering import place
from tests.workflow.world import REASON, World, state_of
from workflow import deadlines, engine, queries, sweeping
from workflow.errors import MoveRefused, WrongState
from workflow.management.commands.run_deadlines import sweep_until
from workflow.models import Deadline, Event
from workflow.sweeping import FIRST_PAUSE, LONGEST_PAUSE, Handler, handles, sweep
from workflow.tasks import sweep_deadlines

CLOSES_AT = factories.APPLICATION_CLOSES
BEFORE, DAY = CLOSES_AT - timedelta(minutes=5), timedelta(days=1)
KIND = DeadlineKind.APPLICATION_CLOSES


@pytest.fixture
def duties() -> Iterator[None]:
    """Let a test register handlers of its own."""
    known = dict(sweeping._duties)
    yield
    sweeping._duties.clear()
    sweeping._duties.update(known)


def due(world: World, count: int, *, kind: str = KIND, bureau: int = 0) -> list[Nomination]:
    """Return drafts whose deadline is the campaign's."""
    drafts = world.drafts(count, bureau=bureau)
    deadlines.schedule_many([deadlines.row(kind, "nomination", draft.pk, CLOSES_AT) for draft in drafts])
    return drafts


def deadline_of(subject: Nomination) -> Deadline:
    return Deadline.objects.get(subject_id=subject.pk)


def outcomes(subjects: Sequence[Nomination]) -> list[str]:
    return [deadline_of(subject).outcome for subject in subjects]


def poisoned_by(subject: Nomination) -> Handler:
    """Return a handler that fails wherever the subject is among its rows."""

    def handler(rows: Sequence[Deadline], at: datetime) -> dict[UUID, str]:
        if any(row.subject_id == subject.pk for row in rows):
            raise RuntimeError("poison")
        return {row.pk: "seen" for row in rows}

    return handler


def test_draft_lapses_when_its_time_is_over(world: World) -> None:
    (draft,) = due(world, 1)

    settled = sweep(at=CLOSES_AT)

    row = deadline_of(draft)
    assert (settled, state_of(draft), row.outcome, row.settled_at) == (1, "lapsed", LAPSED, CLOSES_AT)
    assert Event.objects.values_list("name", "actor_name", "actor_role").get() == ("lapse", "system", "system")


def test_nothing_happens_before(world: World) -> None:
    (draft,) = due(world, 1)

    settled = sweep(at=CLOSES_AT - timedelta(microseconds=1))

    assert (settled, state_of(draft), deadline_of(draft).settled_at) == (0, "draft", None)


def test_sweep_is_safe_to_repeat(world: World) -> None:
    due(world, 3)
    sweep(at=CLOSES_AT)

    again = sweep(at=CLOSES_AT)

    assert (again, Event.objects.count()) == (0, 3)


def test_sweeper_that_was_away_for_a_day_catches_up(world: World) -> None:
    drafts = [*due(world, 7), *due(world, 2, bureau=1)]

    settled = sweep(at=CLOSES_AT + DAY, batch=2)

    assert (settled, [state_of(draft) for draft in drafts]) == (9, ["lapsed"] * 9)


def test_late_sweeper_lets_nothing_late_in(world: World) -> None:
    submitted = place(world.draft(), "submitted")

    with pytest.raises(MoveRefused):
        engine.perform(Nomination, submitted.pk, "recall", actor=world.company, at=CLOSES_AT)

    assert state_of(submitted) == "submitted"


def test_form_that_was_submitted_meanwhile_is_kept(world: World) -> None:
    (draft,) = due(world, 1)
    place(draft, "submitted")

    sweep(at=CLOSES_AT)

    assert (state_of(draft), outcomes([draft])) == ("submitted", [KEPT])


def test_object_that_somebody_holds_is_left_for_the_next_round(committed_world: World) -> None:
    held, free = elsewhere(lambda: due(committed_world, 2))

    with transaction.atomic():
        Nomination.objects.select_for_update().get(pk=held.pk)
        first = elsewhere(lambda: sweep(at=CLOSES_AT))
        transaction.set_rollback(True)  # lets go of the row
    second = elsewhere(lambda: sweep(at=CLOSES_AT))

    assert (first, second, outcomes([free, held])) == (1, 1, [LAPSED] * 2)


def test_sign_of_life_is_left(world: World) -> None:
    assert queries.sweeper_seen_at() is None

    sweep(at=CLOSES_AT)
    sweep(at=BEFORE)

    assert queries.sweeper_seen_at() == CLOSES_AT


def test_outcome_is_done_unless_the_handler_says_more(world: World, duties: None) -> None:
    handles("quiet")(lambda rows, at: {})
    (draft,) = due(world, 1, kind="quiet")

    sweep(at=CLOSES_AT)

    assert outcomes([draft]) == ["done"]


def test_handler_may_set_its_own_deadline_anew(world: World, duties: None) -> None:
    @handles("again")
    def later(rows: Sequence[Deadline], at: datetime) -> dict[UUID, str]:
        deadlines.schedule_many([deadlines.row("again", row.flow, row.subject_id, at + DAY) for row in rows])
        return {}

    (draft,) = due(world, 1, kind="again")

    sweep(at=CLOSES_AT)

    row = deadline_of(draft)
    assert (row.due_at, row.next_try_at, row.settled_at) == (CLOSES_AT + DAY, CLOSES_AT + DAY, None)


def test_poisonous_row_keeps_no_other_waiting(world: World, duties: None) -> None:
    drafts = due(world, 5, kind="poison")
    others = due(world, 2)
    handles("poison")(poisoned_by(drafts[2]))

    settled = sweep(at=CLOSES_AT)

    assert (settled, outcomes(drafts), outcomes(others)) == (6, ["seen", "seen", "", "seen", "seen"], [LAPSED] * 2)
    bad = deadline_of(drafts[2])
    assert (bad.attempts, bad.next_try_at, bad.last_error) == (1, CLOSES_AT + FIRST_PAUSE, "RuntimeError('poison')")
    assert queries.troubled_deadlines() == 1


def test_row_that_failed_is_tried_later_and_later(world: World, duties: None) -> None:
    (draft,) = due(world, 1, kind="poison")
    handles("poison")(poisoned_by(draft))

    pauses, at = [], CLOSES_AT
    for _attempt in range(9):
        sweep(at=at)
        pauses.append(deadline_of(draft).next_try_at - at)
        at = deadline_of(draft).next_try_at

    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert pauses[-1] == LONGEST_PAUSE


def test_row_that_failed_is_settled_once_the_fault_is_mended(world: World, duties: None) -> None:
    (draft,) = due(world, 1, kind="poison")
    handles("poison")(poisoned_by(draft))
    sweep(at=CLOSES_AT)
    handles("poison")(lambda rows, at: {})

    assert [sweep(at=CLOSES_AT + timedelta(seconds=29)), sweep(at=CLOSES_AT + FIRST_PAUSE)] == [0, 1]


@pytest.mark.parametrize(("kind", "flow"), [("unheard_of", "nomination"), (KIND, "unheard_of")])
def test_deadline_that_nobody_knows_waits_and_is_seen(world: World, kind: str, flow: str) -> None:
    draft, other = world.draft(), due(world, 1)
    deadlines.schedule(kind=kind, flow=flow, subject_id=draft.pk, due_at=CLOSES_AT)

    settled = sweep(at=CLOSES_AT)

    assert (settled, deadline_of(draft).attempts, outcomes(other)) == (1, 1, [LAPSED])


def test_nothing_due_costs_two_statements(
    world: World, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(2):
        sweep(at=BEFORE)


def test_four_sweepers_see_to_each_due_job_exactly_once(committed_world: World) -> None:
    drafts = elsewhere(lambda: due(committed_world, 60))

    settled = at_once([lambda: sweep(at=CLOSES_AT, batch=7)] * 4)
    elsewhere(lambda: sweep(at=CLOSES_AT))

    assert codes(settled) == []
    assert [Event.objects.filter(subject_id=draft.pk).count() for draft in drafts] == [1] * 60
    assert outcomes(drafts) == [LAPSED] * 60


def test_sweepers_and_the_last_moves_of_the_evening_do_not_meet_in_a_deadlock(committed_world: World) -> None:
    """Half of the people who withdraw are quicker than the sweepers, the others find that it has lapsed."""
    drafts = elsewhere(lambda: due(committed_world, 40))

    def withdraw_all(own: Sequence[Nomination]) -> list[str]:
        return [withdraw(draft) for draft in own]

    def withdraw(draft: Nomination) -> str:
        try:
            wanted = {"actor": committed_world.company, "at": BEFORE, "comment": REASON}
            return engine.perform(Nomination, draft.pk, "withdraw", **wanted).to_state  # type: ignore[arg-type]
        except WrongState as error:
            return error.code

    answers = at_once(
        [
            lambda: withdraw_all(drafts[::2]),
            lambda: withdraw_all(drafts[1::2][::-1]),
            lambda: sweep(at=CLOSES_AT, batch=9),
            lambda: sweep(at=CLOSES_AT, batch=4),
        ]
    )
    elsewhere(lambda: sweep(at=CLOSES_AT))

    assert codes(answers) == []
    assert [Event.objects.filter(subject_id=draft.pk).count() for draft in drafts] == [1] * 40
    assert {deadline_of(draft).settled_at is None for draft in drafts} == {False}
    assert queries.troubled_deadlines() == 0


def test_task_sees_to_what_is_due_now(world: World) -> None:
    (draft,) = due(world, 1)

    sweep_deadlines.apply(throw=True)

    assert (state_of(draft), outcomes([draft])) == ("lapsed", [LAPSED])


def test_beat_asks_for_the_task_every_half_minute() -> None:
    entry = celery.conf.beat_schedule["sweep_deadlines"]

    assert (entry["task"], entry["schedule"]) == (sweep_deadlines.name, 30.0)


def test_command_sweeps_once(world: World) -> None:
    (draft,) = due(world, 1)
    out = StringIO()

    call_command("run_deadlines", stdout=out)

    open_papers = 3 + 2  # the papers of the programme are overdue as well
    assert (state_of(draft), out.getvalue()) == ("lapsed", f"{1 + open_papers} deadlines settled\n")


def test_command_goes_on_across_a_lost_connection(committed_world: World) -> None:
    stopped, said, complaints, pids = Flag(), list[str](), list[str](), list[int]()

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        sweep_until(stopped, every=0.01, say=said.append, complain=complaints.append)

    with ThreadPoolExecutor(1) as pool:
        sweeper = pool.submit(own_connection, run)
        wait_until(lambda: said)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", pids)
        wait_until(lambda: complaints)
        rounds = len(said)
        wait_until(lambda: len(said) > rounds)
        stopped.set()
        sweeper.result(PATIENCE)

    assert len(complaints) == 1


def test_command_ends_by_a_signal_and_leaves_nothing_running(committed_world: World) -> None:
    def terminate_when_it_says_something() -> None:
        wait_until(out.getvalue)
        os.kill(os.getpid(), signal.SIGTERM)

    out, known = StringIO(), {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(terminate_when_it_says_something)
            call_command("run_deadlines", "--forever", "--every", "0.05", stdout=out)
    finally:
        for number, handler in known.items():
            signal.signal(number, handler)

    assert out.getvalue().startswith("5 deadlines settled\n")
