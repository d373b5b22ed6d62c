"""The register of titles: what was given to which community, until when, and what was taken back (row S-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from nominations.enums import NominationState, TitleStanding
from nominations.models import Nomination

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class PublicTitle:
    """What anybody may know of a title; it names no person."""

    number: str
    award: str
    year: int
    community: str
    district: str
    company: str
    document: str
    title_from: date
    title_until: date | None
    revoked_on: date | None
    revocation_document: str
    standing: TitleStanding


def titles_for(actor: Actor) -> QuerySet[Any]:
    """Return the nominations in the actor's scope that have come to a title, those taken back included."""
    related = ("campaign", "community", "company", "district")
    return Nomination.objects.visible_to(actor).filter(title_from__isnull=False).select_related(*related)


def in_standing(titles: QuerySet[Any], standing: TitleStanding, today: date) -> QuerySet[Any]:
    """Keep the titles that stand so on a day; the same words as ``rules.title.standing_of`` in the database's terms."""
    if standing == TitleStanding.REVOKED:
        return titles.filter(state=NominationState.REVOKED)
    is_over = Q(title_until__lt=today)
    return titles.filter(is_over if standing == TitleStanding.EXPIRED else ~is_over).exclude(
        state=NominationState.REVOKED
    )


def public_title(number: str, *, today: date) -> list[PublicTitle]:
    """Return what anybody may know of the titles of a case's number: one per campaign that has used it. One query.

    Whoever holds a certificate can verify it by the number that stands on it; an unknown number finds nothing.
    """
    if not 0 < len(number) <= LONGEST_NUMBER or "\0" in number:
        return []
    related = ("campaign", "community", "company", "district")
    found = Nomination.objects.filter(number=number, title_from__isnull=False).exclude(number="")
    return [_public(one, today) for one in found.select_related(*related).order_by("-title_from", "pk")]


def _public(title: Any, today: date) -> PublicTitle:
    return PublicTitle(
        number=title.number,
        award=title.campaign.award,
        year=title.campaign.year,
        community=title.community.name,
        district=title.district.name,
        company=title.company.name,
        document=title.result_document,
        title_from=title.title_from,
        title_until=title.title_until,
        revoked_on=title.revoked_on,
        revocation_document=title.revocation_document,
        standing=title.title_standing(today),
    )
