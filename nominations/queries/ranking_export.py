"""Everything that enters a frozen ranking as one table, for whoever wants to work it out anew (S-15).

``docs/recompute_ranking.py`` reads it without anything of ours. Rows of four kinds, by the first column:

- ``rule``: ``name`` and ``value`` of what was laid down beforehand
- ``figure``: ``name`` and ``value`` of a community's figure that does not come from a sheet; no value: there is none
- ``mark``: what one evaluator gave one community for one item, or for one ``part`` of it, ``points`` out of ``of`` (a
  part: out of 10, the item counting ``of``); no points: not applicable
- ``result``: what we worked out
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from evaluation import queries as evaluation
from evaluation.enums import Criterion
from evaluation.models import ItemScore, ScoreSheet
from evaluation.scoring import StandardOutline, plain
from nominations.models import Ranking

COLUMNS = (
    "record",
    "community",
    "evaluator",
    "sheet",
    "group",
    "weight",
    "item",
    "of",
    "part",
    "points",
    "name",
    "value",
)
RULES = ("campaign", "places", "district_share", "counting", "counted", "seed", "resamples")
FROM_SHEETS = (Criterion.TOTAL.value, Criterion.GROUP_THREE.value)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+|/[0-9]+)?")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Line = dict[str, Any]


def export_lines(ranking: Ranking) -> Iterator[Line]:
    """Yield the table of a frozen ranking, line by line; a column that says nothing about a line is left out."""
    figures = ranking.figures
    yield from ({"record": "rule", "name": name, "value": figures[name]} for name in RULES)
    yield {"record": "rule", "name": "digest", "value": ranking.digest}
    for row in figures["rows"]:
        yield from _figures(row)
    yield from _marks(figures["rows"])
    for row in figures["rows"]:
        yield from _results(row)


def csv_of(ranking: Ranking) -> Iterator[str]:
    """Yield the table as CSV, line by line; the mark at the start lets spreadsheets see that it is UTF-8."""
    writer: Any = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for line in export_lines(ranking):
        yield writer.writerow([cell(line.get(column)) for column in COLUMNS])


def cell(value: Any) -> str:
    """Return what stands in a cell; text that a spreadsheet would take for a formula is kept from being one."""
    text = "" if value is None else str(value)
    return (
        f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(text) else text
    )


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _figures(row: Mapping[str, Any]) -> Iterator[Line]:
    named = {"name": row["community"], "district": row["district"], "district_score": row["district_score"]}
    tie_breaks = {code: value for code, value in row["figures"].items() if code not in FROM_SHEETS}
    for name, value in sorted((named | tie_breaks).items()):
        yield {"record": "figure", "community": row["number"], "name": name, "value": value}


def _results(row: Mapping[str, Any]) -> Iterator[Line]:
    scores = {name: both["exact"] for name, both in row["scores"].items()}
    told = {"rank": row["rank"], "total": row["figures"][Criterion.TOTAL.value], **scores}
    for name, value in sorted(told.items()):
        yield {"record": "result", "community": row["number"], "name": name, "value": value}


def _marks(rows: list[Mapping[str, Any]]) -> Iterator[Line]:
    listed = [(row["number"], sheet) for row in rows for sheet in row["sheets"]]
    ids = [UUID(sheet["sheet"]) for _number, sheet in listed]
    standards = dict(ScoreSheet.objects.filter(pk__in=ids).values_list("pk", "standard_id"))
    lines = {standard_id: _lines_of(evaluation.outline_of(standard_id)) for standard_id in set(standards.values())}
    points = {
        (sheet_id, item_id): given
        for sheet_id, item_id, given in ItemScore.objects.filter(sheet__in=ids).values_list("sheet", "item", "points")
    }
    for number, sheet in listed:
        sheet_id = UUID(sheet["sheet"])
        about = {"record": "mark", "community": number, "evaluator": sheet["evaluator"], "sheet": sheet["sheet"]}
        for item_id, line in lines[standards[sheet_id]].items():
            yield about | line | {"points": _points(points[sheet_id, item_id])}


def _lines_of(outline: StandardOutline) -> dict[UUID, Line]:
    """Return by item, or by part of one, where its mark belongs."""
    lines: dict[UUID, Line] = {}
    for group in outline.groups:
        for position, item in enumerate(group.items, start=1):
            place = {
                "group": group.number,
                "weight": plain(group.weight),
                "item": f"{group.number}-{position}",
                "of": plain(item.max_points),
            }
            lines |= {part.id: place | {"part": number} for number, part in enumerate(item.parts, start=1)}
            if not item.parts:
                lines[item.id] = place
    return lines


def _points(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
