"""What a schema cannot see: the order of dates, sums, numbers without gaps, names given twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from nominations.rules.preset.reading import Document, Fault, Path

# Each day must not lie before the one named ahead of it.
ORDER: Sequence[tuple[str, ...]] = (
    ("application.opens_on", "application.last_day", "district.last_day", "evaluation.last_day", "report.last_day"),
    ("application.opens_on", "work_report.last_day", "report.last_day"),
)
FULL_WEIGHT = Decimal(100)


def faults_of_meaning(document: Document) -> list[Fault]:
    """List what contradicts itself; entries that are missing or malformed are left to the schema's faults."""
    return [
        *_days_out_of_order(document),
        *_repeated(document, "districts", ("code", "prefix", "name", "authority")),
        *_repeated(document, "standard.groups", ("number",)),
        *_wrong_weights(document),
        *_numbers_with_gaps(document),
        *_needless_corrections(document),
        *_refinements_of_nothing(document),
        *_bound_to_nothing(document),
        *_panel_without_room(document),
    ]


def _days_out_of_order(document: Document) -> Iterator[Fault]:
    message = _("This day lies before “%(earlier)s”.")
    told: set[str] = set()
    for chain in ORDER:
        days = [(name, day) for name in chain if (day := _day(document, f"calendar.{name}")) is not None]
        for (earlier, first), (name, second) in pairwise(days):
            if second < first and name not in told:
                told.add(name)
                yield document.fault(_path(f"calendar.{name}"), "out_of_order", message, earlier=f"calendar.{earlier}")


def _repeated(document: Document, where: str, names: Sequence[str]) -> Iterator[Fault]:
    message = _("“%(value)s” is given twice; the first time in line %(first)s.")
    for name in names:
        seen: dict[Any, Path] = {}
        for index, row in enumerate(_rows(document, where)):
            path = (*_path(where), index, name)
            value = row.get(name)
            if isinstance(value, str) and value in seen:
                yield document.fault(path, "repeated", message, value=value, first=document.line_of(seen[value]))
            seen.setdefault(value, path)


def _wrong_weights(document: Document) -> Iterator[Fault]:
    weights = [row.get("weight") for row in _rows(document, "standard.groups")]
    if weights and all(isinstance(weight, int | Decimal) for weight in weights):
        total = sum((Decimal(weight) for weight in weights if weight is not None), Decimal(0))
        if total != FULL_WEIGHT:
            message = _("The weights of the groups add up to %(total)s, not to 100.")
            yield document.fault(_path("standard.groups"), "weights_not_100", message, total=str(total))


def _numbers_with_gaps(document: Document) -> Iterator[Fault]:
    message = _("The requirements are numbered from 1 without gaps: this one is number %(number)s.")
    for index, row in enumerate(_rows(document, "requirements")):
        if isinstance(row.get("number"), int) and row["number"] != index + 1:
            yield document.fault(("requirements", index, "number"), "number_out_of_order", message, number=index + 1)


def _needless_corrections(document: Document) -> Iterator[Fault]:
    message = _("“published” is only given where a slip of the published wording was corrected.")
    for group, row in enumerate(_rows(document, "standard.groups")):
        items = row.get("items")
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict) and item.get("published") is not None and item["published"] == item.get("text"):
                path = ("standard", "groups", group, "items", index, "published")
                yield document.fault(path, "not_corrected", message)


def _bound_to_nothing(document: Document) -> Iterator[Fault]:
    if (
        _value(document, "options.concentration_binding") is True
        and _value(document, "options.concentration_share") is None
    ):
        message = _("“concentration_binding” makes a share binding: name it as “concentration_share”.")
        yield document.fault(_path("options.concentration_binding"), "share_missing", message)


def _panel_without_room(document: Document) -> Iterator[Fault]:
    usual = {"panel_size": 3, "panel_experts": 1, "panel_departments": 1}
    given = {name: _value(document, f"options.{name}") for name in usual}
    size, experts, staff = (value if isinstance(value := given[name], int) else usual[name] for name in usual)
    if size < experts + staff:
        named = next(name for name, value in given.items() if value is not None)
        message = _("A panel must have room for its experts and its department staff.")
        yield document.fault(_path(f"options.{named}"), "panel_too_small", message)


def _refinements_of_nothing(document: Document) -> Iterator[Fault]:
    """Find refinements by a district of an item that is not there, or that the standard itself refines."""
    plain = {
        f"{group.get('number')}-{place}"
        for group in _rows(document, "standard.groups")
        for place, item in enumerate(group["items"] if isinstance(group.get("items"), list) else (), start=1)
        if isinstance(item, dict) and "parts" not in item
    }
    message = _("“%(item)s” is no item that a district can refine.")
    for index, row in enumerate(_rows(document, "districts")):
        refinements = row.get("refinements")
        for code in refinements if isinstance(refinements, dict) else ():
            if code not in plain:
                yield document.fault(("districts", index, "refinements", code), "item_unknown", message, item=code)


def _rows(document: Document, where: str) -> Iterator[dict[str, Any]]:
    rows = _value(document, where)
    for row in rows if isinstance(rows, list) else []:
        yield row if isinstance(row, dict) else {}


def _day(document: Document, where: str) -> date | None:
    try:
        return date.fromisoformat(str(_value(document, where)))
    except ValueError:
        return None


def _value(document: Document, where: str) -> Any:
    value = document.values
    for name in _path(where):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _path(where: str) -> Path:
    return tuple(where.split("."))
