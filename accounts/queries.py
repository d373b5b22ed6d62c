"""Reads about people and rights."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, When

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import ApiToken, Membership, Organization, SavedFilter
from common.prepared import PreparedRows

_COLUMNS = (
    "user_id",
    "user__name",
    "user__language",
    "role",
    "pk",
    "organization_id",
    "organization__kind",
    "organization__name",
    "organization__parent_id",
)


def actor_for_token(secret: str, *, at: datetime) -> Actor | None:
    """Return who holds the token ``secret`` at ``at``, in one query; ``None`` when nobody (any longer) does."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = _holder_of_token(digest=digest, at=at)
    return _actor(*found[0]) if found else None


def _rows_for_token(digest: str, at: datetime) -> QuerySet[Membership, tuple[Any, ...]]:
    held = Q(tokens__digest=digest, tokens__revoked_at__isnull=True, tokens__expires_at__gt=at)
    return Membership.objects.valid_at(at).filter(held).values_list("tokens__pk", *_COLUMNS)


_holder_of_token = PreparedRows(_rows_for_token, digest="0" * 64, at=datetime(2000, 1, 1, tzinfo=UTC))


_NO_MEMBERSHIP = 0


def actor_for_session(user_id: int, membership_id: int | None, *, at: datetime) -> Actor | None:
    """Return the person's chosen capacity, or the first valid one when none is, in one query; ``None`` without any."""
    found = _capacity_of(user_id=user_id, membership_id=membership_id or _NO_MEMBERSHIP, at=at)
    return _actor(None, *found[0]) if found else None


def _rows_for_session(user_id: int, membership_id: int, at: datetime) -> QuerySet[Membership, tuple[Any, ...]]:
    chosen_first = Case(When(pk=membership_id, then=0), default=1, output_field=IntegerField())
    held = Membership.objects.valid_at(at).filter(user_id=user_id)
    return held.order_by(chosen_first, "pk").values_list(*_COLUMNS)[:1]


_capacity_of = PreparedRows(_rows_for_session, user_id=-1, membership_id=-2, at=datetime(2000, 1, 1, tzinfo=UTC))


def memberships_of(user_id: int, *, at: datetime) -> list[Membership]:
    """Return every capacity in which the person may act at ``at``, oldest first."""
    return list(Membership.objects.valid_at(at).filter(user_id=user_id).select_related("organization").order_by("pk"))


def tokens_of(user_id: int) -> QuerySet[ApiToken]:
    """Return every token of the person, whichever capacity it is for, also those expired or revoked."""
    return ApiToken.objects.filter(membership__user_id=user_id).select_related("membership__organization")


def organizations_visible_to(actor: Actor) -> QuerySet[Organization]:
    """Return the offices that an actor may know of.

    Everybody knows their own office and the authorities of the programme; authorities and evaluators, who
    declare their interests, know the companies as well, the operator everything. A company never learns of another one.
    """
    if actor.organization_kind == OrganizationKind.OPERATOR:
        return Organization.objects.all()
    known = {OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.DISTRICT}
    if actor.organization_kind in known | {OrganizationKind.EVALUATORS}:
        known |= {OrganizationKind.COMPANY}
    return Organization.objects.filter(Q(kind__in=known) | Q(pk=actor.organization_id))


def as_actor(membership: Membership, *, token_id: int | None = None) -> Actor:
    """Return the actor of a membership whose person and organization are loaded."""
    user, office = membership.user, membership.organization
    person = (user.pk, user.name, user.language, membership.role, membership.pk)
    return _actor(token_id, *person, office.pk, office.kind, office.name, office.parent_id)


def _actor(token_id: int | None, *columns: Any) -> Actor:
    """Return the actor for a row of ``_COLUMNS``; the city is the office itself or the one above it."""
    user_id, name, language, role, membership_id, office_id, kind, office_name, parent_id = columns
    return Actor(
        user_id=user_id,
        name=name,
        role=Role(role),
        language=language,
        membership_id=membership_id,
        organization_id=office_id,
        organization_kind=OrganizationKind(kind),
        organization_name=office_name,
        city_id=_city_of(kind, office_id, parent_id),
        token_id=token_id,
    )


def filters_of(user_id: int, listing: str) -> list[SavedFilter]:
    """Return the filters that a person keeps for one list, by name: one query."""
    return list(SavedFilter.objects.filter(user=user_id, listing=listing))


def _city_of(kind: str, office_id: UUID, parent_id: UUID | None) -> UUID | None:
    """Return the city bureau itself, or the one above an office; above a company stands its owner."""
    if kind == OrganizationKind.CITY:
        return office_id
    return None if kind == OrganizationKind.COMPANY else parent_id
