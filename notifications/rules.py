"""What a server's answer means, when to try again, which rung of the ladder a day is: pure judgements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.instants import last_day, local_date, start_of
from notifications.enums import DeliveryState, Step, UnknownPolicy

MOST_ATTEMPTS = 12
MOST_RELAYS = 5
# A courier begins no further mail of its batch after this many seconds.
BUDGET = 8.0
_MORNING = timedelta(hours=8)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 300, 900, 1800, 3600, 7200, 14400))
# On the day itself, or the day after where the sweeper was away; the last two days are told apart exactly.
_RUNGS = {
    7: Step.SEVEN_DAYS,
    6: Step.SEVEN_DAYS,
    3: Step.THREE_DAYS,
    2: Step.THREE_DAYS,
    1: Step.ONE_DAY,
    0: Step.LAST_DAY,
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How one attempt to hand a mail over ended, and what the server said."""

    state: DeliveryState
    code: int | None = None
    error: str = ""


def lease(patience: float) -> timedelta:
    """Return for how long a claim holds, where a server's answer is awaited for ``patience`` seconds.

    A claim that is older belongs to a courier that is dead: a living one begins no mail after its budget, and no mail
    takes longer than the answers before and after its text.
    """
    return timedelta(seconds=BUDGET + 2 * patience + 2)


def fate_of_answer(code: int, text: str, *, about_recipient: bool) -> Fate:
    """Judge an answer (RFC 5321, 4.2.1): 2xx accepted, 4xx try later, 5xx never.

    A refusal that is not about the recipient or the text (greeting, sign-in, sender) is a fault of the set-up that
    somebody can mend: the mail is kept for another attempt.
    """
    if 200 <= code < 300:
        return Fate(DeliveryState.SENT, code)
    if 500 <= code < 600 and about_recipient:
        return Fate(DeliveryState.FAILED, code, text[:500])
    return Fate(DeliveryState.RETRY, code, text[:500])


def fate_of_silence(error: str, *, text_was_sent: bool) -> Fate:
    """Judge a broken or silent connection: before the end of the text nothing was accepted, after it nobody knows."""
    return Fate(DeliveryState.UNKNOWN if text_was_sent else DeliveryState.RETRY, None, error[:500])


def next_attempt(attempts: int, at: datetime) -> datetime:
    """Return when to try again after ``attempts`` attempts: 20 s at first, four hours at last."""
    return at + _PAUSES[min(attempts, len(_PAUSES)) - 1]


def is_exhausted(attempts: int) -> bool:
    """Tell whether a mail was tried so often (about a day) that a person has to look at it."""
    return attempts >= MOST_ATTEMPTS


def may_repeat(policy: UnknownPolicy, *, is_repeat: bool) -> bool:
    """Tell whether a mail that perhaps arrived is sent once more; never a second time without a person's decision."""
    return policy == UnknownPolicy.RESEND and not is_repeat


def next_digest(at: datetime) -> datetime:
    """Return the next eight o'clock in the morning where the programme lives."""
    morning = start_of(local_date(at)) + _MORNING
    return morning if morning > at else morning + timedelta(days=1)


def days_left(due_at: datetime, at: datetime) -> int:
    """Return the calendar days from the day of ``at`` to the last day before the exclusive instant ``due_at``."""
    return (last_day(due_at) - local_date(at)).days


def step_at(due_at: datetime, at: datetime) -> Step | None:
    """Return the rung of the ladder on which a deadline stands at ``at``, or ``None`` between two rungs."""
    return Step.OVERDUE if at >= due_at else _RUNGS.get(days_left(due_at, at))
