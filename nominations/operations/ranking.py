"""The city's verb on the order of the evaluated communities: freeze it (row S-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.digest import canonical_digest
from common.errors import DomainError
from nominations.enums import SelectionState
from nominations.errors import NotAllowed, SelectionUnderway
from nominations.models import Campaign, Ranking, Selection
from nominations.queries.ranking import ranking_figures
from workflow.errors import NotFound


class NothingToRank(DomainError):
    """No community of the campaign has been evaluated."""

    code = "nothing_to_rank"
    message = _("No community has been evaluated yet.")


class RankingMissing(DomainError):
    """A selection draws on a frozen ranking, and there is none."""

    code = "ranking_missing"
    message = _("Freeze the ranking first.")


@transaction.atomic
def freeze_ranking(*, campaign_id: UUID, actor: Actor, at: datetime) -> Ranking:
    """Store scores, weights, tie-break values and order with a digest; nothing in it changes afterwards.

    An earlier ranking is superseded. Raises ``NotAllowed``, ``NotFound``, ``SelectionUnderway``, ``NothingToRank``.
    """
    campaign = city_campaign(campaign_id, actor)
    if Selection.objects.filter(campaign=campaign).exclude(state=SelectionState.APPROVED).exists():
        raise SelectionUnderway
    rows = ranking_figures(campaign)
    if not rows:
        raise NothingToRank
    figures: dict[str, Any] = {
        "campaign": campaign.code,
        "places": campaign.places,
        "district_share": str(campaign.district_share),
        "rows": rows,
    }
    Ranking.objects.filter(campaign=campaign, superseded_at__isnull=True).update(superseded_at=at)
    return Ranking.objects.create(
        campaign=campaign,
        frozen_at=at,
        frozen_by_id=actor.person_id,
        figures=figures,
        digest=canonical_digest(figures),
    )


def city_campaign(campaign_id: UUID, actor: Actor) -> Campaign:
    """Return the locked campaign for the city's reviewer; raises ``NotFound`` and ``NotAllowed``."""
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).select_for_update(of=("self",)).first()
    if campaign is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    return campaign
