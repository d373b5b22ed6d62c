"""Reads about communities: who else says that the place is in its hands."""

from __future__ import annotations

from django.db.models import Q

from accounts.actors import Actor
from accounts.enums import OrganizationKind
from nominations.models import Community

MOST_RIVALS = 10


def rivals_of(community: Community, actor: Actor) -> list[Community]:
    """Return what other companies have entered for the same place: the same name, or the same address, of one bureau.

    For offices, which find out who manages it; a company learns nothing of another's communities.
    """
    if actor.organization_kind == OrganizationKind.COMPANY:
        return []
    same = Q(name=community.name, neighborhood=community.neighborhood)
    if community.address:
        same |= Q(address=community.address)
    visible = Community.objects.visible_to(actor).select_related("company")
    found = visible.filter(same, authority=community.authority_id).exclude(company=community.company_id)
    return list(found.order_by("pinyin", "pk")[:MOST_RIVALS])
