"""Hands claimed mails over, one connection for all of them, and keeps the books so that no crash sends one twice.

Before the text of a mail leaves, one committed statement says so and says what became of the mail before. It runs while
the server thinks about the sender; the next mail is composed while the server reads the text of this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings

from notifications import rules
from notifications.composing import Mail, compose
from notifications.dispatch import Dispatch, load
from notifications.enums import DeliveryState
from notifications.operations import relay
from notifications.transport import ServerDown, Transport

logger = structlog.get_logger(__name__)
BATCH = 100
# A first attempt waits this long, in seconds, for the answers before the text: a slow mailbox must not hold up the
# rest, and giving up before the text is always safe. Later attempts wait as long as EMAIL_TIMEOUT allows.
FIRST_PATIENCE = 3.0
MOST_SILENCES = 3
Clock = Callable[[], datetime]


def send_batch(*, clock: Clock, limit: int = BATCH, budget: float = rules.BUDGET) -> int:
    """Claim up to ``limit`` due mails, hand them over, and return how many were claimed; 0 when nothing is due."""
    claim = relay.claim(at=clock(), limit=limit)
    if not claim.ids:
        return 0
    batch = _Batch(load(claim.ids, at=clock()), claim.token, clock, budget)
    with Transport() as transport:
        batch.send(transport)
    return len(claim.ids)


class _Batch:
    """The mails of one claim, in order, with what is still to be written about them."""

    def __init__(self, dispatches: Sequence[Dispatch], token: UUID, clock: Clock, budget: float) -> None:
        self._waiting = list(dispatches)
        self._token = token
        self._clock = clock
        self._settled: list[relay.Settled] = []
        self._carriers: list[UUID] = []
        self._composed: dict[UUID, Mail | None] = {}
        self._silences = 0
        self._stop_at = time.monotonic() + budget

    def send(self, transport: Transport) -> None:
        """Send while there is time and the server answers; put the rest back."""
        try:
            while self._waiting and time.monotonic() < self._stop_at and self._silences < MOST_SILENCES:
                self._send_next(transport)
        except ServerDown as down:
            logger.warning("mail_server_down", error=str(down))
            self._put_back(str(down))
        self._put_back("")
        self._write()

    def _send_next(self, transport: Transport) -> None:
        dispatch = self._waiting[0]
        if dispatch.needless:
            self._tell(dispatch, rules.Fate(DeliveryState.DROPPED, None, dispatch.needless))
        mail = None if dispatch.needless else self._mail(dispatch)
        if mail is None:
            self._waiting.pop(0)
            return
        fate = transport.hand_over(
            mail,
            patience=FIRST_PATIENCE if dispatch.delivery.attempts == 1 else settings.EMAIL_TIMEOUT,
            before_text=lambda: self._begin(dispatch),
            meanwhile=self._compose_ahead,
        )
        self._waiting.pop(0)
        if fate is not None:
            self._silences = self._silences + 1 if fate.code is None else 0
            self._tell(dispatch, fate)

    def _begin(self, dispatch: Dispatch) -> bool:
        """Write that the text of this mail is about to leave; tell whether the mail is still ours."""
        if len(self._settled) > 1 or self._carriers:
            self._write()
        settled = self._settled.pop() if self._settled else None
        return relay.begin(dispatch.id, token=self._token, at=self._clock(), settled=settled)

    def _compose_ahead(self) -> None:
        if len(self._waiting) > 1 and not self._waiting[1].needless:
            self._mail(self._waiting[1])

    def _mail(self, dispatch: Dispatch) -> Mail | None:
        if dispatch.id not in self._composed:
            self._composed[dispatch.id] = self._compose(dispatch)
        return self._composed[dispatch.id]

    def _compose(self, dispatch: Dispatch) -> Mail | None:
        try:
            return compose(
                dispatch.letter(),
                address=dispatch.delivery.address,
                message_id=dispatch.delivery.message_id,
                is_repeat=dispatch.delivery.is_repeat,
                at=self._clock(),
            )
        except Exception as error:  # a mail that cannot be written must not keep the others from leaving
            logger.exception("mail_not_composed", delivery=str(dispatch.id))
            self._tell(dispatch, rules.Fate(DeliveryState.FAILED, None, repr(error)[:500]))
            return None

    def _tell(self, dispatch: Dispatch, fate: rules.Fate) -> None:
        now = self._clock()
        state = fate.state
        if state == DeliveryState.RETRY and rules.is_exhausted(dispatch.delivery.attempts):
            state = DeliveryState.PARKED
        self._settled.append(
            relay.Settled(
                dispatch.id,
                state,
                sent_at=now if state == DeliveryState.SENT else None,
                next_at=rules.next_attempt(dispatch.delivery.attempts, now),
                code=fate.code,
                error=fate.error,
            )
        )
        if dispatch.delivery.bundle:
            self._carriers.append(dispatch.id)

    def _put_back(self, error: str) -> None:
        """Return what was not begun: at once where only the time ran out, later where the server does not answer."""
        is_silent = bool(error) or self._silences >= MOST_SILENCES
        for dispatch in self._waiting:
            if is_silent:
                self._tell(dispatch, rules.Fate(DeliveryState.RETRY, None, error or "the server does not answer"))
            else:
                self._settled.append(relay.Settled(dispatch.id, DeliveryState.PENDING, returned=1))
        self._waiting.clear()

    def _write(self) -> None:
        settled, self._settled = self._settled, []
        carriers, self._carriers = self._carriers, []
        if settled:
            relay.settle(settled, token=self._token)
        for carrier in carriers:
            relay.settle_riders(carrier)
