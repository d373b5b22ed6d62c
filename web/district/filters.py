"""The queue's filters: from the address and back, as chips, choices and named filters of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.refusals import Sentence
from nominations.models import Campaign
from nominations.queries.queue import CLAIMED, DUE, SORTS, STAGES, Narrowing
from web.district.standing import STAGE_LABELS

LISTING = "district.queue"
CLAIMED_LABELS: Mapping[str, Sentence] = {
    "": _("Whoever has taken it up"),
    "me": _("Taken up by me"),
    "nobody": _("Taken up by nobody"),
    "colleagues": _("Taken up by colleagues"),
}
DUE_LABELS: Mapping[str, Sentence] = {
    "": _("Whenever due"),
    "late": _("Overdue"),
    "today": _("Due today"),
    "week": _("Due this week"),
}
SORT_LABELS: Mapping[str, Sentence] = {
    "due": _("By due date"),
    "submitted": _("Latest submission first"),
    "name": pgettext_lazy("sort", "By name"),
    "number": pgettext_lazy("sort", "By number"),
}


def narrowing_of(request: HttpRequest, campaigns: Iterable[Campaign], subdistricts: Iterable[str]) -> Narrowing:
    """Read what the address asks for; a word that is unknown counts as none."""
    asked = request.GET
    street = asked.get("street", "")
    return Narrowing(
        campaign=campaign_in(asked.get("campaign", ""), campaigns),
        stage=_known(asked.get("stage", ""), STAGES),
        claimed=_known(asked.get("claimed", ""), CLAIMED),
        due=_known(asked.get("due", ""), DUE),
        subdistrict=street if street in set(subdistricts) else "",
        text=asked.get("q", "")[:60],
        sort=_known(asked.get("sort", ""), SORTS) or "due",
    )


def campaign_in(asked: str, campaigns: Iterable[Campaign]) -> UUID | None:
    """Return the key of the campaign asked for, else of the newest one."""
    known = [campaign.pk for campaign in campaigns]
    return next((key for key in known if str(key) == asked), known[0] if known else None)


def query_of(wanted: Narrowing, **changes: Any) -> str:
    """Return the address's query for what is wanted, with changes; what says nothing is left out."""
    asked = asdict(replace(wanted, **changes))
    names = {"subdistrict": "street", "text": "q"}
    if asked["sort"] == "due":
        asked["sort"] = ""
    return urlencode({names.get(name, name): value for name, value in asked.items() if value})


def is_narrowed(wanted: Narrowing) -> bool:
    """Tell whether anything but the campaign and the order was asked for."""
    return any((wanted.stage, wanted.claimed, wanted.due, wanted.subdistrict, wanted.text))


def stage_chips(wanted: Narrowing, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return a chip for everything and for each stage in which there is a case."""
    everything = {
        "label": _("All"),
        "count": sum(counts.values()),
        "url": f"?{query_of(wanted, stage='')}",
        "is_here": not wanted.stage,
    }
    return [everything] + [
        {
            "label": STAGE_LABELS[stage],
            "count": count,
            "url": f"?{query_of(wanted, stage=stage)}",
            "is_here": wanted.stage == stage,
        }
        for stage, count in counts.items()
        if count or wanted.stage == stage
    ]


def _known(word: str, words: Iterable[str]) -> str:
    return word if word in set(words) else ""
