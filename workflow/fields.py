"""The state of an object: django-fsm's field, opened by the engine alone."""

from __future__ import annotations

from typing import Any

import django_fsm
from django.db.models import TextChoices

DOOR = "_workflow_door"


class OutsideTheDoor(RuntimeError):
    """A transition was called directly; only ``workflow.engine`` moves anything."""


class StateField(django_fsm.FSMField):
    """A state with its choices; its transitions run only while the engine holds the object's door open.

    django-fsm's own protection is left off: it lives on the shared field object and races between threads. The
    database refuses what slips past Python (``workflow.constraints``).
    """

    def __init__(self, states: type[TextChoices] | None = None, *args: Any, **kwargs: Any) -> None:
        if states is not None:
            kwargs |= {"choices": states.choices, "default": next(iter(states)), "max_length": 24, "editable": False}
        super().__init__(*args, **kwargs)

    def change_state(self, instance: Any, method: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the body and set the target, provided that the engine opened the door."""
        if not instance.__dict__.get(DOOR):
            raise OutsideTheDoor(f"{method.__qualname__} is called by workflow.engine only")
        return super().change_state(instance, method, *args, **kwargs)
