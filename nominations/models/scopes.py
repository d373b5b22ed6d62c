"""Which rows an actor may know of: one place for the rule, named paths for each table (flow rule 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.enums import OrganizationKind, Role

if TYPE_CHECKING:
    from workflow.moves import Actor


def scope_of(actor: Actor, *, district: str, city: str, company: str = "", evaluator: str = "") -> Q | None:
    """Return the filter for the actor, given the paths to the row's offices; ``None`` when nothing is in scope."""
    if actor.role == Role.SYSTEM:
        return Q()
    office = actor.organization_id
    by_role = {
        Role.COMPANY_ADMIN: company,
        Role.COMPANY_EDITOR: company,
        Role.DISTRICT_REVIEWER: district,
        Role.DISTRICT_APPROVER: district,
        Role.CITY_REVIEWER: city,
        Role.CITY_APPROVER: city,
        Role.PROVINCE_VIEWER: f"{city}__parent",
    }
    if actor.role == Role.AUDITOR:
        return _audited(actor, city)
    if actor.role == Role.EVALUATOR:
        return Q(**{evaluator: actor.user_id, "assignments__ended_at__isnull": True}) if evaluator else None
    path = by_role.get(Role(actor.role), "")
    return Q(**{path: office}) if path else None


def _audited(actor: Actor, city: str) -> Q:
    """Return everything for an auditor of the operator, one city's rows for an auditor of that city."""
    if getattr(actor, "organization_kind", None) == OrganizationKind.OPERATOR:
        return Q()
    return Q(**{city: actor.organization_id})
