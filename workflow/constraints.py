"""What the database enforces about states, generated from the declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pgtrigger
from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.declaration import flow_of

ModelT = TypeVar("ModelT", bound="WorkflowModel")

if TYPE_CHECKING:
    from workflow.models import WorkflowModel

_EDGE = """
IF (OLD.state || '>' || NEW.state) <> ALL (ARRAY[{edges}]) THEN
    RAISE EXCEPTION 'no move leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
END IF;
IF position(' ' || NEW.id || '>' || NEW.state IN coalesce(current_setting('workflow.door', true), '')) = 0 THEN
    RAISE EXCEPTION 'a state is written by the workflow engine only' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_BIRTH = """
IF NEW.state <> '{initial}' THEN
    RAISE EXCEPTION 'begins as {initial}, not as %', NEW.state USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def state_check(flow: str, states: type[TextChoices]) -> CheckConstraint:
    """Return the CHECK that admits the declared states only."""
    return CheckConstraint(
        condition=Q(state__in=states.values),
        name=f"{flow}_state_known",
        violation_error_message=_("This state does not exist."),
    )


def guard_states(model: type[ModelT]) -> type[ModelT]:
    """Register the triggers that hold a model's rows to its declared edges and to the engine (class decorator)."""
    flow = flow_of(model)
    edges = ", ".join(f"'{source}>{target}'" for source, target in flow.edges())
    pgtrigger.register(
        pgtrigger.Trigger(
            name=f"{flow.name}_edge",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("state"),
            condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            func=_EDGE.format(edges=edges),
        ),
        pgtrigger.Trigger(
            name=f"{flow.name}_birth",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=_BIRTH.format(initial=flow.initial),
        ),
    )(model)
    return model
