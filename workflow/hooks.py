"""What the engine calls upward without knowing it: named in the settings, imported when first needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from workflow.models import Event, WorkflowModel

EventWriter = Callable[[Sequence["Event"], Sequence["WorkflowModel"]], None]


def event_writer() -> EventWriter:
    """Return the function that writes the in-app notices of events inside the move's own transaction."""
    path = getattr(settings, "WORKFLOW_EVENT_WRITER", "")
    return _imported(path) if path else _write_nothing


@cache
def _imported(path: str) -> EventWriter:
    return cast(EventWriter, import_string(path))


def _write_nothing(events: Sequence[Event], subjects: Sequence[WorkflowModel]) -> None:
    """Stand in where no notices are wanted."""
