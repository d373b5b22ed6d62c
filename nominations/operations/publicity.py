"""The district's verbs on what it publishes and on the good practice that it collects (row S-18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from common.instants import local_date
from nominations.errors import DistrictTakesNoPart, InvalidInput
from nominations.models import Campaign, CampaignDistrict, GoodPractice, Nomination, PublicityEntry
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.words import clean_fields
from nominations.rules.records import PRACTICE, PUBLICITY, publicity_faults, tag_faults
from workflow.errors import NotFound


@transaction.atomic
def log_publicity(*, campaign_id: UUID, entry: Mapping[str, Any], actor: Actor, at: datetime) -> PublicityEntry:
    """Enter a publication of the actor's district: ``{channel, title, link, published_on}``.

    Raises ``NotFound``, ``NotAllowed``, ``DistrictTakesNoPart``, ``InvalidInput`` with a reason per field.
    """
    campaign = _campaign_of(campaign_id, actor)
    values = _publication(entry, campaign, at, whole=True)
    return PublicityEntry.objects.create(
        campaign=campaign,
        district=_part_of(campaign, actor).district,
        recorded_by_id=actor.person_id,
        recorded_at=at,
        **values,
    )


@transaction.atomic
def correct_publicity(*, entry_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime) -> PublicityEntry:
    """Correct fields of a publication. Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``."""
    entry: PublicityEntry = _own(PublicityEntry, entry_id, actor)
    entry.change(_publication(changes, entry.campaign, at, whole=False), by=actor.person_id, at=at)
    return entry


@transaction.atomic
def remove_publicity(*, entry_id: UUID, actor: Actor, at: datetime) -> None:
    """Set a publication aside that was entered by mistake. Raises ``NotFound``, ``NotAllowed``."""
    _own(PublicityEntry, entry_id, actor).remove(by=actor.person_id, at=at)


@transaction.atomic
def collect_practice(*, campaign_id: UUID, practice: Mapping[str, Any], actor: Actor, at: datetime) -> GoodPractice:
    """Enter good practice of the district, or of one of its nominations: ``{title, summary, tags, nomination}``.

    Raises ``NotFound``, ``NotAllowed``, ``DistrictTakesNoPart``, ``InvalidInput`` with a reason per field.
    """
    campaign = _campaign_of(campaign_id, actor)
    values = _practice(practice, campaign, actor, whole=True)
    return GoodPractice.objects.create(
        campaign=campaign,
        district=_part_of(campaign, actor).district,
        recorded_by_id=actor.person_id,
        recorded_at=at,
        **values,
    )


@transaction.atomic
def correct_practice(*, practice_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime) -> GoodPractice:
    """Correct fields of a good practice. Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``."""
    practice: GoodPractice = _own(GoodPractice, practice_id, actor)
    practice.change(_practice(changes, practice.campaign, actor, whole=False), by=actor.person_id, at=at)
    return practice


@transaction.atomic
def remove_practice(*, practice_id: UUID, actor: Actor, at: datetime) -> None:
    """Set a good practice aside. Raises ``NotFound``, ``NotAllowed``."""
    _own(GoodPractice, practice_id, actor).remove(by=actor.person_id, at=at)


def _campaign_of(campaign_id: UUID, actor: Actor) -> Campaign:
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound(attr="campaign")
    require_role(actor, DISTRICT_ROLES)
    return campaign


def _part_of(campaign: Campaign, actor: Actor) -> CampaignDistrict:
    parts = CampaignDistrict.objects.filter(campaign=campaign, district=actor.organization_id)
    part = parts.select_related("district").first()
    if part is None:
        raise DistrictTakesNoPart(attr="campaign")
    return part


def _own(model: Any, record_id: UUID, actor: Actor) -> Any:
    visible = model.objects.visible_to(actor).select_related("campaign")
    found = visible.select_for_update(of=("self",)).filter(pk=record_id).first()
    if found is None:
        raise NotFound
    require_role(actor, DISTRICT_ROLES)
    return found


def _publication(values: Mapping[str, Any], campaign: Campaign, at: datetime, *, whole: bool) -> dict[str, Any]:
    cleaned, faults = clean_fields(PUBLICITY, values, whole=whole)
    faults = faults or publicity_faults(cleaned, channels=campaign.publicity_channels, today=local_date(at))
    if faults:
        raise InvalidInput(refusals=faults)
    if "published_on" in cleaned:
        cleaned["published_on"] = date.fromisoformat(cleaned["published_on"])
    return cleaned


def _practice(values: Mapping[str, Any], campaign: Campaign, actor: Actor, *, whole: bool) -> dict[str, Any]:
    texts = {name: value for name, value in values.items() if name not in {"tags", "nomination"}}
    cleaned, faults = clean_fields(PRACTICE, texts, whole=whole)
    if whole or "tags" in values:
        faults += tag_faults(values.get("tags"), offered=campaign.practice_tags)
    if faults:
        raise InvalidInput(refusals=faults)
    tags = {"tags": values["tags"]} if "tags" in values else {}
    about = {"nomination": _nomination(values["nomination"], campaign, actor)} if "nomination" in values else {}
    return cleaned | tags | about


def _nomination(nomination_id: UUID | None, campaign: Campaign, actor: Actor) -> Nomination | None:
    if nomination_id is None:
        return None
    found: Nomination | None = Nomination.objects.visible_to(actor).filter(pk=nomination_id, campaign=campaign).first()
    if found is None:
        raise NotFound(attr="nomination")
    return found
