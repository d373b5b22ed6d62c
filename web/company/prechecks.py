"""What the machine can tell of annex 1 while the form is filled in, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from nominations.enums import CheckVerdict
from nominations.models import Requirement
from nominations.rules.form import Form
from nominations.rules.requirement import Finding
from web.kit import Tag
from web.looks import WAIT, state_tag, tag


@dataclass(frozen=True, slots=True)
class Precheck:
    """One requirement as the company sees it."""

    number: int
    text: str
    tag: Tag
    reasons: tuple[str, ...]
    is_bad: bool


def shown(found: Iterable[tuple[Requirement, Finding]], form: Form) -> list[Precheck]:
    """Return the findings in the order of annex 1."""
    return [
        Precheck(
            requirement.number,
            requirement.text,
            _tag(requirement, finding, form),
            tuple(reason.sentence() for reason in finding.reasons),
            finding.verdict == CheckVerdict.NOT_MET,
        )
        for requirement, finding in found
    ]


def _tag(requirement: Requirement, finding: Finding, form: Form) -> Tag:
    """Return the verdict's tag; what only the district can judge says so, or that nothing is written yet."""
    if finding.verdict != CheckVerdict.OPEN:
        return state_tag(finding.verdict, finding.verdict.label)
    is_written = form.get("practices", {}).get(f"practice_{requirement.number}")
    label: Sentence = _("The district judges") if is_written else _("Not written yet")
    return tag(WAIT, label)
