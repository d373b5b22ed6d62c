"""Which events of a case are for whom: those of evaluators and their sheets are the city's alone (decision 11)."""

from __future__ import annotations

from nominations.enums import Act

OF_PANELS = frozenset(
    {
        Act.ASSIGN_EVALUATOR,
        Act.ACCEPT_ASSIGNMENT,
        Act.DECLINE_ASSIGNMENT,
        Act.RELEASE_EVALUATOR,
        Act.FIND_CONFLICT,
        Act.DECLARE_CONFLICT,
        Act.HAND_IN_SHEET,
        Act.UNLOCK_SHEET,
        Act.RESOLVE_DISCREPANCY,
    }
)
