"""The eight requirements as the case page shows them: the figures that a verdict rests on, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Sentence
from nominations.enums import CheckVerdict, CommitteeKind
from nominations.queries.district_review import Checked
from web.dates import spell_between
from web.kit import Tag
from web.looks import state_tag

FIGURES: Mapping[str, Sentence] = {
    "satisfaction_rate": gettext_lazy("Satisfaction of the owners"),
    "fee_collection_rate": gettext_lazy("Fee collection rate"),
    "complaint_rate": gettext_lazy("Complaint rate (the city's figures)"),
}
# In which part of the form the company can mend a requirement, by the kind of its check; a judged one in the practices.
PARTS: Mapping[str, str] = {"figures": "figures", "committee_in_term": "committee", "no_penalty": "company"}
SIGNS: Mapping[str, str] = {">": "＞", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement as it is shown and judged."""

    number: int
    text: str
    tag: Tag
    figures: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    judged: str
    note: str
    source: str
    is_met: bool
    can_be_met: bool


def shown(check: Checked) -> Check:
    """Return a requirement with its figures spelled out."""
    finding = check.finding
    return Check(
        number=check.requirement.number,
        text=check.requirement.text,
        tag=state_tag(check.verdict, check.verdict.label),
        figures=tuple(_figures(finding.facts)),
        reasons=tuple(reason.sentence() for reason in finding.reasons),
        judged=check.judged,
        note=check.note,
        source=str(check.source.label) if check.verdict != CheckVerdict.OPEN else "",
        is_met=check.is_met,
        can_be_met=finding.verdict not in {CheckVerdict.NOT_MET, CheckVerdict.NEEDS_CITY_FIGURES},
    )


def remarks_noted(checks: Iterable[Checked]) -> dict[str, str]:
    """Return what was noted of requirements that are not met, by the part of the form to which it belongs."""
    found: dict[str, list[str]] = {}
    for check in checks:
        if check.verdict == CheckVerdict.NOT_MET and check.note:
            part = PARTS.get(check.requirement.check_kind, "practices")
            found.setdefault(part, []).append(f"原则要求第{check.requirement.number}项：{check.note}")
    return {part: "\n".join(lines) for part, lines in found.items()}


def _figures(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "figures" in facts:
        return [_figure(row) for row in facts["figures"]]
    if "term_until" in facts:
        return _term(facts)
    return _penalty(facts) if "declared" in facts else []


def _figure(row: Mapping[str, Any]) -> tuple[str, str]:
    label = str(FIGURES.get(row["figure"], row["figure"]))
    if row["figure"] == "complaint_rate":
        if "complaints" not in row:
            return label, _("the city's figures are missing")
        counts = {"complaints": row["complaints"], "households": row["households"]}
        return label, _("%(complaints)s of %(households)s households") % counts
    value = row["value"]
    if value in {None, ""}:
        return label, _("not given")
    return label, f"{value}% ({SIGNS.get(row['operator'], row['operator'])}{row['limit']}%)"


def _term(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    kind = facts.get("kind")
    rows = [(_("Form of self-government"), str(CommitteeKind(kind).label))] if kind in CommitteeKind.values else []
    if facts.get("term_from") and facts.get("term_until"):
        rows.append((_("Term"), spell_between(facts["term_from"], facts["term_until"])))
    return rows


def _penalty(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    period = spell_between(facts["from"], facts["until"])
    on_record = "、".join(facts["documents"]) or _("none on record")
    declared = {True: _("declared"), False: _("none declared")}.get(facts["declared"], _("not answered"))
    return [(_("Looked at"), period), (_("Penalties"), on_record), (_("The company says"), declared)]
