"""Changing the terms of a running campaign: by the city's approver, within the rules, on record (row S-01).

What is changed, from what to what and why, stands in the campaign's own chain of events; nothing frozen changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Refusal
from evaluation.models import ScoreSheet
from nominations.enums import Act
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Nomination,
    ProvincialReport,
    Ranking,
    RecommendationSummary,
)
from nominations.queries.sheets import PANEL
from nominations.rules import terms as rules
from workflow import engine
from workflow.errors import NotFound

LONGEST_REASON = 1000
QUOTA = "quota-"


class NothingChanged(DomainError):
    """Every term that was sent is the present one."""

    code = "nothing_changed"
    message = _("Nothing differs from the present terms.")


@dataclass(frozen=True, slots=True)
class Change:
    """One term before and after; ``name`` is the term, or ``quota-`` and the district's id."""

    name: str
    label: str
    before: int | None
    after: int | None
    effect: str


def preview_terms(*, campaign_id: UUID, wanted: Mapping[str, int | None], actor: Actor) -> list[Change]:
    """Return what would change; raises ``NotFound``, ``NotAllowed``, ``InvalidInput`` with every reason, and
    ``NothingChanged``.
    """
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    if actor.role != Role.CITY_APPROVER:
        raise NotAllowed
    return _changes(campaign, wanted)


@transaction.atomic
def change_running_terms(
    *, campaign_id: UUID, wanted: Mapping[str, int | None], reason: str, actor: Actor, at: datetime
) -> list[Change]:
    """Change options and quotas of a campaign and record it; raises what ``preview_terms`` raises."""
    visible = Campaign.objects.visible_to(actor).filter(pk=campaign_id).values("pk")
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk__in=visible).first()
    if campaign is None:
        raise NotFound
    if actor.role != Role.CITY_APPROVER:
        raise NotAllowed
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = _("Please give the reason.")
        raise InvalidInput(refusals=[Refusal("required", message, fix="reason")])
    changes = _changes(campaign, wanted)
    for change in changes:
        _write(campaign, change)
    campaign.save(update_fields=list(rules.TERMS))
    told = {change.name: {"before": change.before, "after": change.after} for change in changes}
    report = ProvincialReport.objects.get(campaign=campaign)
    taken = engine.take(ProvincialReport, report.pk, actor=actor)
    engine.record(taken, Act.CHANGE_TERMS, actor=actor, at=at, comment=reason, payload={"terms": told})
    return changes


def _changes(campaign: Campaign, wanted: Mapping[str, int | None]) -> list[Change]:
    progress = _progress(campaign)
    faults: list[Refusal] = []
    changes: list[Change] = []
    for name, term in rules.TERMS.items():
        present, value = int(getattr(campaign, name)), wanted.get(name)
        if value is None or value == present:
            continue
        faults += rules.faults_of(name, value, present, progress)
        changes.append(Change(name, str(term.label), present, value, str(term.effect)))
    for change, fault in _quotas(campaign, wanted):
        faults += [fault] if fault else []
        changes.append(change)
    if faults:
        raise InvalidInput(refusals=faults)
    if not changes:
        raise NothingChanged
    return changes


def _quotas(campaign: Campaign, wanted: Mapping[str, int | None]) -> list[tuple[Change, Refusal | None]]:
    summaries = {one.district_id: one for one in RecommendationSummary.objects.filter(campaign=campaign)}
    found = []
    for part in CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("pk"):
        name = f"{QUOTA}{part.district_id}"
        if name not in wanted or wanted[name] == part.quota:
            continue
        summary = summaries[part.district_id]
        fault = rules.fault_of_quota(
            wanted[name], recommended=summary.recommended_count, is_with_city=summary.is_with_city, fix=name
        )
        effect = str(_("The district can recommend so many communities."))
        found.append((Change(name, part.district.name, part.quota, wanted[name], effect), fault))
    return found


def _progress(campaign: Campaign) -> rules.Progress:
    nominations = Nomination.objects.filter(campaign=campaign).values("pk")
    sheets = ScoreSheet.objects.filter(subject_kind=Nomination.flow, kind=PANEL, subject_id__in=nominations)
    ranked = Ranking.objects.filter(campaign=campaign, superseded_at__isnull=True)
    return rules.Progress(sheets.exists(), ranked.exists(), campaign.places_taken)


def _write(campaign: Campaign, change: Change) -> None:
    if not change.name.startswith(QUOTA):
        setattr(campaign, change.name, change.after)
        return
    district: Any = change.name.removeprefix(QUOTA)
    CampaignDistrict.objects.filter(campaign=campaign, district=district).update(quota=change.after)
    RecommendationSummary.objects.filter(campaign=campaign, district=district).update(quota=change.after)
