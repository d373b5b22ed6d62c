"""One item of a score sheet as a card: what stands on it, and what was sent with it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries as scores
from evaluation.queries import FilledLine
from evaluation.rules import explained_below
from evaluation.scoring import Mark
from web.kit import Tag
from web.looks import PASS, WAIT, tag
from workflow.errors import NotFound

HALF = Decimal("0.5")
LARGEST_VERSION = 10


@dataclass(frozen=True, slots=True)
class Card:
    """An item with its place on the sheet, and the neighbors to go to; ``following`` is 0 after the last one."""

    number: int
    count: int
    line: FilledLine

    @property
    def before(self) -> int:
        """Return the number of the item before, 0 for the first."""
        return self.number - 1

    @property
    def following(self) -> int:
        """Return the number of the next item, 0 for the last."""
        return self.number + 1 if self.number < self.count else 0

    @property
    def steps(self) -> range:
        """Return the whole points that can be given."""
        return range(int(self.line.leaf.item.max_points) + 1)

    @property
    def explained_below(self) -> Decimal:
        """Return the points below which a remark and a photo are required."""
        return explained_below(self.line.leaf.item)


@dataclass(frozen=True, slots=True)
class Shown:
    """The values of a card's inputs: as they are stored, or as they were sent and could not be saved."""

    whole: int | None = None
    half: bool = False
    not_applicable: bool = False
    remark: str = ""
    photo_id: UUID | None = None
    version: int = 0

    @property
    def points(self) -> Decimal | None:
        """Return the points that the keys spell."""
        return None if self.whole is None else Decimal(self.whole) + (HALF if self.half else 0)

    @property
    def mark(self) -> Mark:
        """Return what is to be put down; an item that does not apply has its reason where the remark is."""
        if self.not_applicable:
            return Mark(None, True, reason=self.remark, photo_id=self.photo_id)
        return Mark(self.points, remark=self.remark, photo_id=self.photo_id)


def card_at(sheet_id: UUID, number: int) -> Card:
    """Return the card of the item with this number, counted from 1; raises ``NotFound`` when there is none."""
    lines = scores.filled_sheet(sheet_id).lines
    if not 1 <= number <= len(lines):
        raise NotFound
    return Card(number, len(lines), lines[number - 1])


def first_open(lines: Sequence[FilledLine], gaps: Container[str]) -> int:
    """Return the number of the first item that something is missing on, 1 when nothing is."""
    return next((number for number, line in enumerate(lines, start=1) if f"items/{line.leaf.item.id}" in gaps), 1)


def stored(card: Card) -> Shown:
    """Return the inputs as the sheet has them."""
    mark = card.line.mark
    if mark is None:
        return Shown()
    whole = None if mark.points is None else int(mark.points)
    half = mark.points is not None and mark.points % 1 == HALF
    words = mark.reason if mark.not_applicable else mark.remark
    return Shown(whole, half, mark.not_applicable, words, mark.photo_id, card.line.version)


def sent(card: Card, posted: Mapping[str, Any], photos: Sequence[UUID]) -> Shown:
    """Return the inputs as they were sent; what is no number of points counts as not given."""
    score = str(posted.get("score", ""))
    whole = int(score) if score in map(str, card.steps) else None
    version = str(posted.get("version", ""))
    named = str(posted.get("photo_id", ""))
    return Shown(
        whole=whole,
        half=posted.get("half") == "0.5" and whole is not None and whole < card.line.leaf.item.max_points,
        not_applicable=posted.get("not_applicable") == "yes",
        remark=str(posted.get("remark", "")).strip(),
        photo_id=next((photo for photo in photos if str(photo) == named), None),
        version=int(version) if version.isdecimal() and len(version) < LARGEST_VERSION else 0,
    )


def tag_of(line: FilledLine, gaps: Mapping[UUID, str]) -> Tag:
    """Return how far an item has come: not scored, something missing, or its points."""
    if line.mark is None:
        return tag(WAIT, gettext_lazy("Not scored"))
    if line.leaf.item.id in gaps:
        return tag("is-back", gettext_lazy("Something is missing"))
    if line.mark.not_applicable:
        return tag("", gettext_lazy("Not applicable"))
    return tag(PASS, _("%(points)s points") % {"points": f"{line.mark.points:g}"})
