"""Carrying out what was decided: the moves themselves, then those of other objects that belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.errors import DomainError
from workflow import judging, taking, writing
from workflow.declaration import Transition, flow_of
from workflow.enums import EventKind
from workflow.fields import door_of
from workflow.idempotency import NO_COMMAND, Command
from workflow.models import Event, WorkflowModel
from workflow.moves import Actor, Move
from workflow.writing import Step


class SequelRefused(Exception):
    """A move that belongs to others was refused; none of those that asked for it is made."""

    def __init__(self, asked_by: frozenset[UUID], error: DomainError) -> None:
        super().__init__(asked_by, error)
        self.asked_by, self.error = asked_by, error


@dataclass(slots=True)
class _Wanted:
    """A sequel, whoever asked for it: two rows of a bulk move that call for the same one get it once."""

    move: Move
    asked_by: frozenset[UUID]
    request_id: str


# Per kind of move, in the order in which they were asked for: what each object is to do.
_Group = dict[UUID, _Wanted]
_Groups = dict[tuple[type[WorkflowModel], Transition], _Group]


def run(
    subject: WorkflowModel,
    spec: Transition,
    move: Move,
    *,
    asked_by: frozenset[UUID] = frozenset(),
    request_id: str = "",
) -> Step:
    """Run the body of the move on the object in memory and return the step; nothing is written yet."""
    with door_of(subject, spec.body.__name__):
        getattr(subject, spec.body.__name__)(move)
    return Step(subject, move, EventKind.MOVE, asked_by or frozenset({subject.pk}), request_id)


def carry_out(steps: Sequence[Step], command: Command = NO_COMMAND) -> list[Event]:
    """Write the steps and make their sequels, each bound by its own guards; return the events of the steps.

    Everything that the sequels need is locked before anything is written: rows before chains, always.
    Raises ``SequelRefused``.
    """
    groups = _grouped(steps)
    streams = _lock(groups, steps[0].move.actor) if groups else {}
    events = writing.write(steps, command, streams=streams.values())
    for (model, spec), group in groups.items():
        loaded = taking.load_locked(model, group.keys() & streams.keys(), spec.locks)
        carry_out([_follow(loaded.get(subject_id), spec, wanted) for subject_id, wanted in group.items()])
    return events


def _follow(subject: Any, spec: Transition, wanted: _Wanted) -> Step:
    error = judging.objection(subject, spec, wanted.move)
    if error is not None:
        raise SequelRefused(wanted.asked_by, error)
    return run(subject, spec, wanted.move, asked_by=wanted.asked_by, request_id=wanted.request_id)


def _grouped(steps: Sequence[Step]) -> _Groups:
    groups: _Groups = {}
    for step in steps:
        for sequel in step.move.sequels:
            model = type(sequel.subject)
            group = groups.setdefault((model, flow_of(model).transitions[sequel.name]), {})
            known = group.get(sequel.subject.pk)
            if known is None:
                group[sequel.subject.pk] = _Wanted(step.move.follow(sequel), step.asked_by, step.request_id)
            else:
                known.asked_by |= step.asked_by
    return groups


def _lock(groups: _Groups, actor: Actor) -> dict[UUID, UUID]:
    """Lock all objects of all groups, model by model, with every parent that one of their moves names.

    Return the stream of each that the actor may know of.
    """
    wanted: dict[type[WorkflowModel], tuple[dict[str, None], list[UUID]]] = {}
    for (model, spec), group in groups.items():
        parents, ids = wanted.setdefault(model, ({}, []))
        parents.update(dict.fromkeys(spec.locks))
        ids.extend(group)
    streams: dict[UUID, UUID] = {}
    for model, (parents, ids) in wanted.items():
        streams.update(taking.lock(model, ids, actor=actor, locks=tuple(parents)))
    return streams
