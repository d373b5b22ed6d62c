"""A ranking worked out with pencil and paper from what its explanations answer: fractions only, nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

TRIM_FROM = 5
GROUP_THREE = 2


@dataclass(frozen=True)
class Panel:
    """What every evaluator of one community gave each group, by the code of the evaluator."""

    groups: Mapping[str, list[Fraction]]

    @property
    def totals(self) -> dict[str, Fraction]:
        """Return the total of every sheet."""
        return {evaluator: sum(groups, Fraction()) for evaluator, groups in self.groups.items()}

    @property
    def raw(self) -> Fraction:
        """Return the mean of all sheets."""
        return mean(self.totals.values())

    @property
    def trimmed(self) -> Fraction:
        """Return the mean without the lowest and the highest, from five sheets on."""
        return mean(trim(self.totals.values()))

    @property
    def group_three(self) -> Fraction:
        """Return the mean of group three, its own lowest and highest left out from five sheets on."""
        return mean(trim(groups[GROUP_THREE] for groups in self.groups.values()))

    def adjusted(self, leniencies: Mapping[str, Fraction]) -> Fraction:
        """Return the mean of the sheets, each less the leniency of its evaluator."""
        return mean(total - leniencies[evaluator] for evaluator, total in self.totals.items())


def panel_of(explained: Mapping[str, Any]) -> Panel:
    """Read the sheets of an explained community."""
    return Panel({sheet["evaluator"]: groups_of(sheet) for sheet in explained["sheets"]})


def groups_of(sheet: Mapping[str, Any]) -> list[Fraction]:
    """Return weight × points ÷ attainable points of each group; what is not applicable is in neither."""
    found = []
    for group in sheet["groups"]:
        lines = [line for line in sheet["lines"] if line["code"].partition("-")[0] == group["number"]]
        counted = [line for line in lines if not line["not_applicable"]]
        given, attainable = (sum(Fraction(line[name]) for line in counted) for name in ("points", "max_points"))
        found.append(Fraction(group["weight"]) * given / attainable)
    return found


def leniencies_of(panels: Mapping[str, Panel]) -> dict[str, Fraction]:
    """Solve total = community + leniency by least squares; over all sheets the leniencies add up to nothing."""
    evaluators = sorted({evaluator for panel in panels.values() for evaluator in panel.groups})
    unknown = [*panels, *evaluators]
    rows = []
    for name in unknown[:-1]:
        sheets = [
            (community, evaluator, total)
            for community, panel in panels.items()
            for evaluator, total in panel.totals.items()
            if name in (community, evaluator)
        ]
        row = [Fraction(sum(other in sheet[:2] for sheet in sheets)) for other in unknown]
        rows.append([*row, sum((total for _community, _evaluator, total in sheets), Fraction())])
    weights = [Fraction(sum(evaluator in panel.groups for panel in panels.values())) for evaluator in evaluators]
    rows.append([*[Fraction()] * len(panels), *weights, Fraction()])
    return dict(zip(evaluators, solved(rows)[len(panels) :], strict=True))


def solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Solve linear equations, the right-hand side in the last column, by elimination."""
    size = len(rows)
    for column in range(size):
        pivot = next(index for index in range(column, size) if rows[index][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for index in range(size):
            if index != column and rows[index][column]:
                times = rows[index][column]
                rows[index] = [value - times * own for value, own in zip(rows[index], rows[column], strict=True)]
    return [row[-1] for row in rows]


def ranks_of(keys: Mapping[str, tuple[Fraction, ...]]) -> dict[str, int]:
    """Return everybody's rank: how many have a lower key, and one."""
    return {name: 1 + sum(other < key for other in keys.values()) for name, key in keys.items()}


def half_up(value: Fraction) -> Fraction:
    """Round once, half up, to two places."""
    return Fraction((200 * value + 1) // 2, 100)


def trim(values: Iterable[Fraction]) -> list[Fraction]:
    """Return the values without the lowest and the highest, from five on."""
    ordered = sorted(values)
    return ordered[1:-1] if len(ordered) >= TRIM_FROM else ordered


def mean(values: Iterable[Fraction]) -> Fraction:
    """Return the mean."""
    given = list(values)
    return sum(given, Fraction()) / len(given)
