"""The one door: every move of every object passes here, in one transaction, in one order (see ``docs/workflow.md``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, transaction

from common.digest import canonical_digest
from common.refusals import Refusal
from workflow import deadlines, hooks, judging, writing
from workflow.declaration import Transition, flow_of
from workflow.enums import Comment, EventKind
from workflow.errors import (
    Busy,
    KeyReused,
    MoveRefused,
    NotFound,
    StaleVersion,
    UnknownMove,
    WrongRole,
    WrongState,
)
from workflow.journal import Command
from workflow.models import CommandKey, Event, WorkflowModel
from workflow.moves import Actor, Move, Sequel
from workflow.poke import relay_soon

logger = structlog.get_logger(__name__)
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a bulk move: which object, and in which version it was seen."""

    id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    """A move of one object as it was asked for."""

    model: type[WorkflowModel]
    subject_id: UUID
    spec: Transition
    move: Move
    version: int | None
    command: Command
    request_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of a bulk move: its event, or why there is none."""

    id: UUID
    error: Any = None
    event: Event | None = None


def perform(
    model: type[WorkflowModel],
    subject_id: UUID,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
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
    move = Move(name=name, actor=actor, at=at, comment=comment.strip(), payload=payload or {})
    command = _command(move, key, [model.flow, subject_id, version])
    wish = _Wish(model, subject_id, spec, move, version, command, request_id)
    try:
        with transaction.atomic():
            return _fulfil(wish)
    except OperationalError as error:
        raise _busy(error) from error


def perform_many(
    model: type[WorkflowModel],
    items: Sequence[Item],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    all_or_nothing: bool = True,
    dry_run: bool = False,
    request_id: str = "",
) -> list[Outcome]:
    """Move many objects in one transaction and return one outcome per item, in the order of ``items``.

    With ``all_or_nothing`` one refusal keeps all the others from moving too; with ``dry_run`` nothing is written.
    """
    spec = _find(model, name)
    try:
        with transaction.atomic():
            loaded = _take_many(model, [item.id for item in items], spec.locks, actor)
            outcomes: dict[UUID, Outcome] = {}
            accepted: list[tuple[WorkflowModel, Transition, Move]] = []
            for item in items:
                move = Move(name=name, actor=actor, at=at, comment=comment.strip(), payload=payload or {})
                error = _objection(loaded.get(item.id), spec, move, item.version)
                outcomes[item.id] = Outcome(item.id, error=error)
                if error is None:
                    _run(loaded[item.id], spec, move)
                    accepted.append((loaded[item.id], spec, move))
            stopped = all_or_nothing and len(accepted) < len(items)
            if not dry_run and not stopped:
                for event in _write(accepted, Command(), request_id):
                    outcomes[event.subject_id] = Outcome(event.subject_id, event=event)
            return [outcomes[item.id] for item in items]
    except OperationalError as error:
        raise _busy(error) from error


def available(subjects: Iterable[WorkflowModel], *, actor: Actor, at: datetime) -> list[list[judging.Verdict]]:
    """Return, per object, what ``actor`` may do with it now and why not; load the objects ``with_facts()`` first.

    Costs no query. Guards that judge an input (``asks``) are left for the moment when there is one.
    """
    return [judging.verdicts(subject, actor, at) for subject in subjects]


def take(
    model: type[WorkflowModel], subject_id: UUID, *, actor: Actor, version: int | None = None, locks: Sequence[str] = ()
) -> Any:
    """Lock one object, for an act that is no move, and return it with its facts; call inside a transaction.

    Raises ``NotFound`` outside the actor's scope, ``StaleVersion`` when it is newer than ``version``.
    """
    subject = _take_many(model, [subject_id], locks, actor).get(subject_id)
    if subject is None:
        raise NotFound
    _require_version(subject, version)
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
    request_id: str = "",
) -> Event:
    """Write what was changed on a taken object together with the event of the act ``name``; the state stays."""
    move = Move(name=name, actor=actor, at=at, comment=comment.strip(), payload=payload or {})
    move.documents.update(documents or {})
    event = writing.event_of(subject, move, kind=EventKind.ACT, request_id=request_id)
    _finish([(subject, move)], [event], Command())
    return event


def save_quietly(subject: WorkflowModel, *, at: datetime) -> None:
    """Write what was changed on a taken object, with a new version but without an event (autosaved drafts)."""
    writing.write_rows([subject], at)


def _find(model: type[WorkflowModel], name: str) -> Transition:
    spec = flow_of(model).transitions.get(name)
    if spec is None:
        raise UnknownMove(attr="name", name=name)
    return spec


def _fulfil(wish: _Wish) -> Event:
    spec, move = wish.spec, wish.move
    subject = _take_many(wish.model, [wish.subject_id], spec.locks, move.actor).get(wish.subject_id)
    if subject is None:
        raise NotFound
    earlier = _answered(wish.command)
    if earlier is not None:
        return earlier
    objection = _objection(subject, spec, move, wish.version)
    if objection is not None:
        logger.info("move_refused", flow=spec.flow, move=spec.name, subject=str(wish.subject_id), why=str(objection))
        raise objection
    _run(subject, spec, move)
    return _write([(subject, spec, move)], wish.command, wish.request_id)[0]


def _take_many(model: type[WorkflowModel], ids: Sequence[UUID], locks: Sequence[str], actor: Actor) -> dict[UUID, Any]:
    """Lock the named parents, then the rows, each in the order of their keys; load afterwards, with a fresh view.

    Loading in the locking statement itself would read the joined facts as they were before the lock was granted.
    """
    for parent in locks:
        field = model._meta.get_field(parent)
        parents = model._base_manager.filter(pk__in=ids).values(field.attname)
        related = field.related_model
        list(related._base_manager.filter(pk__in=parents).order_by("pk").select_for_update().values_list("pk"))
    rows = model.objects.visible_to(actor).filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    taken = list(rows.values_list("pk", flat=True))
    subjects = {subject.pk: subject for subject in model.objects.with_facts().filter(pk__in=taken)} if taken else {}
    _share_parents(list(subjects.values()), locks)
    for subject in subjects.values():
        writing.remember(subject, locks)
    return subjects


def _share_parents(subjects: Sequence[WorkflowModel], locks: Sequence[str]) -> None:
    """Let rows with the same parent hold one object, so that a count kept by one body is seen by the next guard."""
    for name in locks:
        seen: dict[Any, Any] = {}
        for subject in subjects:
            parent = getattr(subject, name)
            setattr(subject, name, seen.setdefault(getattr(parent, "pk", None), parent))


def _answered(command: Command) -> Event | None:
    if not command.key:
        return None
    known = CommandKey.objects.select_related("event").filter(owner=command.owner, key=command.key).first()
    if known is None:
        return None
    if known.request_digest != command.request_digest:
        raise KeyReused(attr="Idempotency-Key")
    return known.event


def _objection(subject: Any, spec: Transition, move: Move, version: int | None) -> Any:
    """Return the error that keeps the move from being made, or ``None``."""
    try:
        if subject is None:
            raise NotFound
        _require_version(subject, version)
        _require_state(subject, spec)
        _require_role(spec, move.actor)
        refusals = judging.refusals(subject, spec, move)
        if refusals:
            raise MoveRefused(refusals=refusals, label=spec.label)
    except (NotFound, StaleVersion, WrongState, WrongRole, MoveRefused) as error:
        return error
    return None


def _require_version(subject: WorkflowModel, version: int | None) -> None:
    if version is not None and version != subject.version:
        raise StaleVersion(attr="version", seen=version, current=subject.version)


def _require_state(subject: Any, spec: Transition) -> None:
    if subject.state not in spec.sources:
        raise WrongState(attr="name", label=spec.label, state=subject.get_state_display())


def _require_role(spec: Transition, actor: Actor) -> None:
    if spec.role != actor.role:
        raise WrongRole(attr="name", label=spec.label, role=spec.role)


def _run(subject: WorkflowModel, spec: Transition, move: Move) -> None:
    """Run the body of the move on the object in memory; nothing is written yet."""
    with writing.door_of(subject):
        getattr(subject, spec.body.__name__)(move)


def _write(done: Sequence[tuple[WorkflowModel, Transition, Move]], command: Command, request_id: str) -> list[Event]:
    events = [
        writing.event_of(subject, move, kind=EventKind.MOVE, request_id=request_id, spec=spec)
        for subject, spec, move in done
    ]
    _finish([(subject, move) for subject, _spec, move in done], events, command)
    for _subject, _spec, move in done:
        _continue(move, request_id)
    return events


def _finish(done: Sequence[tuple[WorkflowModel, Move]], events: Sequence[Event], command: Command) -> None:
    subjects = [subject for subject, _move in done]
    if not subjects:
        return
    writing.append(events, command)
    writing.write_rows(subjects, done[0][1].at)
    deadlines.apply(done)
    hooks.event_writer()(events, subjects)
    relay_soon()


def _continue(move: Move, request_id: str) -> None:
    """Make the sequels of a move, kind by kind, each bound by its own guards; one refusal undoes everything."""
    for (model, name), sequels in _grouped(move.sequels).items():
        spec = _find(model, name)
        loaded = _take_many(model, [sequel.subject.pk for sequel in sequels], spec.locks, move.actor)
        done = []
        for sequel in sequels:
            follow = Move(name=name, actor=move.actor, at=move.at, comment=sequel.comment, payload=dict(sequel.payload))
            objection = _objection(loaded.get(sequel.subject.pk), spec, follow, None)
            if objection is not None:
                raise objection
            _run(loaded[sequel.subject.pk], spec, follow)
            done.append((loaded[sequel.subject.pk], spec, follow))
        _write(done, Command(), request_id)


def _grouped(sequels: Sequence[Sequel]) -> dict[tuple[type[WorkflowModel], str], list[Sequel]]:
    groups: dict[tuple[type[WorkflowModel], str], list[Sequel]] = {}
    for sequel in sequels:
        groups.setdefault((type(sequel.subject), sequel.name), []).append(sequel)
    return groups


def _command(move: Move, key: str, target: Sequence[Any]) -> Command:
    if not key:
        return Command()
    asked = [*target, move.name, move.comment, dict(move.payload)]
    return Command(owner=f"user:{move.actor.user_id}", key=key, request_digest=canonical_digest(asked))


def _busy(error: OperationalError) -> Exception:
    """Return ``Busy`` for a lock that could not be had, the error itself for anything else."""
    code = getattr(error.__cause__, "sqlstate", "")
    return Busy() if code in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED} else error


__all__ = [
    "Comment", "Item", "Outcome", "Refusal", "available", "perform", "perform_many", "record", "save_quietly", "take",
]  # fmt: skip
