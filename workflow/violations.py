"""What the database refuses, said in the words of the constraint that it broke: the one place that maps the two."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.db.models import BaseConstraint

from common.errors import DomainError
from common.refusals import Refusal, Sentence
from workflow.errors import Busy, KeyReused, MoveRefused

LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"
COMMAND_KEY = "command_key_once"


def translated(error: DatabaseError, label: Sentence) -> DomainError | None:
    """Return the error that explains what the database refused; ``None`` for a fault of ours."""
    cause: Any = error.__cause__
    if getattr(cause, "sqlstate", "") in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED}:
        return Busy()
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    if name == COMMAND_KEY:
        return KeyReused(attr="Idempotency-Key")
    refusal = _refusals().get(name)
    return MoveRefused(refusals=[refusal], label=label) if refusal else None


@cache
def _refusals() -> dict[str, Refusal]:
    """Return a refusal for each constraint that has a sentence of its own; its code is the constraint's."""
    constraints = [constraint for model in apps.get_models() for constraint in model._meta.constraints]
    return {
        constraint.name: Refusal(
            constraint.violation_error_code or constraint.name,
            constraint.violation_error_message or "",
            {"name": constraint.name},
        )
        for constraint in constraints
        if constraint.violation_error_message is not BaseConstraint.default_violation_error_message
    }
