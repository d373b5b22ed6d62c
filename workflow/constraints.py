"""What the database enforces about states, generated from the declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pgtrigger
from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.declaration import Flow, flow_of

if TYPE_CHECKING:
    from workflow.models import WorkflowModel

ModelT = TypeVar("ModelT", bound="WorkflowModel")

# The event is written first, in the same transaction; the trigger looks for exactly the one that tells this step.
_EDGE = """
IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) <> ALL (ARRAY[{edges}]) THEN
    RAISE EXCEPTION 'no move of {flow} leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
END IF;
IF NEW.sequence <> OLD.sequence + 1 OR NOT EXISTS (
    SELECT FROM workflow_event
    WHERE subject_id = NEW.id AND sequence = NEW.sequence AND from_state = OLD.state AND to_state = NEW.state
) THEN
    RAISE EXCEPTION 'a state of {flow} is written together with its event only' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_BIRTH = """
IF NEW.state <> '{initial}' THEN
    RAISE EXCEPTION 'a {flow} begins as {initial}, not as %', NEW.state USING ERRCODE = 'check_violation';
END IF;
IF NEW.sequence <> 0 AND NOT EXISTS (
    SELECT FROM workflow_event WHERE subject_id = NEW.id AND sequence = NEW.sequence AND to_state = NEW.state
) THEN
    RAISE EXCEPTION 'the first event of a {flow} is missing' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_END = "RAISE EXCEPTION 'a {flow} with events is kept' USING ERRCODE = 'restrict_violation';"


def state_check(flow: str, states: type[TextChoices]) -> CheckConstraint:
    """Return the CHECK that admits the declared states only."""
    return CheckConstraint(
        condition=Q(state__in=states.values),
        name=f"{flow}_state_known",
        violation_error_message=_("This state does not exist."),
    )


def guard_states(model: type[ModelT]) -> type[ModelT]:
    """Register the triggers that hold a model's rows to its declared edges and to their events (class decorator)."""
    pgtrigger.register(*_triggers(flow_of(model)))(model)
    return model


def _triggers(flow: Flow) -> list[pgtrigger.Trigger]:
    edges = ", ".join(f"'{source}>{target}'" for source, target in flow.edges())
    return [
        pgtrigger.Trigger(
            name=f"{flow.name}_edge",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("state", "sequence"),  # type: ignore[no-untyped-call]  # pgtrigger is untyped
            condition=pgtrigger.Condition("ROW(OLD.state, OLD.sequence) IS DISTINCT FROM ROW(NEW.state, NEW.sequence)"),
            func=_EDGE.format(flow=flow.name, edges=edges),
        ),
        pgtrigger.Trigger(
            name=f"{flow.name}_birth",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=_BIRTH.format(flow=flow.name, initial=flow.initial),
        ),
        pgtrigger.Trigger(
            name=f"{flow.name}_end",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            condition=pgtrigger.Condition("OLD.sequence > 0"),
            func=_END.format(flow=flow.name),
        ),
    ]
