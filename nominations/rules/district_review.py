"""What a district's review may say, and what it still lacks (rows S-05, S-10, S-11). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from evaluation.scoring import Mark
from nominations.enums import CheckVerdict
from nominations.rules.form import Field, clean_value

SECTIONS = ("requirements", "scores", "inspections", "opinion")
OPINION = Field("opinion", _("Opinion"), longest=3000)
REASON = Field("reason", _("Reason"), longest=1000)
NOTE = Field("note", _("Note"), longest=2000)
FINDINGS = Field("findings", _("Findings"), longest=3000)
JUDGED = (CheckVerdict.MET.value, CheckVerdict.NOT_MET.value)
_DAY = Field("day", _("Day"), "date")
_POINTS = Field("points", _("Points"), "decimal", least=Decimal(0), most=Decimal(10), places=1)
_VERSION = Field("version", _("Version"), "integer", least=Decimal(0), most=Decimal(2**31 - 1))
_FLAG = Field("not_applicable", _("Not applicable"), "boolean")
_VERDICT = Field("verdict", _("Verdict"), "choice", choices=JUDGED)
_NUMBER = Field("number", _("Number"), "integer", least=Decimal(1), most=Decimal(1000))

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the reviewer says about one requirement; an empty verdict takes an earlier one back."""

    number: int
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Scored:
    """The mark for one item and the version that the device last saw, 0 for none."""

    item_id: UUID
    mark: Mark
    seen_version: int


@dataclass(frozen=True, slots=True)
class InspectionNote:
    """A routine inspection as it is entered; with an id, the known one that was resolved."""

    inspected_on: date
    findings: str
    resolved_on: date | None = None
    id: UUID | None = None


@dataclass(slots=True)
class Read(Generic[RowT]):
    """What could be read of a section, and every reason for what could not."""

    rows: list[RowT]
    refusals: list[Refusal]


