"""How a campaign's evaluators score beside each other, for the city's readers once the evaluation is over (S-09)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import User
from evaluation.diagnostics import EvaluatorFigures, PanelFigures, diagnose
from evaluation.severity import Adjustment
from nominations.queries.ranking import Roll

# Who knows the evaluators by name; the province reads their codes.
KNOWS_NAMES = frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Figures of evaluators and panels by code; ``names`` is empty for whom the evaluators stay nameless."""

    evaluators: list[EvaluatorFigures]
    panels: list[PanelFigures]
    adjustment: Adjustment
    names: dict[str, str]


def diagnostics_for(roll: Roll, actor: Actor) -> Diagnostics:
    """Return the diagnostics of a campaign's panels as the actor may read them; nothing of it is applied anywhere."""
    evaluators, panels = diagnose(roll.entries)
    people = User.objects.filter(pk__in=roll.codes) if actor.role in KNOWS_NAMES else User.objects.none()
    names = {roll.codes[person.pk]: person.name for person in people}
    return Diagnostics(evaluators, panels, roll.standing().adjustment, names)
