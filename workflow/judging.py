"""Whether a move may be made, with every reason why not; the same judgement greys a button and guards the door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.refusals import Refusal, flatten
from workflow.declaration import Guard, Transition, flow_of
from workflow.enums import Comment
from workflow.errors import MoveRefused, NotFound, StaleVersion, WrongRole, WrongState
from workflow.models import WorkflowModel
from workflow.moves import Actor, Move

logger = structlog.get_logger(__name__)
LONGEST_COMMENT = 2000
CANNOT_BE_CHECKED = _("This condition cannot be checked at the moment (%(guard)s). Nothing has been changed.")
UNKEPT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps neither NUL nor half of a character pair


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one move may be made by one actor, and why not."""

    transition: Transition
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.refusals


def verdicts(subjects: Iterable[WorkflowModel], actor: Actor, at: datetime) -> list[list[Verdict]]:
    """Return, per object, a verdict for each move that the actor's role may make from its present state.

    Guards that wait for an input are left for the moment when there is one. Costs no query.
    """
    wishes: dict[str, Move] = {}
    return [_verdicts(subject, actor, at, wishes) for subject in subjects]


def objection(subject: Any, spec: Transition, move: Move, version: int | None = None) -> DomainError | None:
    """Return the error that keeps the move from being made, looked for in the order of the REST contract."""
    if subject is None:
        return NotFound()
    if version is not None and version != subject.version:
        return StaleVersion(attr="version", seen=version, current=subject.version)
    if subject.state not in spec.sources:
        return WrongState(attr="name", label=spec.label, state=subject.get_state_display())
    if spec.role != move.actor.role:
        return WrongRole(attr="name", label=spec.label, role=spec.role_label)
    reasons = refusals(subject, spec, move)
    return MoveRefused(refusals=reasons, label=spec.label) if reasons else None


def refusals(subject: WorkflowModel, spec: Transition, move: Move) -> list[Refusal]:
    """Return every reason against the move: its comment, its inputs, all of its guards and checks, none left out."""
    asked = _ask((*spec.guards, *spec.checks), subject, move)
    return [*_comment_refusals(spec, move), *_input_refusals(spec, move), *asked]


def _verdicts(subject: WorkflowModel, actor: Actor, at: datetime, wishes: dict[str, Move]) -> list[Verdict]:
    found = []
    for spec in flow_of(type(subject)).leaving(subject.state, actor.role):
        wish = wishes.get(spec.name) or wishes.setdefault(spec.name, Move(name=spec.name, actor=actor, at=at))
        found.append(Verdict(spec, tuple(_ask(spec.previewed, subject, wish))))
    return found


def _ask(guards: Sequence[Guard], subject: Any, move: Move) -> list[Refusal]:
    """Return what the guards have against the move; written out, for lists of hundreds of rows are judged by it."""
    reasons: list[Refusal] = []
    for guard in guards:
        try:
            answer = guard(subject, move)
        except Exception:  # a guard that cannot answer keeps its door shut
            logger.exception("guard_failed", guard=guard.__name__, move=move.name)
            answer = Refusal("cannot_be_checked", CANNOT_BE_CHECKED, {"guard": guard.__name__})
        if answer is not None:
            reasons += flatten(answer)
    return reasons


def _comment_refusals(spec: Transition, move: Move) -> list[Refusal]:
    if spec.comment == Comment.NONE and move.comment:
        return [Refusal("comment_not_accepted", _("This step takes no comment."), fix="comment")]
    if spec.comment == Comment.REQUIRED and not any(map(str.isalnum, move.comment)):
        return [Refusal("comment_required", _("Please give the reason."), fix="comment")]
    if len(move.comment) > LONGEST_COMMENT:
        message = _("The comment is longer than %(limit)s characters.")
        return [Refusal("comment_too_long", message, {"limit": LONGEST_COMMENT}, fix="comment")]
    if UNKEPT.search(move.comment):
        message = _("The comment contains a character that cannot be kept.")
        return [Refusal("comment_unreadable", message, fix="comment")]
    return []


def _input_refusals(spec: Transition, move: Move) -> list[Refusal]:
    message = _("This step takes no input called “%(name)s”.")
    unknown = [name for name in move.payload if name not in spec.inputs]
    return [Refusal("unknown_input", message, {"name": name}, fix=f"data.{name}") for name in unknown]
