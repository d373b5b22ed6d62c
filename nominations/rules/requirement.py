"""The machine checks of annex 1 (row S-10): what the figures say, why, and what only a person can judge.

Kinds and operators are data (``Requirement.check_kind``, ``parameters``). The machine decides a requirement alone where
the notice gives figures for all of it; elsewhere it can only find that something stands against it. All arithmetic is
exact: 90.00 is not above 90, but it is at least 90.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.enums import CheckSource, CheckVerdict, CommitteeKind
from nominations.rules.form import Form, section_named

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {">": operator.gt, ">=": operator.ge}
COMPARED: Mapping[str, Sentence] = {
    ">": _("“%(figure)s” must lie above %(limit)s; the form says %(value)s."),
    ">=": _("“%(figure)s” must be at least %(limit)s; the form says %(value)s."),
}
# What of the facts is a day, so that a sentence spells it out.
DAYS = frozenset({"on", "term_from", "term_until", "from", "until"})
COMPLAINT_RATE = "complaint_rate"

# Of several figures that a requirement names, the worst decides.
_WORST_FIRST = (CheckVerdict.NOT_MET, CheckVerdict.OPEN, CheckVerdict.NEEDS_CITY_FIGURES, CheckVerdict.MET)


class Checked(Protocol):
    """A requirement as the rules read it."""

    @property
    def number(self) -> int: ...
    @property
    def check_kind(self) -> str: ...
    @property
    def parameters(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class PenaltyFact:
    """A penalty of the company: the day of the decision and the document."""

    decided_on: date
    document: str


@dataclass(frozen=True, slots=True)
class Complaints:
    """The city's own figures about one community."""

    complaints: int
    households: int

    @property
    def rate(self) -> Fraction:
        """Return complaints per household, exactly."""
        return Fraction(self.complaints, self.households)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the checks look at. ``last_days`` maps codes such as ``application_closes`` to the last day of a period."""

    form: Form
    last_days: Mapping[str, date]
    penalties: tuple[PenaltyFact, ...] = ()
    complaints: Complaints | None = None
    complaint_rate_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the machine finds: the verdict, the facts that it rests on (as JSON keeps them), and the reasons."""

    verdict: CheckVerdict
    facts: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[Refusal, ...] = ()


def check(requirement: Checked, evidence: Evidence) -> Finding:
    """Check one requirement and return the finding; ``OPEN`` where nothing can be computed."""
    return _CHECKS[requirement.check_kind](requirement.parameters, evidence)


def precheck(requirements: Iterable[Checked], evidence: Evidence) -> dict[int, Finding]:
    """Return a finding by number for each requirement: what the company sees while it types (row S-10)."""
    return {requirement.number: check(requirement, evidence) for requirement in requirements}


def decides_alone(kind: str) -> bool:
    """Tell whether the machine's verdict is the whole answer, so that nobody need judge."""
    return kind == "figures"


def verdict_of(kind: str, computed: str, judged: str) -> tuple[CheckVerdict, CheckSource]:
    """Return what comes of the machine's finding and the reviewer's judgement (empty for none), and whose word it is.

    Nobody judges away what the figures say; a reviewer may be stricter than the figures, never more lenient.
    """
    settled = decides_alone(kind) and computed != CheckVerdict.MET
    if computed == CheckVerdict.NOT_MET or (settled and judged != CheckVerdict.NOT_MET):
        return CheckVerdict(computed), CheckSource.COMPUTED
    if judged:
        return CheckVerdict(judged), CheckSource.JUDGED
    return (CheckVerdict.MET, CheckSource.COMPUTED) if decides_alone(kind) else (CheckVerdict.OPEN, CheckSource.JUDGED)


def meets(value: Decimal, sign: str, limit: Decimal) -> bool:
    """Compare exactly; ``sign`` is ``>`` or ``>=``. Exactly 90.00 fails ``> 90`` and passes item 三-3, ``≥ 90``."""
    return COMPARE[sign](value, limit)


