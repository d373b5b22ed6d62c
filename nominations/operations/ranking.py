"""The city's verb on the order of the evaluated communities: freeze it (row S-15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.digest import canonical_digest
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import SelectionState
from nominations.errors import NotAllowed, SelectionUnderway
from nominations.models import Campaign, Ranking, Selection
from nominations.queries.ranking import being_evaluated, roll_of, short_of_sheets
from nominations.queries.ranking_figures import ranking_figures
from workflow.errors import NotFound


class NothingToRank(DomainError):
    """No community of the campaign has been evaluated."""

    code = "nothing_to_rank"
    message = _("No community has been evaluated yet.")


class RankingMissing(DomainError):
    """A selection draws on a frozen ranking, and there is none."""

    code = "ranking_missing"
    message = _("Freeze the ranking first.")


class EvaluationUnderway(DomainError):
    """While one community is being evaluated, nothing is shown that compares communities."""

    code = "evaluation_underway"
    message = _("%(count)s communities are still being evaluated. The order is worked out when all are done.")


class SheetsVoided(DomainError):
    """Sheets of evaluated communities were voided since, and too few are left to rank them by; each is named."""

    code = "sheets_voided"
    message = _("Some communities have too few sheets left. Their evaluation has to be reopened first.")


@transaction.atomic
def freeze_ranking(*, campaign_id: UUID, actor: Actor, at: datetime) -> Ranking:
    """Work out the order and store it with every figure that made it, under a digest; nothing in it changes afterwards.

    An earlier ranking is superseded. Raises ``NotAllowed``, ``NotFound``, ``SelectionUnderway``,
    ``EvaluationUnderway``, ``SheetsVoided`` and ``NothingToRank``.
    """
    campaign = city_campaign(campaign_id, actor)
    if Selection.objects.filter(campaign=campaign).exclude(state=SelectionState.APPROVED).exists():
        raise SelectionUnderway
    require_evaluation_over(campaign, at)
    _require_sheets(campaign)
    roll = roll_of(campaign)
    if not roll.entries:
        raise NothingToRank
    figures = ranking_figures(roll)
    Ranking.objects.filter(campaign=campaign, superseded_at__isnull=True).update(superseded_at=at)
    return Ranking.objects.create(
        campaign=campaign,
        frozen_at=at,
        frozen_by_id=actor.person_id,
        figures=figures,
        digest=canonical_digest(figures),
    )


def require_evaluation_over(campaign: Campaign, at: datetime) -> None:
    """Raise ``EvaluationUnderway`` while a community of the campaign is being evaluated or can still come there."""
    if count := being_evaluated(campaign, at):
        raise EvaluationUnderway(count=count)


def _require_sheets(campaign: Campaign) -> None:
    message = _("%(community)s has %(count)s sheets that count; %(least)s are needed.")
    params = {"least": campaign.minimum_sheets}
    short = [
        Refusal(
            "sheets_voided",
            message,
            params | {"community": one.community.name, "count": count},
            fix=f"nominations/{one.pk}",
        )
        for one, count in short_of_sheets(campaign)
    ]
    if short:
        raise SheetsVoided(refusals=short)


def city_campaign(campaign_id: UUID, actor: Actor) -> Campaign:
    """Return the locked campaign for the city's reviewer; raises ``NotFound`` and ``NotAllowed``."""
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).select_for_update(of=("self",)).first()
    if campaign is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    return campaign
