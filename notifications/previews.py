"""What somebody would be told if a step were taken: the very sentences of the notice, before there is an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nominations.enums import Window
from notifications.audiences import told_of
from notifications.enums import Audience
from notifications.moments import spell_due
from notifications.words import WORDS


@dataclass(frozen=True, slots=True)
class Said:
    """Title and sentences of a notice, in the active language."""

    title: str
    body: str
    then: str


def said_to_company(
    nomination: Any, move: str, *, campaign: Any, ends: Mapping[Window, datetime], at: datetime
) -> Said | None:
    """Return what the company would be told if the city made the move, ``None`` when it would be told nothing.

    ``ends`` says until when something is due. The nomination carries its community, company and district, the campaign
    its city; no query.
    """
    words = WORDS.get((f"nomination.{move}", Audience.COMPANY))
    if words is None:
        return None
    until = next(told.until for told in told_of("nomination", move) or () if told.audience == Audience.COMPANY)
    places = {
        "title": nomination.community.name,
        "number": nomination.number,
        "campaign": campaign.title,
        "company": nomination.company.name,
        "district": nomination.district.name,
        "office": campaign.city.name,
        "due": spell_due(ends[until], at=at) if until is not None and until in ends else "",
    }
    return Said(*(str(sentence) % places for sentence in (words.title, words.body, words.then)))
