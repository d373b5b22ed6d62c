"""The sections of form 3 as inputs: values to fields, and what was posted back to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.enums import CommitteeKind
from nominations.models import Requirement
from nominations.rules import form as rules
from nominations.rules.comparison import differences, told
from web.dates import spell_written
from web.kit import Field, Problem

YES, NO = "yes", "no"
LONG = 300
KINDS = {"phone": "tel", "email": "email", "choice": "radio", "boolean": "radio", "date": "date", "month": "month"}
KINDS |= {"integer": "number", "decimal": "number"}
NARROW = frozenset({"date", "month", "integer", "decimal"})
MIDDLE = frozenset({"phone"})
YES_NO: Sequence[tuple[str, Sentence]] = ((NO, _("No")), (YES, _("Yes")))
HINTS: Mapping[str, Sentence] = {
    "month": _("Year or month, such as 2016 or 2016-09."),
    "date": _("Such as 2029-03-17, as on the receipt of the filing."),
    "phone": _("The district and the city see it; everybody else sees 138****0000."),
    "email": _("The invitation to confirm the form goes here."),
}
SUBS: Mapping[str, Sentence] = {
    "basics": _("Year of completion, area, buildings, households"),
    "party": _("Full name, contact"),
    "company": _("Full name, contact, penalties"),
    "committee": _("Term, contact, e-mail for the confirmation"),
    "figures": _("Satisfaction, fee collection, complaints"),
    "practices": _("One text for each of the eight requirements"),
}


def fields_of(
    section: rules.Section,
    values: Mapping[str, Any],
    *,
    remarks: Iterable[Mapping[str, str]] = (),
    requirements: Iterable[Requirement] = (),
    returned: Mapping[str, Any] | None = None,
) -> list[Field]:
    """Return a section's inputs with their values; remarks of the district stand at the field that they name.

    Beside them stands what has been changed since the section was returned as ``returned``.
    """
    noted = list(remarks)
    asked = {f"practice_{requirement.number}": requirement.text for requirement in requirements}
    fields = [_field(section, field, values, noted, asked) for field in section.fields]
    if returned is None:
        return fields
    found = differences({section.name: returned}, {section.name: values})
    changes = {one.field.name: told(one, shown) for one in found}
    return [replace(field, changes=changes.get(field.name, ())) for field in fields]


def remarks_on_section(section: rules.Section, remarks: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the remarks that are about the section as a whole."""
    return [row["remark"] for row in remarks if row["section"] == section.name and not section.field(row["field"])]


def values_in(section: rules.Section, posted: QueryDict) -> dict[str, Any]:
    """Return what was typed, as the domain takes it; a field that was not sent is left out."""
    return {field.name: _value(field, str(posted[field.name])) for field in section.fields if field.name in posted}


def problems_in(refusals: Iterable[Refusal], section: rules.Section) -> list[Problem]:
    """Return why entries could not be taken, each with the id of its input and its label before the sentence."""
    found = []
    for refusal in refusals:
        field = section.field(refusal.fix.rpartition(".")[2])
        sentence = f"{rules.label_of(field)}：{refusal.sentence()}" if field else refusal.sentence()
        found.append(Problem(sentence, f"f-{field.name}" if field else ""))
    return found


def shown(field: rules.Field, value: Any) -> Any:
    """Return a value as a reader sees it: a choice by its label, yes or no in words."""
    if value is None:
        return ""
    if field.kind == "choice":
        return CommitteeKind(value).label
    if field.kind == "boolean":
        return dict(YES_NO)[YES if value else NO]
    return spell_written(value) if value and field.kind in {"date", "month"} else value


def _field(
    section: rules.Section,
    field: rules.Field,
    values: Mapping[str, Any],
    remarks: Iterable[Mapping[str, str]],
    asked: Mapping[str, str],
) -> Field:
    is_long = field.kind == "text" and field.longest > LONG
    return Field(
        name=field.name,
        label=rules.label_of(field),
        kind="textarea" if is_long else KINDS.get(field.kind, "text"),
        value=_posted(field, values.get(field.name)),
        hint=asked.get(field.name) or HINTS.get(field.kind, ""),
        choices=_choices(field),
        required=field.required and field.asked(values),
        width="s" if field.kind in NARROW else "m" if field.kind in MIDDLE else "",
        rows=6 if is_long else 1,
        longest=field.longest if field.kind in {"text", "email"} else 0,
        remarks=[r["remark"] for r in remarks if (r["section"], r["field"]) == (section.name, field.name)],
    )


def _choices(field: rules.Field) -> Sequence[tuple[str, Sentence]]:
    if field.kind == "boolean":
        return YES_NO
    return [(value, CommitteeKind(value).label) for value in field.choices]


def _posted(field: rules.Field, value: Any) -> Any:
    """Return a value as the input holds it."""
    return (YES if value else NO) if field.kind == "boolean" and isinstance(value, bool) else value


def _value(field: rules.Field, text: str) -> Any:
    """Return what an input holds as the domain takes it; line ends as the domain keeps them."""
    if field.kind == "boolean" and text in {YES, NO}:
        return text == YES
    return text.replace("\r\n", "\n").strip()
