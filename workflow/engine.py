"""The one door: every move of every object passes here, in one transaction, in one order (see ``docs/workflow.md``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from common.errors import DomainError
from workflow import judging, taking, writing
from workflow.declaration import Transition, flow_of
from workflow.enums import EventKind
from workflow.errors import KeyReused, NotFound, RefusedBefore, StaleVersion, UnknownMove
from workflow.idempotency import NO_COMMAND, Command, answered, command_of
from workflow.models import Event, WorkflowModel
from workflow.moves import Actor, Move
from workflow.sequels import SequelRefused, carry_out, run
from workflow.transactions import one_transaction
from workflow.writing import Step

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a bulk move: which object, and in which version it was seen."""

    id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of a bulk move: its event, or why there is none; neither after a dry run that passed."""

    id: UUID
    error: DomainError | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    """A move as it was asked for, of one object or many."""

    model: type[WorkflowModel]
    items: tuple[Item, ...]
    spec: Transition
    wanted: Mapping[str, Any]
    command: Command
    request_id: str

    def move(self) -> Move:
        """Return a fresh move for one object: its body adds documents, deadlines and sequels to it."""
        return Move(name=self.spec.name, **self.wanted)

    def take(self) -> dict[UUID, Any]:
        """Lock and load the objects, parents first."""
        ids = [item.id for item in self.items]
        return taking.take(self.model, ids, actor=self.wanted["actor"], locks=self.spec.locks)


def perform(
    model: type[WorkflowModel],
    subject_id: UUID,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    known: Mapping[str, Any] | None = None,
    version: int | None = None,
    key: str = "",
    request_id: str = "",
) -> Event:
    """Move one object and return the event; the same ``key`` and command again return the first event again.

    Raises, looked for in this order: ``UnknownMove``, ``NotFound`` (also for what lies outside the actor's scope),
    ``KeyReused``, ``StaleVersion``, ``WrongState``, ``WrongRole``, ``MoveRefused`` with every reason at once; ``Busy``
    when a lock could not be had in time. Nothing is written when anything is raised.
    """
    spec = _find(model, name)
    command = command_of(actor, key, model.flow, subject_id, version, name, comment.strip(), payload or {})
    wanted = _wanted(actor, at, comment, payload, known)
    wish = _Wish(model, (Item(subject_id, version),), spec, wanted, command, request_id)
    try:
        with one_transaction(spec.label):
            return _fulfil(wish)
    except KeyReused:
        # The key was found to be in use when it was to be written: by this very command, or by another one.
        return answered(command)[0]
    except SequelRefused as refused:
        raise refused.error from refused


def perform_many(
    model: type[WorkflowModel],
    items: Sequence[Item],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    known: Mapping[str, Any] | None = None,
    all_or_nothing: bool = True,
    dry_run: bool = False,
    key: str = "",
    request_id: str = "",
) -> list[Outcome]:
    """Move many objects in one transaction and return one outcome per item, in the order of ``items``.

    With ``all_or_nothing`` one refusal keeps all the others from moving too; with ``dry_run`` nothing is written, but
    everything is tried, sequels and constraints included. An object listed twice is moved once. The same ``key`` and
    command again return the first events again. Raises ``UnknownMove``, ``KeyReused`` and ``Busy``.
    """
    spec = _find(model, name)
    rows: dict[UUID, Item] = {}
    for item in items:
        rows.setdefault(item.id, item)
    asked = [[item.id, item.version] for item in rows.values()]
    command = command_of(actor, key, model.flow, asked, name, comment.strip(), payload or {}, all_or_nothing, dry_run)
    wish = _Wish(model, tuple(rows.values()), spec, _wanted(actor, at, comment, payload, known), command, request_id)
    with one_transaction(spec.label):
        outcomes = _fulfil_many(wish, all_or_nothing=all_or_nothing, dry_run=dry_run)
    return [outcomes[item.id] for item in items]


def available(subjects: Iterable[WorkflowModel], *, actor: Actor, at: datetime) -> list[list[judging.Verdict]]:
    """Return, per object, what ``actor`` may do with it now and why not; load the objects ``with_facts()`` first.

    Costs no query. Guards that wait for an input are left for the moment when there is one.
    """
    return judging.verdicts(subjects, actor, at)


def find(model: type[WorkflowModel], subject_id: UUID, *, actor: Actor) -> Any:
    """Return one object with its facts, to show it: one query, and one more for each list that the facts bring along.

    Raises ``NotFound`` outside the actor's scope.
    """
    subject = taking.find(model, subject_id, actor=actor)
    if subject is None:
        raise NotFound
    return subject


def with_facts(subjects: Sequence[WorkflowModel]) -> list[Any]:
    """Return the rows of a page, which were found in scope, loaded anew with their facts and in the same order."""
    if not subjects:
        return []
    loaded = taking.load(type(subjects[0]), [subject.pk for subject in subjects])
    return [loaded[subject.pk] for subject in subjects if subject.pk in loaded]


def take(
    model: type[WorkflowModel], subject_id: UUID, *, actor: Actor, version: int | None = None, locks: Sequence[str] = ()
) -> Any:
    """Lock one object, for an act that is no move, and return it with its facts; call inside a transaction.

    Raises ``NotFound`` outside the actor's scope, ``StaleVersion`` when it is newer than ``version``.
    """
    subject = taking.take(model, [subject_id], actor=actor, locks=locks).get(subject_id)
    if subject is None:
        raise NotFound
    if version is not None and version != subject.version:
        raise StaleVersion(attr="version", seen=version, current=subject.version)
    return subject


def record(
    subject: WorkflowModel,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    documents: Mapping[str, str] | None = None,
    command: Command = NO_COMMAND,
    request_id: str = "",
) -> Event:
    """Write what was changed on a taken object together with the event of the act ``name``; the state stays."""
    move = Move(name=name, actor=actor, at=at, comment=comment.strip(), payload=payload or {})
    move.documents.update(documents or {})
    return writing.write([Step(subject, move, EventKind.ACT, request_id=request_id)], command)[0]


def save_quietly(subject: WorkflowModel, *, at: datetime) -> None:
    """Write what was changed on a taken object, with a new version but without an event (autosaved drafts)."""
    writing.write_quietly(subject, at)


def _find(model: type[WorkflowModel], name: str) -> Transition:
    spec = flow_of(model).transitions.get(name)
    if spec is None:
        raise UnknownMove(attr="name", name=name)
    return spec


def _wanted(
    actor: Actor, at: datetime, comment: str, payload: Mapping[str, Any] | None, known: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {"actor": actor, "at": at, "comment": comment.strip(), "payload": payload or {}, "known": known or {}}


def _fulfil(wish: _Wish) -> Event:
    subject, move = wish.take().get(wish.items[0].id), wish.move()
    if subject is None:
        raise NotFound
    objection = judging.objection(subject, wish.spec, move, wish.items[0].version)
    if objection is None:
        return carry_out([run(subject, wish.spec, move, request_id=wish.request_id)], wish.command)[0]
    for earlier in answered(wish.command):
        return earlier
    logger.info("move_refused", flow=wish.spec.flow, move=move.name, subject=str(subject.pk), why=str(objection))
    raise objection


def _fulfil_many(wish: _Wish, *, all_or_nothing: bool, dry_run: bool) -> dict[UUID, Outcome]:
    """Try the move until no sequel stands in the way of a row that is still to be moved."""
    barred: dict[UUID, DomainError] = {}
    while True:
        try:
            with transaction.atomic():
                outcomes = _attempt(wish, barred)
                refused = any(outcome.error for outcome in outcomes.values())
                if not dry_run and not (all_or_nothing and refused):
                    return outcomes
                transaction.set_rollback(True)
        except SequelRefused as refusal:
            barred.update(dict.fromkeys(refusal.asked_by, refusal.error))
        else:
            return {outcome.id: Outcome(outcome.id, outcome.error) for outcome in outcomes.values()}


def _attempt(wish: _Wish, barred: Mapping[UUID, DomainError]) -> dict[UUID, Outcome]:
    loaded = wish.take()
    earlier = {event.subject_id: event for event in answered(wish.command)}
    if earlier:
        return {item.id: _outcome_before(item.id, loaded, earlier.get(item.id)) for item in wish.items}
    outcomes, steps = {}, []
    for item in wish.items:
        subject: Any = loaded.get(item.id)
        move = wish.move()
        error = barred.get(item.id) or judging.objection(subject, wish.spec, move, item.version)
        outcomes[item.id] = Outcome(item.id, error)
        if error is None:
            steps.append(run(subject, wish.spec, move, request_id=wish.request_id))
    for event in carry_out(steps, wish.command):
        outcomes[event.subject_id] = Outcome(event.subject_id, event=event)
    return outcomes


def _outcome_before(subject_id: UUID, in_scope: Collection[UUID], event: Event | None) -> Outcome:
    """Return what became of a row before, unless it has left the actor's scope since."""
    if subject_id not in in_scope:
        return Outcome(subject_id, NotFound())
    return Outcome(subject_id, event=event) if event else Outcome(subject_id, RefusedBefore(attr="Idempotency-Key"))
