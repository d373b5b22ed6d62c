"""What the commands about rankings have in common."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from nominations.models import Campaign, Ranking
from nominations.queries.ranking_explained import ranking_in_force


def frozen_ranking(code: str) -> Ranking:
    """Return the ranking in force of the campaign of this code; raises ``CommandError`` when there is none."""
    campaign = Campaign.objects.filter(code=code).first()
    if campaign is None:
        raise CommandError(_("There is no campaign %(code)s.") % {"code": code})
    ranking = ranking_in_force(campaign.pk)
    if ranking is None:
        raise CommandError(_("The ranking of %(code)s is not frozen yet.") % {"code": code})
    return ranking
