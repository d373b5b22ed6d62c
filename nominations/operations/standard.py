"""A district's own refinement of the standard: parts below an item, whose weight stays as it is (row S-19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Organization
from evaluation import operations as evaluation
from evaluation.models import Standard
from nominations.errors import NotAllowed
from nominations.models import Campaign, CampaignDistrict, Nomination, RecommendationSummary
from workflow import engine
from workflow.errors import NotFound


@transaction.atomic
def refine_standard(
    *, campaign_id: UUID, parts: Mapping[str, Sequence[str]], actor: Actor, at: datetime
) -> CampaignDistrict:
    """Have the district score by parts of its own below the named items, from the next sheet on; without any, undo it.

    Sheets keep the version that they were opened on. Told in the district's chain. Raises ``NotFound``, ``NotAllowed``
    and ``evaluation.operations.InvalidStandard`` with every fault.
    """
    found = CampaignDistrict.objects.filter(campaign=campaign_id, district=actor.organization_id)
    part = found.select_related("campaign__standard", "district").select_for_update(of=("self",)).first()
    if part is None:
        raise NotFound
    if actor.role != Role.DISTRICT_APPROVER:
        raise NotAllowed
    tidied = {code: [text.strip() for text in texts] for code, texts in parts.items()}
    part.standard = refinement_of(part.campaign, part.prefix, part.district, tidied)
    part.save(update_fields=["standard"])
    paper = RecommendationSummary.objects.only("pk").get(campaign=campaign_id, district=actor.organization_id)
    told = {"standard": part.standard.code, "version": part.standard.version} if part.standard else {}
    summary = engine.take(RecommendationSummary, paper.pk, actor=actor)
    engine.record(summary, "refine_standard", actor=actor, at=at, payload=told)
    return part


def refinement_of(
    campaign: Campaign, prefix: str, office: Organization, parts: Mapping[str, Sequence[str]]
) -> Standard | None:
    """Return a district's refinement of the campaign's standard, written now if need be; ``None`` without parts."""
    if not parts:
        return None
    return evaluation.refine_standard(
        code=f"{campaign.code}_{prefix.lower()}",
        title=f"{campaign.standard.title}（{office.name}）",
        parent=campaign.standard,
        parts=parts,
    )


def standard_of_the_district(nomination: Nomination) -> UUID:
    """Return by which standard the district of a nomination scores: its own refinement, or the campaign's."""
    own = CampaignDistrict.objects.filter(campaign=nomination.campaign_id, district=nomination.district_id)
    refined: UUID | None = own.values_list("standard", flat=True).first()
    return refined or nomination.campaign.standard_id
