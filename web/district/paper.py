"""Form 3 as its paper lays it out, with the remarks of the last return at their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Sentence
from nominations.enums import CommitteeKind
from nominations.rules.comparison import Part as Stretch
from nominations.rules.comparison import differences, told
from nominations.rules.form import SECTIONS, Field, label_of
from web.dates import spell_written


@dataclass(frozen=True, slots=True)
class Line:
    """One blank of the form as it was filled in."""

    label: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form, with what the district has remarked about it."""

    name: str
    title: Sentence
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one blank said before and says now; ``parts`` are both versions woven into one text."""

    section: Sentence
    label: str
    parts: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the last return asked for, by part of the form."""

    by_section: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comment: str = ""


YES_NO: Mapping[bool, Sentence] = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}


def parts_of(form: Mapping[str, Mapping[str, Any]], remarks: Remarks, prompts: Mapping[str, str]) -> list[Part]:
    """Return the form part by part; ``prompts`` gives the requirement that each practice text is about."""
    return [
        Part(
            section.name,
            section.title,
            tuple(_line(one, form.get(section.name, {}).get(one.name), prompts) for one in section.fields),
            remarks.by_section.get(section.name, ()),
        )
        for section in SECTIONS
    ]


def changes_of(nomination: Any) -> list[Change]:
    """Return what the company has changed since the form was last returned; nothing where it never was."""
    if not nomination.returned_form:
        return []
    return [
        Change(
            one.section.title,
            label_of(one.field),
            tuple(told(one, _spelled)),
        )
        for one in differences(nomination.returned_form, nomination.form)
    ]


def _line(blank: Field, value: Any, prompts: Mapping[str, str]) -> Line:
    return Line(prompts.get(blank.name, label_of(blank)), _spelled(blank, value), blank.name)


def _spelled(blank: Field, value: Any) -> str:
    if value in {None, ""}:
        return _("not filled in") if blank.required else "—"
    if isinstance(value, bool):
        return str(YES_NO[value])
    if blank.name == "kind" and value in CommitteeKind.values:
        return str(CommitteeKind(value).label)
    return spell_written(value) if blank.kind in {"date", "month"} else str(value)
