"""The city's list of complaints: what its lines say, and where the best few percent end (requirement 1; row S-10)."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.rules.spreadsheet import Line

COLUMNS: Mapping[str, frozenset[str]] = {
    "community": frozenset({"小区名称", "小区", "项目名称", "住宅小区名称", "community"}),
    "district": frozenset({"所在县/区", "所在县区", "所在区县", "县区", "县/区", "区县", "district"}),
    "households": frozenset({"户数", "总户数", "住户数", "管理户数", "households"}),
    "complaints": frozenset({"投诉件数", "投诉数", "投诉量", "投诉", "信访投诉件数", "complaints"}),
}
LABELS: Mapping[str, Sentence] = {
    "community": _("community"),
    "households": _("households"),
    "complaints": _("complaints"),
}
NEEDED = tuple(LABELS)
TOTALS = frozenset({"合计", "总计", "小计", "total"})
HEAD_LINES = 10
LONGEST_NAME, LONGEST_DISTRICT = 120, 60
MOST = 999_999
# Rates of up to a million households differ by 10⁻¹² at least, so that 15 places part them all.
PLACES = 15
_WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the list: a community, its households and the complaints about it within the year."""

    line: int
    community: str
    district: str
    households: int
    complaints: int

    @property
    def rate(self) -> Fraction:
        """Return complaints per household, exactly."""
        return Fraction(self.complaints, self.households)

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells the community from others in the list."""
        return folded(self.district), folded(self.community)


def heading(lines: Sequence[Line]) -> tuple[int, dict[str, int]] | Refusal:
    """Return where the heading stands among the lines, and which column holds what; titles above it are passed over."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        columns = {name: column for name in COLUMNS if (column := _column(line, name)) is not None}
        if all(name in columns for name in NEEDED):
            return index, columns
    message = _("No heading was found. These columns are needed: 小区名称, 户数, 投诉件数; 所在县区 if names repeat.")
    return Refusal("heading_missing", message, fix="file")


def figure_in(line: Line, columns: Mapping[str, int]) -> tuple[Figure | None, list[Refusal]]:
    """Return the figure in a line, or every reason why there is none."""
    cells = {name: _cell(line, column) for name, column in columns.items()}
    refusals = [*_formulas(line, columns), *_names(cells), *_counts(cells)]
    if refusals:
        return None, refusals
    counts = {name: int(cells[name]) for name in ("households", "complaints")}
    return Figure(line.number, cells["community"], cells.get("district", ""), **counts), []


def repeated(figure: Figure, first: Figure) -> Refusal:
    """Return why a community may not stand in the list twice."""
    message = _("“%(name)s” stands in line %(first)s already. If there are two, give the district of each.")
    return Refusal("repeated", message, {"name": figure.community, "first": first.line}, fix="community")


def limit_of(rates: Sequence[Fraction], percent: Decimal) -> Fraction | None:
    """Return the rate at the limit of the best ``percent`` of the communities, ``None`` for an empty list.

    “后5%” are the 5 % with the lowest rate: of n communities the ⌈n·5 %⌉ lowest, and whoever shares the last rate.
    """
    if not rates:
        return None
    return sorted(rates)[math.ceil(len(rates) * Fraction(percent) / 100) - 1]


def as_stored(limit: Fraction) -> Decimal:
    """Return the limit rounded up at the 15th place: who is at it passes, and nobody beyond it does."""
    scaled = -(-limit.numerator * 10**PLACES // limit.denominator)
    return Decimal(scaled).scaleb(-PLACES)


def folded(name: str) -> str:
    """Return a name as it is compared: full-width signs, spaces and brackets of either kind make no difference."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def _column(line: Line, name: str) -> int | None:
    for index, cell in enumerate(line.cells):
        if folded(cell).partition("(")[0] in COLUMNS[name]:
            return index
    return None


def _cell(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""


def _formulas(line: Line, columns: Mapping[str, int]) -> Iterator[Refusal]:
    for name, column in columns.items():
        if column in line.formulas:
            message = _("The cell holds a formula. Paste its value instead.")
            yield Refusal("formula", message, fix=name)


def _names(cells: Mapping[str, str]) -> Iterator[Refusal]:
    name, district = cells["community"], cells.get("district", "")
    if not name:
        yield Refusal("name_missing", _("The name of the community is missing."), fix="community")
    if folded(name) in TOTALS:
        yield Refusal("total_line", _("This line is a total. Remove it: it is not a community."), fix="community")
    for field, text, longest in (("community", name, LONGEST_NAME), ("district", district, LONGEST_DISTRICT)):
        if len(text) > longest or any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in text):
            message = _("At most %(limit)s characters, none of them hidden.")
            yield Refusal("name_unusable", message, {"limit": longest}, fix=field)


def _counts(cells: Mapping[str, str]) -> Iterator[Refusal]:
    for name, least in (("households", 1), ("complaints", 0)):
        text = cells[name]
        if not (text.isascii() and _WHOLE.fullmatch(text) and least <= int(text) <= MOST):
            message = _("“%(column)s” must be a whole number from %(least)s to %(most)s; here stands “%(text)s”.")
            params = {"column": LABELS[name], "least": least, "most": MOST, "text": text[:40]}
            yield Refusal("not_a_count", message, params, fix=name)