class _Row:
    """One row of a section under its path; it collects the reasons against its values."""

    def __init__(self, values: Any, path: str, known: Collection[str]) -> None:
        self.path, self.refusals = path, []  # type: tuple[str, list[Refusal]]
        self.values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            self.refuse("not_an_object", _("This must be a set of named values."), "")
        for name in self.values.keys() - known:
            self.refuse("unknown_field", _("There is no such field."), str(name))

    def refuse(self, code: str, message: Any, name: str, **params: Any) -> None:
        """Add a reason against the value called ``name``."""
        self.refusals.append(Refusal(code, message, params, fix=f"{self.path}.{name}".rstrip(".")))

    def value(self, name: str, field: Field, *, required: bool = False) -> Any:
        """Return the cleaned value, ``None`` when it is empty or cannot be taken."""
        found, refusal = clean_value(field, self.values.get(name), f"{self.path}.{name}")
        if refusal:
            self.refusals.append(refusal)
            return None
        if required and found in {None, ""}:
            self.refuse("required", _("This must not be empty."), name)
        return found

    def text(self, name: str, field: Field, *, required: bool = False) -> str:
        """Return the cleaned text, empty when there is none."""
        return self.value(name, field, required=required) or ""

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return the day, ``None`` when there is none."""
        found = self.value(name, _DAY, required=required)
        return date.fromisoformat(found) if found else None

    def uuid(self, name: str, *, required: bool = False) -> UUID | None:
        """Return the id, ``None`` when there is none."""
        found = self.value(name, Field(name, name, longest=40), required=required)
        try:
            return UUID(found) if found else None
        except ValueError:
            self.refuse("not_an_id", _("This is not an id."), name)
            return None


def read_judgements(rows: Any, computed: Mapping[int, str]) -> Read[Judgement]:
    """Read rows of ``{number, verdict, note}``; ``computed`` maps each number to what the figures say.

    Nobody judges a requirement met that the figures say is not; what is not met needs a note.
    """
    return _read(rows, "requirements", ("number", "verdict", "note"), lambda row: _judgement(row, computed))


def read_entries(rows: Any, photos: Collection[UUID]) -> Read[Scored]:
    """Read rows of ``{item, points, not_applicable, reason, remark, photo, version}``; a photo must be one of ours."""
    names = ("item", "points", "not_applicable", "reason", "remark", "photo", "version")
    return _read(rows, "scores", names, lambda row: _entry(row, photos))


def read_inspections(rows: Any, today: date) -> Read[InspectionNote]:
    """Read rows of ``{id, inspected_on, findings, resolved_on}``; nothing lies in the future."""
    names = ("id", "inspected_on", "findings", "resolved_on")
    return _read(rows, "inspections", names, lambda row: _inspection(row, today))


def missing_on_review(checks: Sequence[Any], opinion: str, sheet: Sequence[Refusal]) -> list[Refusal]:
    """Return what a review lacks before it goes to the approver: verdicts, an opinion, the gaps on its score sheet."""
    gaps = [_unjudged(check.requirement.number) for check in checks if check.verdict == CheckVerdict.OPEN]
    gaps += [Refusal(gap.code, gap.message, gap.params, fix=f"scores/{gap.fix}") for gap in sheet]
    if not opinion.strip():
        gaps.append(Refusal("opinion_missing", _("Write the opinion."), fix="opinion"))
    return gaps


def _read(rows: Any, section: str, names: Collection[str], parse: Callable[[_Row], RowT | None]) -> Read[RowT]:
    if not isinstance(rows, list):
        return Read([], [Refusal("not_a_list", _("This must be a list of rows."), fix=section)])
    read: Read[RowT] = Read([], [])
    for index, values in enumerate(rows):
        row = _Row(values, f"{section}[{index}]", names)
        parsed = None if row.refusals else parse(row)
        if parsed is not None and not row.refusals:
            read.rows.append(parsed)
        read.refusals += row.refusals
    return read


def _judgement(row: _Row, computed: Mapping[int, str]) -> Judgement | None:
    number = row.value("number", _NUMBER, required=True)
    verdict, note = row.text("verdict", _VERDICT), row.text("note", NOTE)
    if row.refusals:
        return None
    if number not in computed:
        row.refuse("no_such_requirement", _("There is no requirement of this number."), "number")
    elif verdict == CheckVerdict.MET and computed[number] in {CheckVerdict.NOT_MET, CheckVerdict.NEEDS_CITY_FIGURES}:
        message = _("The figures do not show that this requirement is met. The approver may override this.")
        row.refuse("contradicts_figures", message, "verdict")
    elif verdict == CheckVerdict.NOT_MET and not note:
        row.refuse("note_missing", _("Say what is not met."), "note")
    return Judgement(number, verdict, note)


def _entry(row: _Row, photos: Collection[UUID]) -> Scored | None:
    item, photo = row.uuid("item", required=True), row.uuid("photo")
    points, version = row.value("points", _POINTS), row.value("version", _VERSION)
    mark = Mark(
        Decimal(points) if points is not None else None,
        not_applicable=bool(row.value("not_applicable", _FLAG)),
        reason=row.text("reason", NOTE),
        remark=row.text("remark", NOTE),
        photo_id=photo,
    )
    if photo is not None and photo not in photos:
        row.refuse("photo_unknown", _("This photo has not been uploaded to the review."), "photo")
    return Scored(item, mark, version or 0) if item else None


def _inspection(row: _Row, today: date) -> InspectionNote | None:
    known, resolved_on = row.uuid("id"), row.day("resolved_on")
    inspected_on = row.day("inspected_on", required=True)
    findings = row.text("findings", FINDINGS, required=True)
    if inspected_on is None:
        return None
    for name, day in (("inspected_on", inspected_on), ("resolved_on", resolved_on)):
        if day is not None and day > today:
            row.refuse("day_in_future", _("This day lies in the future."), name)
    if resolved_on is not None and resolved_on < inspected_on:
        row.refuse("resolved_before", _("What was found is resolved after the inspection, not before."), "resolved_on")
    return InspectionNote(inspected_on, findings, resolved_on, known)


def _unjudged(number: int) -> Refusal:
    message = _("Requirement %(number)s has not been judged.")
    return Refusal("requirement_not_judged", message, {"number": number}, fix=f"requirements/{number}")
