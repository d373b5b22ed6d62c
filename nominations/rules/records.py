"""What may stand in the records beside the papers: publications, good practice, third parties, honors. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.enums import HonorStatus
from nominations.rules.form import Field
from nominations.rules.links import link_fault

PUBLICITY = (
    Field("channel", _("Channel"), longest=40),
    Field("title", _("Title"), longest=200),
    Field("link", _("Address"), longest=500, required=False),
    Field("published_on", _("Published on"), "date"),
)
PRACTICE = (
    Field("title", _("Title"), longest=200),
    Field("summary", _("What was done and what came of it"), longest=5000),
)
THIRD_PARTY = (
    Field("organization", _("Assessed by"), longest=120),
    Field("began_on", _("First day"), "date"),
    Field("ended_on", _("Last day"), "date"),
    Field("method", _("Method"), longest=500),
    Field("sample", _("Sample"), longest=500),
    Field("result", _("Result"), longest=5000),
)
HONOR = (
    Field("programme", _("Programme"), longest=120),
    Field("year", _("Year"), "integer", least=Decimal(2000), most=Decimal(2100)),
    Field("status", _("Status"), "choice", choices=tuple(HonorStatus.values)),
    Field("document", _("Document number"), longest=120, required=False),
)
MOST_TAGS = 8
NOT_OFFERED = _("Choose one of: %(choices)s.")
IN_FUTURE = _("This day lies in the future.")


def publicity_faults(values: Mapping[str, Any], *, channels: Collection[str], today: date) -> list[Refusal]:
    """Return what is wrong with a publication besides its single values (row S-18)."""
    faults = []
    if values.get("channel") and values["channel"] not in channels:
        faults.append(Refusal("not_a_choice", NOT_OFFERED, {"choices": list(channels)}, fix="channel"))
    if values.get("link") and (fault := link_fault(values["link"])):
        faults.append(fault)
    return faults + _after(values, "published_on", today)


def tag_faults(tags: Any, *, offered: Collection[str]) -> list[Refusal]:
    """Return why the tags of a good practice cannot be taken: a list of different words that the campaign offers."""
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return [Refusal("not_a_list", _("This must be a list of tags."), fix="tags")]
    unknown = [tag for tag in tags if tag not in offered]
    if not tags or unknown:
        return [Refusal("not_a_choice", NOT_OFFERED, {"choices": list(offered)}, fix="tags")]
    if len(tags) > MOST_TAGS or len(set(tags)) < len(tags):
        return [Refusal("too_many", _("At most %(limit)s different tags."), {"limit": MOST_TAGS}, fix="tags")]
    return []


def third_party_faults(values: Mapping[str, Any], *, today: date) -> list[Refusal]:
    """Return what is wrong with the period of an assessment (row S-13)."""
    began, ended = values.get("began_on"), values.get("ended_on")
    if began and ended and ended < began:
        return [Refusal("period_reversed", _("The period must end after it begins."), fix="ended_on")]
    return _after(values, "ended_on", today)


def _after(values: Mapping[str, Any], name: str, today: date) -> list[Refusal]:
    day = values.get(name)
    return [Refusal("in_future", IN_FUTURE, fix=name)] if day and day > today.isoformat() else []
