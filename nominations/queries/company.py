"""What a company is shown while it fills in its form: how it stands to annex 1 (row S-10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from nominations.models import Nomination, Requirement
from nominations.queries.requirement import evidence_of
from nominations.rules.form import clean_section, section_named
from nominations.rules.requirement import Finding, check
from workflow.errors import NotFound
from workflow.models import Event

Prechecked = list[tuple[Requirement, Finding]]


def precheck_of(nomination_id: UUID, *, actor: Actor, sections: Mapping[str, Any] | None = None) -> Prechecked:
    """Return each requirement with the machine's finding on the stored form, with ``sections`` typed over it.

    Nothing is written; an entry that cannot be taken counts as not given yet. Four queries. Raises ``NotFound`` outside
    the actor's scope.
    """
    rows = Nomination.objects.visible_to(actor).select_related("campaign")
    nomination = rows.filter(pk=nomination_id).first()
    if nomination is None:
        raise NotFound
    evidence = evidence_of(nomination, _typed_over(nomination.form, sections or {}))
    requirements = Requirement.objects.filter(campaign=nomination.campaign_id)
    return [(requirement, check(requirement, evidence)) for requirement in requirements]


def _typed_over(form: Mapping[str, Any], sections: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: values for name, values in sections.items() if section_named(name) and isinstance(values, Mapping)}
    return {**form, **{name: _usable(name, {**form.get(name, {}), **values}) for name, values in known.items()}}


def _usable(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, refusals = clean_section(name, values)
    unusable = {refusal.fix.rpartition(".")[2] for refusal in refusals}
    return {key: value for key, value in cleaned.items() if key not in unusable}


def remarks_of(nomination: Nomination) -> list[dict[str, str]]:
    """Return what the district wrote when it last returned the form: rows of section, field and remark. One query.

    The nomination must be one that the asker may see.
    """
    returned = Event.objects.filter(flow=Nomination.flow, subject_id=nomination.pk, name="return_for_correction")
    latest = returned.order_by("-sequence").values_list("payload", flat=True).first() or {}
    return [
        {"section": str(row["section"]), "field": str(row.get("field", "")), "remark": str(row["remark"])}
        for row in latest.get("sections", [])
    ]
