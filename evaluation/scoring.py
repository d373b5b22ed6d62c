"""How points become a score, in exact arithmetic; pure, no row of the database is known here.

Rule (annex 2 of the notice, S-11): a group scores weight × Σ points ÷ Σ attainable points of its applicable items,
that is weight × Σ points ÷ (10 × number of items) where every item counts ten. Everything is carried as a fraction
and rounded once, half up, to two places, when a figure is shown; no rounded figure enters another one.

An item that is not applicable leaves the sum and the attainable points alike: it is not zero, and it counts as the
mean of the rest of its group. A group without a single applicable item cannot be scored: counting it as zero would
punish, handing its weight to the other groups would change the standard. So it is refused, and a person decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import mul
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.identifiers import new_id

ITEM_POINTS = Decimal(10)
FULL_SCORE = Decimal(100)
TRIM_FROM = 5  # a panel of so many sheets drops its highest and its lowest


class CannotScore(DomainError):
    """A sheet has an item without a mark, or a group without an applicable item."""

    code = "cannot_score"
    message = _("The sheet cannot be scored: %(where)s has no points.")


@dataclass(frozen=True, slots=True)
class ItemOutline:
    """One item of a standard as it is scored; ``parts`` are the local refinements that are scored in its place."""

    text: str
    max_points: Decimal = ITEM_POINTS
    evidence_required: bool = False
    parts: tuple[ItemOutline, ...] = ()
    id: UUID = field(default_factory=new_id, compare=False)


@dataclass(frozen=True, slots=True)
class GroupOutline:
    """A group of items that share one weight; ``number`` is the notice's own (一, 二, …)."""

    number: str
    title: str
    weight: Decimal
    items: tuple[ItemOutline, ...]
    id: UUID = field(default_factory=new_id, compare=False)


@dataclass(frozen=True, slots=True)
class StandardOutline:
    """The groups of a standard in order; two outlines are equal when their content is, whatever the ids."""

    groups: tuple[GroupOutline, ...]

    def with_parts(self, parts: Mapping[str, Sequence[str]]) -> StandardOutline:
        """Return the standard with parts of these texts below the items that are named by their codes."""
        groups = [
            replace(
                group,
                items=tuple(
                    replace(
                        item, parts=tuple(map(ItemOutline, parts.get(f"{group.number}-{position}", ()))) or item.parts
                    )
                    for position, item in enumerate(group.items, start=1)
                ),
            )
            for group in self.groups
        ]
        return StandardOutline(tuple(groups))

    def leaves(self) -> Iterator[Leaf]:
        """Yield every item that takes points, in order: an item, or its parts where it is refined."""
        for group in self.groups:
            for position, item in enumerate(group.items, start=1):
                code = f"{group.number}-{position}"
                if not item.parts:
                    yield Leaf(code, group, item)
                for number, part in enumerate(item.parts, start=1):
                    yield Leaf(f"{code}-{number}", group, part)


class Leaf(NamedTuple):
    """An item that takes points, with the code that people call it by, such as 三-5."""

    code: str
    group: GroupOutline
    item: ItemOutline


