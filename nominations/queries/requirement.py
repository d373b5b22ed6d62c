"""What the machine checks of annex 1 look at, gathered for one nomination (row S-10)."""

from __future__ import annotations

from datetime import date

from common.instants import last_day
from nominations.models import Campaign, ComplaintFigure, Nomination, Penalty, Requirement
from nominations.rules.form import Form
from nominations.rules.requirement import Complaints, Evidence, Finding, PenaltyFact, precheck

_PERIODS = ("application", "district", "evaluation", "work_report", "report")


def findings_of(nomination: Nomination, form: Form | None = None) -> dict[int, Finding]:
    """Return the machine's finding by number of requirement, on the stored form or on ``form`` as it is being typed.

    Three queries. The nomination must be one that the asker may see.
    """
    requirements = Requirement.objects.filter(campaign=nomination.campaign_id)
    return precheck(requirements, evidence_of(nomination, form))


def evidence_of(nomination: Nomination, form: Form | None = None) -> Evidence:
    """Return what is known: form, penalties of the whole company, and the city's figure of complaints. Two queries."""
    penalties = Penalty.objects.filter(company=nomination.company_id).order_by("decided_on", "pk")
    figure = ComplaintFigure.objects.filter(campaign=nomination.campaign_id, community=nomination.community_id).first()
    return Evidence(
        form=nomination.form if form is None else form,
        last_days=last_days(nomination.campaign),
        penalties=tuple(PenaltyFact(row.decided_on, row.document) for row in penalties),
        complaints=Complaints(figure.complaints, figure.households) if figure else None,
        complaint_rate_limit=nomination.campaign.complaint_rate_limit,
    )


def last_days(campaign: Campaign) -> dict[str, date]:
    """Return the last day of each period by code: the day before an exclusive end at midnight, in the city's time."""
    return {f"{period}_closes": _last_day(campaign, period) for period in _PERIODS}


def _last_day(campaign: Campaign, period: str) -> date:
    return last_day(getattr(campaign, f"{period}_closes_at"))
