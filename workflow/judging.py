"""Whether a move may be made, with every reason why not; the same judgement greys a button and guards the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, flatten
from workflow.declaration import Guard, Transition, flow_of, inputs_of
from workflow.enums import Comment
from workflow.models import WorkflowModel
from workflow.moves import Actor, Move

logger = structlog.get_logger(__name__)
LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one move may be made by one actor, and why not."""

    transition: Transition
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.refusals


def verdicts(subject: WorkflowModel, actor: Actor, at: datetime) -> list[Verdict]:
    """Return a verdict for each move that the actor's role may make from the object's present state."""
    specs = flow_of(type(subject)).leaving(subject.state, actor.role)
    return [Verdict(spec, tuple(_preview(subject, spec, actor, at))) for spec in specs]


def refusals(subject: WorkflowModel, spec: Transition, move: Move) -> list[Refusal]:
    """Return every reason against the move: its comment and all of its guards, none left out."""
    return [*_comment_refusals(spec, move), *_ask(spec.guards, subject, move)]


def _preview(subject: WorkflowModel, spec: Transition, actor: Actor, at: datetime) -> list[Refusal]:
    guards = [guard for guard in spec.guards if not inputs_of(guard)]
    return _ask(guards, subject, Move(name=spec.name, actor=actor, at=at))


def _ask(guards: Sequence[Guard], subject: Any, move: Move) -> list[Refusal]:
    return [refusal for guard in guards for refusal in _answer(guard, subject, move)]


def _answer(guard: Guard, subject: Any, move: Move) -> list[Refusal]:
    try:
        return flatten(guard(subject, move))
    except Exception:  # a guard that cannot answer keeps its door shut
        logger.exception("guard_failed", guard=guard.__name__, move=move.name)
        message = _("This condition cannot be checked at the moment (%(guard)s). Nothing has been changed.")
        return [Refusal("cannot_be_checked", message, {"guard": guard.__name__})]


def _comment_refusals(spec: Transition, move: Move) -> list[Refusal]:
    if spec.comment == Comment.NONE and move.comment:
        return [Refusal("comment_not_accepted", _("This step takes no comment."), fix="comment")]
    if spec.comment == Comment.REQUIRED and not move.comment:
        return [Refusal("comment_required", _("Please give the reason."), fix="comment")]
    if len(move.comment) > LONGEST_COMMENT:
        message = _("The comment is longer than %(limit)s characters.")
        return [Refusal("comment_too_long", message, {"limit": LONGEST_COMMENT}, fix="comment")]
    return []