@dataclass(frozen=True, slots=True)
class Mark:
    """What an evaluator put down for one item; ``points`` is ``None`` when the item is not applicable."""

    points: Decimal | None
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    photo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """What one item gave: ``earned`` of ``possible`` points, and ``contribution`` to the total out of 100."""

    code: str
    item: ItemOutline
    earned: Fraction | None
    contribution: Fraction
    parts: tuple[ItemFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """What one group gave; ``exact`` is the sum of the contributions of its items."""

    group: GroupOutline
    earned: Fraction
    possible: Fraction
    exact: Fraction
    items: tuple[ItemFigure, ...]

    @property
    def score(self) -> Decimal:
        """Return the group's score as it is shown."""
        return rounded(self.exact)

    @property
    def formula(self) -> str:
        """Return the arithmetic as a line that anyone can check by hand, such as ``40 × 76.5 ÷ 90 = 34.00``."""
        return f"{plain(self.group.weight)} × {plain(self.earned)} ÷ {plain(self.possible)} = {self.score}"


@dataclass(frozen=True, slots=True)
class SheetScore:
    """The score of one sheet with everything that made it."""

    groups: tuple[GroupFigure, ...]

    @property
    def exact(self) -> Fraction:
        """Return the unrounded total out of 100."""
        return sum((figure.exact for figure in self.groups), Fraction())

    @property
    def total(self) -> Decimal:
        """Return the total as it is shown: rounded once, half up, two places."""
        return rounded(self.exact)

    def figures(self, sheet_id: UUID) -> SheetFigures:
        """Return what a panel needs of this sheet."""
        exact = [figure.exact for figure in self.groups]
        return SheetFigures(sheet_id, tuple(e.numerator for e in exact), tuple(e.denominator for e in exact))


class SheetFigures(NamedTuple):
    """The exact group scores of one sheet as integers: group i scored ``numerators[i] / denominators[i]``.

    Integers and not ``Fraction``, because a ranking reads tens of thousands of them.
    """

    sheet_id: UUID
    numerators: tuple[int, ...]
    denominators: tuple[int, ...]

    @property
    def exact(self) -> Fraction:
        """Return the unrounded total out of 100."""
        return sum(map(Fraction, self.numerators, self.denominators), Fraction())

    @property
    def total(self) -> Decimal:
        """Return the total as it is shown."""
        return rounded(self.exact)


@dataclass(frozen=True, slots=True)
class PanelScore:
    """The mean of a panel's sheets with everything that made it.

    ``sheets`` come lowest first. ``counted`` are those in the mean; with five sheets or more the first and the last
    of ``sheets`` are dropped whole. ``scaled`` holds the total and the group scores of each as multiples of
    ``1 / scale``.
    """

    sheets: tuple[SheetFigures, ...]
    scale: int
    scaled: tuple[tuple[int, ...], ...]

    @property
    def trimmed(self) -> bool:
        """Tell whether the highest and the lowest sheet were dropped."""
        return len(self.sheets) >= TRIM_FROM

    @property
    def counted(self) -> tuple[SheetFigures, ...]:
        """Return the sheets that make the mean, lowest first."""
        return self.sheets[1:-1] if self.trimmed else self.sheets

    @property
    def dropped(self) -> tuple[SheetFigures, ...]:
        """Return the lowest and the highest sheet of a trimmed panel, else nothing."""
        return (self.sheets[0], self.sheets[-1]) if self.trimmed else ()

    @property
    def exact(self) -> Fraction:
        """Return the unrounded mean out of 100."""
        return self._mean([row[0] for row in self._counted_rows()])

    @property
    def total(self) -> Decimal:
        """Return the mean as it is shown: rounded once, half up, two places."""
        return rounded(self.exact)

    @property
    def groups(self) -> tuple[Fraction, ...]:
        """Return the mean of each group over the counted sheets; they add up to ``exact``."""
        _totals, *columns = zip(*self._counted_rows(), strict=True)
        return tuple(map(self._mean, columns))

    @property
    def raw(self) -> Fraction:
        """Return the unrounded mean of all sheets, none dropped."""
        return self._mean([row[0] for row in self.scaled])

    def group_alone(self, index: int, *, trimmed: bool = True) -> Fraction:
        """Return one group's mean with that group's own highest and lowest score dropped: the tie-break figure.

        Not ``groups[index]``: which sheets are dropped there hangs on their totals, so a higher mark in one group could
        exchange the dropped sheet and lower another group's mean. Here a higher mark never lowers the figure.
        """
        column = sorted([row[index + 1] for row in self.scaled])
        return self._mean(column[1:-1] if trimmed and self.trimmed else column)

    @property
    def widest_gap(self) -> Fraction:
        """Return by how many points the highest and the lowest sheet are apart."""
        return Fraction(self.scaled[-1][0] - self.scaled[0][0], self.scale)

    def _counted_rows(self) -> tuple[tuple[int, ...], ...]:
        return self.scaled[1:-1] if self.trimmed else self.scaled

    def _mean(self, scaled: Sequence[int]) -> Fraction:
        return Fraction(sum(scaled), self.scale * len(scaled))


def score_sheet(standard: StandardOutline, marks: Mapping[UUID, Mark]) -> SheetScore:
    """Score one sheet: ``marks`` by item id, points out of each item's ``max_points`` (S-11, annex 2).

    Raises ``CannotScore`` when an item has no mark or a group no applicable item.
    """
    return SheetScore(tuple(_score_group(group, marks) for group in standard.groups))


def panel_score(sheets: Sequence[SheetFigures]) -> PanelScore:
    """Average the sheets of a panel; with five or more, the highest and the lowest are dropped (S-09).

    The order of ``sheets`` does not matter. Sheets with equal totals are told apart by their group scores and then by
    their id, so that the same sheets always give the same figures. Raises ``ValueError`` without any sheet.
    """
    if not sheets:
        raise ValueError("a panel without sheets has no score")
    scale = math.lcm(*set().union(*[sheet.denominators for sheet in sheets]))
    scaled, ordered = zip(*sorted([(_scaled(sheet, scale), sheet) for sheet in sheets]), strict=True)
    return PanelScore(ordered, scale, scaled)


def final_score(*, alpha: Fraction, district: Fraction | None, panel: Fraction | None) -> Fraction | None:
    """Return α·district + (1−α)·panel; a part with no weight may be missing, else a missing part gives ``None``.

    Raises ``ValueError`` when α lies outside 0 to 1.
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    parts = [(weight, score) for weight, score in ((alpha, district), (1 - alpha, panel)) if weight]
    scores = [weight * score for weight, score in parts if score is not None]
    return sum(scores, Fraction()) if len(scores) == len(parts) else None


def rounded(value: Fraction) -> Decimal:
    """Round a score (not negative) half up to two places: 89.995 gives 90.00."""
    return Decimal(hundredths(value.numerator, value.denominator)).scaleb(-2)


def hundredths(numerator: int, denominator: int) -> int:
    """Return the hundredths of a fraction, half up: 89.995 gives 9,000."""
    return (200 * numerator + denominator) // (2 * denominator)


def plain(value: Decimal | Fraction) -> str:
    """Write a figure without needless zeros; one that has no short decimal is written as a fraction."""
    exact = Fraction(value)
    thousandths = exact * 1000
    if thousandths.denominator != 1:
        return f"{exact.numerator}/{exact.denominator}"
    sign, size = "-" if thousandths < 0 else "", abs(thousandths.numerator)
    return f"{sign}{size // 1000}.{size % 1000:03}".rstrip("0").rstrip(".")


def _scaled(sheet: SheetFigures, scale: int) -> tuple[int, ...]:
    """Return the total and then the groups as multiples of ``1 / scale``: also the order of the sheets."""
    groups = tuple(map(mul, sheet.numerators, _factors(sheet.denominators, scale)))
    return (sum(groups), *groups)


@lru_cache(maxsize=4096)
def _factors(denominators: tuple[int, ...], scale: int) -> tuple[int, ...]:
    """Return what brings each denominator to the scale; a panel's sheets mostly share a few of them."""
    return tuple(scale // part for part in denominators)


def _score_group(group: GroupOutline, marks: Mapping[UUID, Mark]) -> GroupFigure:
    earned = [_earned(item, marks) for item in group.items]
    applicable = [(item, points) for item, points in zip(group.items, earned, strict=True) if points is not None]
    if not applicable:
        raise CannotScore(attr=str(group.id), where=group.number)
    possible = sum((Fraction(item.max_points) for item, _points in applicable), Fraction())
    rate = Fraction(group.weight) / possible
    total = sum((points for _item, points in applicable), Fraction())
    items = tuple(
        _item_figure(f"{group.number}-{position}", item, points, rate, marks)
        for position, (item, points) in enumerate(zip(group.items, earned, strict=True), start=1)
    )
    return GroupFigure(group, total, possible, rate * total, items)


def _item_figure(
    code: str, item: ItemOutline, earned: Fraction | None, rate: Fraction, marks: Mapping[UUID, Mark]
) -> ItemFigure:
    """Explain one item; ``rate`` is what one of its points adds to the total."""
    points = {part.id: _earned(part, marks) for part in item.parts}
    possible = sum((Fraction(part.max_points) for part in item.parts if points[part.id] is not None), Fraction())
    part_rate = rate * Fraction(item.max_points) / possible if possible else Fraction()
    parts = tuple(
        _item_figure(f"{code}-{number}", part, points[part.id], part_rate, marks)
        for number, part in enumerate(item.parts, start=1)
    )
    return ItemFigure(code, item, earned, rate * earned if earned is not None else Fraction(), parts)


def _earned(item: ItemOutline, marks: Mapping[UUID, Mark]) -> Fraction | None:
    """Return the points of an item, of its parts in proportion when it is refined, ``None`` when not applicable."""
    if item.parts:
        pairs = [(part, _earned(part, marks)) for part in item.parts]
        applicable = [(part.max_points, points) for part, points in pairs if points is not None]
        possible = sum((Fraction(most) for most, _points in applicable), Fraction())
        earned = sum((points for _most, points in applicable), Fraction())
        return Fraction(item.max_points) * earned / possible if applicable else None
    mark = marks.get(item.id)
    if mark is None or (mark.points is None and not mark.not_applicable):
        raise CannotScore(attr=str(item.id), where=item.text)
    return None if mark.points is None else Fraction(mark.points)
