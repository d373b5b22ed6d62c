"""Reads about people and rights."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import ApiToken, Membership, Organization


def actor_for_token(secret: str, *, at: datetime) -> Actor | None:
    """Return who holds the token ``secret`` at ``at``, in one query; ``None`` when nobody (any longer) does."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = (
        ApiToken.objects.select_related("membership__user", "membership__organization")
        .filter(
            Q(membership__valid_until__isnull=True) | Q(membership__valid_until__gt=at),
            digest=digest,
            revoked_at__isnull=True,
            expires_at__gt=at,
            membership__valid_from__lte=at,
            membership__user__is_active=True,
            membership__organization__is_active=True,
        )
        .first()
    )
    return None if token is None else as_actor(token.membership, token_id=token.pk)


def actor_for_session(user_id: int, membership_id: int | None, *, at: datetime) -> Actor | None:
    """Return the person's chosen capacity, or the first valid one when none is chosen; ``None`` without any."""
    memberships = Membership.objects.valid_at(at).filter(user_id=user_id).select_related("user", "organization")
    chosen = memberships.filter(pk=membership_id).first() if membership_id else None
    found = chosen or memberships.order_by("pk").first()
    return None if found is None else as_actor(found)


def memberships_of(user_id: int, *, at: datetime) -> list[Membership]:
    """Return every capacity in which the person may act at ``at``, oldest first."""
    return list(Membership.objects.valid_at(at).filter(user_id=user_id).select_related("organization").order_by("pk"))


def tokens_of(user_id: int | None) -> QuerySet[ApiToken]:
    """Return every token of the person, whichever capacity it is for, also those expired or revoked."""
    return ApiToken.objects.filter(membership__user_id=user_id).select_related("membership__organization")


def organizations_visible_to(actor: Actor) -> QuerySet[Organization]:
    """Return the offices that an actor may know of.

    Everybody knows their own office and the authorities of the programme; authorities know the companies as well, the
    operator everything. A company never learns of another one.
    """
    if actor.organization_kind == OrganizationKind.OPERATOR:
        return Organization.objects.all()
    known = {OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.DISTRICT}
    if actor.organization_kind in known:
        known |= {OrganizationKind.COMPANY}
    return Organization.objects.filter(Q(kind__in=known) | Q(pk=actor.organization_id))


def as_actor(membership: Membership, *, token_id: int | None = None) -> Actor:
    """Return the actor of a membership whose person and organization are loaded."""
    office = membership.organization
    city = office.pk if office.kind == OrganizationKind.CITY else office.parent_id
    return Actor(
        user_id=membership.user_id,
        name=membership.user.name,
        role=Role(membership.role),
        language=membership.user.language,
        membership_id=membership.pk,
        organization_id=office.pk,
        organization_kind=OrganizationKind(office.kind),
        organization_name=office.name,
        city_id=city,
        token_id=token_id,
    )
