"""The state of an object: django-fsm's field, opened by the engine alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import django_fsm
from django.db.models import Model, TextChoices
from django.db.models.query_utils import DeferredAttribute

DOOR = "_workflow_door"


class OutsideTheDoor(RuntimeError):
    """A transition was called directly; only ``workflow.engine`` moves anything."""


@contextmanager
def door_of(subject: Model, name: str) -> Iterator[None]:
    """Let one transition of this one object, called by its method's name, run once while the block lasts."""
    subject.__dict__[DOOR] = name
    try:
        yield
    finally:
        subject.__dict__.pop(DOOR, None)


class StateField(django_fsm.FSMField):
    """A state with its choices; its transitions run only while the engine holds the object's door open for them.

    django-fsm's own protection is left off: it lives on the shared field object and races between threads. Its signals
    are left out as well. The database refuses what slips past Python (``workflow.constraints``).
    """

    # Reading a state is as quick as reading any other field.
    descriptor_class = DeferredAttribute  # type: ignore[assignment]  # django-fsm names its own

    def __init__(self, states: type[TextChoices] | None = None, *args: Any, **kwargs: Any) -> None:
        if states is not None:
            kwargs |= {"choices": states.choices, "default": next(iter(states)), "max_length": 24, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Stand as plain text in a migration: there nothing moves, and django-fsm would listen to each model made."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def change_state(self, instance: Any, method: Any, *args: Any, **kwargs: Any) -> None:
        """Run the body, which still sees the old state, and set the target."""
        if instance.__dict__.pop(DOOR, None) != method.__name__:
            raise OutsideTheDoor(f"{method.__qualname__} is called by workflow.engine only")
        target = method._django_fsm.next_state(self.get_state(instance))
        method(instance, *args, **kwargs)
        self.set_state(instance, str(target))
