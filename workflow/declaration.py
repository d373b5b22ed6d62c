"""Declaring a move once, for many readers: engine, API, buttons, CHECK, trigger, diagram, reference, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_fsm
from django.db.models import TextChoices

from common.refusals import Refusal, Sentence
from workflow.enums import Comment

if TYPE_CHECKING:
    from workflow.models import WorkflowModel
    from workflow.moves import Move

Guard = Callable[[Any, "Move"], Refusal | Iterable[Refusal] | None]
Body = Callable[[Any, "Move"], None]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table of moves."""

    flow: str
    name: str
    sources: tuple[str, ...]
    target: str
    role: str
    role_label: Sentence
    label: Sentence
    comment: Comment
    guards: tuple[Guard, ...]
    checks: tuple[Guard, ...]
    locks: tuple[str, ...]
    body: Callable[..., None]
    previewed: tuple[Guard, ...]

    @property
    def guard_names(self) -> tuple[str, ...]:
        """Return the names of the conditions that must hold, in the order in which they are reported."""
        return tuple(guard.__name__ for guard in self.guards)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs that guards and checks look at besides the comment."""
        return tuple(name for guard in (*self.guards, *self.checks) for name in inputs_of(guard))


def asks(*inputs: str) -> Callable[[Guard], Guard]:
    """Mark a guard that judges what is sent with the move; it is not asked before there is anything to judge."""

    def mark(guard: Guard) -> Guard:
        guard.inputs, guard.waits = inputs, True  # type: ignore[attr-defined]  # functions do carry attributes
        return guard

    return mark


def accepts(*inputs: str) -> Callable[[Guard], Guard]:
    """Mark a guard that judges the object alone unless one of these inputs is sent with the move."""

    def mark(guard: Guard) -> Guard:
        guard.inputs, guard.waits = inputs, False  # type: ignore[attr-defined]  # functions do carry attributes
        return guard

    return mark


def inputs_of(guard: Guard) -> tuple[str, ...]:
    """Return the inputs that the guard was marked with; empty for a guard that reads the object alone."""
    return getattr(guard, "inputs", ())


def waits_for_input(guard: Guard) -> bool:
    """Tell whether the guard has nothing to judge before the move is sent."""
    return getattr(guard, "waits", False)


def transition(
    field: Any,
    *,
    source: TextChoices | Sequence[TextChoices],
    target: TextChoices,
    role: str,
    label: Sentence,
    comment: Comment = Comment.NONE,
    guards: Sequence[Guard] = (),
    checks: Sequence[Guard] = (),
    locks: Sequence[str] = (),
) -> Callable[[Body], Body]:
    """Declare the decorated method as the body of a move; parents in ``locks`` are locked first, in that order.

    ``checks`` judge inputs that may be left out, and nothing else: they are no conditions of the move.

    A trailing underscore keeps a method's name clear of Python's keywords and is no part of the move's name.
    """
    sources = [source] if isinstance(source, TextChoices) else list(source)

    def declare(body: Body) -> Body:
        row = {
            "role": str(role),
            "role_label": getattr(role, "label", role),
            "label": label,
            "comment": comment,
            "guards": tuple(guards),
            "checks": tuple(checks),
            "locks": tuple(locks),
        }
        wrap = django_fsm.transition(field=field, source=sources, target=target, custom=row)
        return wrap(body)  # type: ignore[no-any-return]  # django-fsm returns the same callable, untyped

    return declare


class Flow:
    """All moves of one model, indexed for the engine; built once per model when first asked for."""

    def __init__(self, model: type[WorkflowModel]) -> None:
        self.model = model
        self.name = model.flow
        field: Any = _state_field(model)
        self.labels: dict[str, Sentence] = dict(field.flatchoices)
        self.states: tuple[str, ...] = tuple(self.labels)
        self.initial = str(field.get_default())
        self.transitions = {spec.name: spec for spec in _read(model)}
        self._acts: dict[str, Sentence] = dict(model.acts.choices) if model.acts else {}
        self._by_state_and_role: dict[tuple[str, str], tuple[Transition, ...]] = {}
        for spec in self.transitions.values():
            for state in spec.sources:
                key = (state, spec.role)
                self._by_state_and_role[key] = (*self._by_state_and_role.get(key, ()), spec)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions.values())

    def label_of(self, name: str) -> Sentence:
        """Return the words for an event of this name, a move or an act; the name itself when it has none."""
        spec = self.transitions.get(name)
        return spec.label if spec else self._acts.get(name, name)

    def leaving(self, state: str, role: str) -> tuple[Transition, ...]:
        """Return the moves that ``role`` may make from ``state``, in the order of their declaration."""
        return self._by_state_and_role.get((state, role), ())

    def locks_of(self, role: str) -> tuple[str, ...]:
        """Return every parent that a move of this role locks, in the order of the declaration."""
        return tuple(dict.fromkeys(name for spec in self if spec.role == role for name in spec.locks))

    def edges(self) -> list[tuple[str, str]]:
        """Return every pair (source, target) once, sorted."""
        return sorted({(source, spec.target) for spec in self for source in spec.sources})


def _state_field(model: type[WorkflowModel]) -> Any:
    fields: Any = model._meta  # the abstract base leaves the field itself to its subclasses
    return fields.get_field("state")


def _read(model: type[WorkflowModel]) -> list[Transition]:
    found: dict[str, list[Any]] = {}
    for row in _state_field(model).get_all_transitions(model):
        found.setdefault(row.method.__name__, []).append(row)
    specs = [_spec(model, rows) for rows in found.values()]
    return sorted(specs, key=lambda spec: spec.body.__code__.co_firstlineno)


def _spec(model: type[WorkflowModel], rows: list[Any]) -> Transition:
    first = rows[0]
    return Transition(
        flow=model.flow,
        name=first.method.__name__.rstrip("_"),
        sources=tuple(str(row.source) for row in rows),
        target=str(first.target),
        body=first.method,
        previewed=tuple(guard for guard in first.custom["guards"] if not waits_for_input(guard)),
        **first.custom,
    )


_flows: dict[type[WorkflowModel], Flow] = {}


def flow_of(model: type[WorkflowModel]) -> Flow:
    """Return the flow that a model declares."""
    if model not in _flows:
        _flows[model] = Flow(model)
    return _flows[model]


def all_flows() -> list[Flow]:
    """Return the flows of every concrete workflow model, in the order of the applications."""
    from django.apps import apps

    from workflow.models import WorkflowModel

    return [flow_of(model) for model in apps.get_models() if issubclass(model, WorkflowModel)]


def flow_named(name: str) -> Flow:
    """Return the flow called ``name``; raises ``KeyError`` for an unknown one."""
    return next((flow for flow in all_flows() if flow.name == name), None) or _unknown(name)


def _unknown(name: str) -> Flow:
    raise KeyError(name)