def months_before(day: date, months: int) -> date:
    """Return the day ``months`` earlier, the last of its month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _judged(parameters: Mapping[str, Any], evidence: Evidence) -> Finding:
    return Finding(CheckVerdict.OPEN)


def _figures(parameters: Mapping[str, Any], evidence: Evidence) -> Finding:
    found = [_figure(row, evidence) for row in parameters["figures"]]
    verdict = min((finding.verdict for finding in found), key=_WORST_FIRST.index)
    reasons = tuple(reason for finding in found for reason in finding.reasons)
    return Finding(verdict, {"figures": [finding.facts for finding in found]}, reasons)


def _figure(row: Mapping[str, Any], evidence: Evidence) -> Finding:
    return _complaint_rate(row, evidence) if row["figure"] == COMPLAINT_RATE else _rate(row, evidence)


def _rate(row: Mapping[str, Any], evidence: Evidence) -> Finding:
    value = evidence.form.get("figures", {}).get(row["figure"])
    fix, label = f"form.figures.{row['figure']}", _label(row["figure"])
    facts = {**row, "value": value, "verdict": CheckVerdict.OPEN.value}
    if value in {None, ""}:
        missing = Refusal("figure_missing", _("“%(figure)s” has not been given yet."), {"figure": label}, fix=fix)
        return Finding(CheckVerdict.OPEN, facts, (missing,))
    if meets(Decimal(value), row["operator"], Decimal(row["limit"])):
        return Finding(CheckVerdict.MET, facts | {"verdict": CheckVerdict.MET.value})
    params = {"figure": label, "limit": row["limit"], "value": value}
    reason = Refusal("figure_not_reached", COMPARED[row["operator"]], params, fix=fix)
    return Finding(CheckVerdict.NOT_MET, facts | {"verdict": CheckVerdict.NOT_MET.value}, (reason,))


def _complaint_rate(row: Mapping[str, Any], evidence: Evidence) -> Finding:
    """Compare with the rate at the limit of the best few percent of all communities of the city (“后5%”)."""
    known, limit = evidence.complaints, evidence.complaint_rate_limit
    if known is None or limit is None:
        message = _("The complaint rate can only be told from the city's own figures of all communities.")
        facts = {**row, "verdict": CheckVerdict.NEEDS_CITY_FIGURES.value}
        return Finding(CheckVerdict.NEEDS_CITY_FIGURES, facts, (Refusal("city_figures_missing", message),))
    facts = {**row, "complaints": known.complaints, "households": known.households, "limit": format(limit, "f")}
    if known.rate <= Fraction(limit):
        return Finding(CheckVerdict.MET, facts | {"verdict": CheckVerdict.MET.value})
    message = _(
        "Not among the best %(percent)s %% of the city: %(complaints)s complaints of %(households)s households."
    )
    params = {"percent": row["best_percent"], "complaints": known.complaints, "households": known.households}
    reason = Refusal("complaint_rate_too_high", message, params)
    return Finding(CheckVerdict.NOT_MET, facts | {"verdict": CheckVerdict.NOT_MET.value}, (reason,))


def _committee_in_term(parameters: Mapping[str, Any], evidence: Evidence) -> Finding:
    """Require a committee of either form whose term is running on the last day of the application (requirement 4)."""
    section, on = evidence.form.get("committee", {}), evidence.last_days["application_closes"]
    kind, begins, ends = section.get("kind"), section.get("term_from"), section.get("term_until")
    facts = {"kind": kind, "term_from": begins, "term_until": ends, "on": on.isoformat()}
    if kind == CommitteeKind.NONE:
        message = _("The community has neither an owners' committee nor a property management committee.")
        return _not_met(facts, "committee_missing", message, "form.committee.kind")
    if not (kind and begins and ends):
        return Finding(CheckVerdict.OPEN, facts)
    if date.fromisoformat(begins) <= on <= date.fromisoformat(ends):
        return Finding(CheckVerdict.MET, facts)
    message = _("The committee's term does not run on %(on)s: %(term_from)s to %(term_until)s.")
    return _not_met(facts, "committee_out_of_term", message, "form.committee.term_until")


def _no_penalty(parameters: Mapping[str, Any], evidence: Evidence) -> Finding:
    """Require that the company was not penalized in the months before the deadline, on record or by its own word."""
    last_day = evidence.last_days[parameters["before"]]
    first_day = months_before(last_day, parameters["months"])
    documents = [found.document for found in evidence.penalties if first_day <= found.decided_on <= last_day]
    declared = evidence.form.get("company", {}).get("has_penalty")
    facts = {"from": first_day.isoformat(), "until": last_day.isoformat(), "documents": documents, "declared": declared}
    if documents:
        message = _("A penalty of the company between %(from)s and %(until)s is on record: %(documents)s.")
        return _not_met(facts, "penalty_on_record", message, "form.company.has_penalty")
    if declared:
        message = _("The company declares a penalty within the year.")
        return _not_met(facts, "penalty_declared", message, "form.company.has_penalty")
    return Finding(CheckVerdict.MET if declared is False else CheckVerdict.OPEN, facts)


def _not_met(facts: dict[str, Any], code: str, message: Sentence, fix: str) -> Finding:
    told = {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in facts.items()}
    return Finding(CheckVerdict.NOT_MET, facts, (Refusal(code, message, told, fix=fix),))


def _label(figure: str) -> Sentence:
    section = section_named("figures")
    found = section.field(figure) if section else None
    return found.label if found else figure


_CHECKS: dict[str, Callable[[Mapping[str, Any], Evidence], Finding]] = {
    "judged": _judged,
    "figures": _figures,
    "committee_in_term": _committee_in_term,
    "no_penalty": _no_penalty,
}
