"""A preset that has passed its checks, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from common.digest import canonical_digest
from evaluation.scoring import GroupOutline, ItemOutline, StandardOutline

# A day of the notice is a day in China, wherever the server stands.
SHANGHAI = ZoneInfo("Asia/Shanghai")
JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a campaign; each last day belongs to its period."""

    application_opens: date
    application: date
    district: date
    evaluation: date
    work_report: date
    report: date

    def instants(self) -> dict[str, datetime]:
        """Return the instants as the campaign keeps them: "31 July" ends before 1 August, 00:00, in Shanghai."""
        closing = {f"{name}_closes_at": _midnight_after(day) for name, day in self._last_days().items()}
        opens_at = datetime.combine(self.application_opens, time.min, SHANGHAI)
        return {"application_opens_at": opens_at, **closing}

    def moved(self, days: int) -> Calendar:
        """Return the calendar so many days later, every distance kept."""
        shift = timedelta(days=days)
        return Calendar(*(getattr(self, part.name) + shift for part in fields(self)))

    def _last_days(self) -> dict[str, date]:
        names = [part.name for part in fields(self) if part.name != "application_opens"]
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class DistrictPart:
    """A district that takes part, its bureau, and how many communities it may recommend (``None``: any number)."""

    code: str
    prefix: str
    name: str
    authority: str
    quota: int | None
    refinements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequirementText:
    """One requirement of annex 1: its wording, what to write about it, and its machine check (row S-10)."""

    number: int
    text: str
    prompt: str
    check_kind: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preset:
    """One programme of one city in one year (rows S-01, S-08, S-10, S-11)."""

    code: str
    title: str
    award: str
    year: int
    issued_on: date
    province: str
    city: str
    legal_basis: str
    goal: str
    calendar: Calendar
    options: Mapping[str, Any]
    districts: tuple[DistrictPart, ...]
    standard_code: str
    standard_title: str
    standard: StandardOutline
    corrected_wording: tuple[Mapping[str, str], ...]
    requirements: tuple[RequirementText, ...]

    @property
    def digest(self) -> str:
        """Return the digest of everything that the campaign is made of; comments and order of keys do not count."""
        return canonical_digest({part.name: _plain(getattr(self, part.name)) for part in fields(self)})

    @property
    def needs_city_figures(self) -> bool:
        """Tell whether a requirement is judged by the complaints of the whole city, which are imported apart."""
        rows = [row for one in self.requirements for row in one.parameters.get("figures", ())]
        return any("best_percent" in row for row in rows)


def preset_from(values: Mapping[str, Any]) -> Preset:
    """Return the preset that checked ``values`` describe."""
    standard = values["standard"]
    plain = ("code", "title", "award", "year", "province", "city", "legal_basis", "goal")
    return Preset(
        **{name: values[name] for name in plain},
        issued_on=date.fromisoformat(values["issued_on"]),
        calendar=_calendar(values["calendar"]),
        options=values["options"],
        districts=tuple(
            DistrictPart(row["code"], row["prefix"], row["name"], row["authority"], row.get("quota"), _refinements(row))
            for row in values["districts"]
        ),
        standard_code=standard["code"],
        standard_title=standard["title"],
        standard=StandardOutline(tuple(_group(row) for row in standard["groups"])),
        corrected_wording=tuple(_corrections(standard["groups"])),
        requirements=tuple(_requirement(row) for row in values["requirements"]),
    )


def shifted(preset: Preset, opens_on: date) -> Preset:
    """Return the preset with its whole calendar moved so that applications open on ``opens_on``, for a rehearsal."""
    days = (opens_on - preset.calendar.application_opens).days
    return replace(
        preset,
        calendar=preset.calendar.moved(days),
        issued_on=preset.issued_on + timedelta(days=days),
        year=preset.year + opens_on.year - preset.calendar.application_opens.year,
    )


def _calendar(values: Mapping[str, Mapping[str, str]]) -> Calendar:
    days = {name: date.fromisoformat(period["last_day"]) for name, period in values.items()}
    return Calendar(application_opens=date.fromisoformat(values["application"]["opens_on"]), **days)


def _group(row: Mapping[str, Any]) -> GroupOutline:
    items = tuple(
        ItemOutline(
            item["text"],
            Decimal(item.get("max_points", 10)),
            item.get("evidence_required", False),
            tuple(map(ItemOutline, item.get("parts", ()))),
        )
        for item in row["items"]
    )
    return GroupOutline(row["number"], row["title"], Decimal(row["weight"]), items)


def _refinements(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(texts) for code, texts in row.get("refinements", {}).items()}


def _corrections(groups: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {"item": f"{group['number']}-{position}", "text": item["text"], "published": item["published"]}
        for group in groups
        for position, item in enumerate(group["items"], start=1)
        if "published" in item
    ]


def _requirement(row: Mapping[str, Any]) -> RequirementText:
    check = dict(row.get("check", {"kind": JUDGED}))
    kind = check.pop("kind")
    return RequirementText(row["number"], row["text"], row.get("prompt", ""), kind, _storable(check))


def _storable(value: Any) -> Any:
    """Return what JSON can keep without loss: limits and shares as text, counts as numbers."""
    if isinstance(value, dict):
        return {
            name: str(part) if name in {"limit", "best_percent"} else _storable(part) for name, part in value.items()
        }
    return [_storable(part) for part in value] if isinstance(value, list) else value


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def _plain(value: Any) -> Any:
    """Return a value as the digest takes it; ids of outlines are left out, for they are new at each reading."""
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value) if part.name != "id"}
    return value
