"""What happens when a deadline has passed: drafts and returned forms lapse, everything else is escalated.

The machine decides nothing about a community's merits. An escalation stays open work; its outcome says so, and the
reminders tell the approver above.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import SYSTEM
from nominations.enums import DeadlineKind
from nominations.models import Nomination
from workflow import engine
from workflow.errors import WrongState
from workflow.models import Deadline
from workflow.sweeping import handles

ESCALATED, LAPSED, KEPT = "escalated", "lapsed", "kept"


@handles(DeadlineKind.APPLICATION_CLOSES)
@handles(DeadlineKind.CORRECTION_DUE)
def lapse(due: Sequence[Deadline], at: datetime) -> dict[UUID, str]:
    """Let drafts and returned forms lapse whose time is over, in one bulk move; the guard has the last word.

    A form that has gone on meanwhile is kept. One that may still come in, because its window ends later than its
    deadline says, and one that a guard cannot judge at the moment are looked at again: their deadlines stay open.
    """
    items = [engine.Item(row.subject_id) for row in due]
    outcomes = engine.perform_many(Nomination, items, "lapse", actor=SYSTEM, at=at, all_or_nothing=False)
    not_yet = [outcome.error for outcome in outcomes if outcome.error and not isinstance(outcome.error, WrongState)]
    if not_yet:
        raise not_yet[0]
    lapsed = {outcome.id for outcome in outcomes if outcome.event}
    return {row.pk: LAPSED if row.subject_id in lapsed else KEPT for row in due}


@handles(DeadlineKind.DISTRICT_CLOSES)
@handles(DeadlineKind.EVALUATION_CLOSES)
@handles(DeadlineKind.WORK_REPORT_CLOSES)
@handles(DeadlineKind.REPORT_CLOSES)
def escalate(due: Sequence[Deadline], at: datetime) -> dict[UUID, str]:
    """Mark the work as overdue: it stays open, and whoever stands above is told (flow.md, deadlines)."""
    return {row.pk: ESCALATED for row in due}
