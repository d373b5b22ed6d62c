"""A link of the chain as a reader may see it: the office always, the person only within the office.

Of a panel, nobody outside the city learns more than the own part: its evaluators share an office, and score apart.
"""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from api.renderers import stamp
from nominations.rules.history import OF_PANELS
from workflow.declaration import Flow
from workflow.enums import EventKind
from workflow.models import Event

# Offices that look into how a decision came about; companies, committees and evaluators read what was decided.
OFFICES = frozenset(
    {OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.DISTRICT, OrganizationKind.OPERATOR}
)


# Who reads the acts and the fields that tell of evaluators and their scores (decision 11).
OF_THE_CITY = frozenset({OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.OPERATOR})
SCORES = frozenset({"panel_score", "discrepancy_decision"})


def event_row(event: Event, actor: Actor, flow: Flow) -> dict[str, Any]:
    """Return an event as ``actor`` may see it (rules of the flow: who is told, by whom)."""
    return {
        "id": str(event.pk),
        "sequence": event.sequence,
        "kind": event.kind,
        "name": event.name,
        "label": str(flow.label_of(event.name)),
        "from_state": event.from_state,
        "to_state": event.to_state,
        "at": stamp(event.at),
        "by": _by(event, actor),
        "comment": event.comment if _may_read(event, actor) else "",
        "changes": _changes(event, actor) if _may_look_inside(event, actor) else None,
        "documents": event.documents if _may_look_inside(event, actor) else None,
        "payload": event.payload if _may_read(event, actor) else None,
        "digest": event.digest,
        "hash": event.hash,
    }


def _by(event: Event, actor: Actor) -> dict[str, Any]:
    hidden = _hides_office(event, actor)
    within = event.actor_id == actor.user_id if hidden else event.organization_id == actor.organization_id
    shows_person = actor.role == Role.AUDITOR or within
    role = str(Role(event.actor_role).label)
    return {
        "organization": role if hidden else event.organization_name or role,
        "role": event.actor_role,
        "person": event.actor_name if shows_person else None,
    }


def _hides_office(event: Event, actor: Actor) -> bool:
    """Tell whether office and person would give away who is on the panel."""
    return event.name in OF_PANELS and actor.organization_kind not in OF_THE_CITY


def _may_read(event: Event, actor: Actor) -> bool:
    """Tell whether the words of the event are for the actor: a company reads decisions, not an office's inner acts."""
    return event.kind == EventKind.MOVE or _may_look_inside(event, actor)


def _changes(event: Event, actor: Actor) -> dict[str, Any]:
    hidden = frozenset() if actor.organization_kind in OF_THE_CITY else SCORES
    return {name: change for name, change in event.changes.items() if name not in hidden}


def _may_look_inside(event: Event, actor: Actor) -> bool:
    if event.name in OF_PANELS:
        return actor.organization_kind in OF_THE_CITY
    return actor.organization_kind in OFFICES or event.organization_id == actor.organization_id
