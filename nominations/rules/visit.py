"""What a planned or recorded visit must look like (rows S-09, S-10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.instants import local_date
from common.refusals import Refusal
from nominations.enums import CheckVerdict
from nominations.rules import windows

LONGEST_TEXT, LONGEST_NOTE = 2000, 1000
LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Record:
    """What is put on record of a visit."""

    visited_on: date
    members: Sequence[str]
    findings: str
    photos: int


def faults_of_route(stops: Sequence[tuple[Any, Any]], at: datetime) -> list[Refusal]:
    """Return what is wrong with the stops of a route, given as pairs of nomination and stop: times, and repetitions."""
    seen: set[Any] = set()
    faults = []
    for number, (nomination, stop) in enumerate(stops):
        checks = [
            (stop.planned_from > at, "visit_in_past", _("The visit lies in the past."), "planned_from"),
            (
                timedelta(0) < stop.planned_until - stop.planned_from <= LONGEST_VISIT,
                "visit_period",
                _("A visit ends after it begins, on the same day."),
                "planned_until",
            ),
            (
                stop.planned_until <= windows.evaluation_end(nomination),
                "visit_too_late",
                _("The visit lies after the end of the evaluation."),
                "planned_until",
            ),
            (nomination.pk not in seen, "repeated", _("This community is on the route twice."), "nomination"),
        ]
        seen.add(nomination.pk)
        faults += _failing(checks, prefix=f"stops.{number}.")
    return faults


def absence(community: str, name: str, *, is_away: bool, stop: int) -> Refusal:
    """Return why an evaluator cannot come along."""
    params = {"name": name, "community": community}
    if is_away:
        message = _("%(name)s is away on the day of the visit to %(community)s.")
        return Refusal("evaluator_away", message, params, fix=f"stops.{stop}.planned_from")
    message = _("%(name)s is at another community at the time of the visit to %(community)s.")
    return Refusal("evaluator_elsewhere", message, params, fix=f"stops.{stop}.planned_from")


def faults_of_record(record: Record, at: datetime) -> list[Refusal]:
    """Return what a visit lacks to be on record: a day that has come, members, at least one photo (row S-09)."""
    checks = [
        (
            record.visited_on <= local_date(at),
            "visit_in_future",
            _("The visit lies in the future."),
            "visited_on",
        ),
        (any(member.strip() for member in record.members), "members_missing", _("Name who took part."), "members"),
        (record.photos > 0, "photo_missing", _("At least one photo belongs to a visit."), "photos"),
    ]
    return [*_failing(checks), *faults_of_text(record.findings, "findings")]


def faults_of_findings(
    checks: Sequence[Any], vetoes: Sequence[Any], requirements: Mapping[int, Any], photos: Collection[Any]
) -> list[Refusal]:
    """Return what is wrong with findings: requirements there are, once each, reasons, and a photo of each veto."""
    numbers = [check.number for check in checks]
    faults = [fault for place, check in enumerate(checks) for fault in _of_check(place, check, numbers, requirements)]
    for place, veto in enumerate(vetoes):
        message = _("Name the photo of this visit that shows it.")
        faults += _failing([(veto.photo_id in photos, "evidence_missing", message, "photo")], prefix=f"vetoes.{place}.")
        faults += faults_of_text(veto.note, f"vetoes.{place}.note", required=True, longest=LONGEST_NOTE)
    return faults


def _of_check(place: int, check: Any, numbers: Sequence[int], requirements: Collection[int]) -> list[Refusal]:
    unmet = check.verdict == CheckVerdict.NOT_MET
    judged = check.verdict in {CheckVerdict.MET, CheckVerdict.NOT_MET}
    rows = [
        (check.number in requirements, "requirement_unknown", _("There is no such requirement."), "number"),
        (numbers.count(check.number) == 1, "repeated", _("This requirement is named twice."), "number"),
        (judged, "verdict_unknown", _("Say whether the requirement is met or not."), "verdict"),
    ]
    faults = _failing(rows, prefix=f"checks.{place}.")
    return faults + faults_of_text(check.note, f"checks.{place}.note", required=unmet, longest=LONGEST_NOTE)


def faults_of_text(text: str, field: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> list[Refusal]:
    """Return what is wrong with a text: missing, or too long."""
    length = len(text.strip())
    if required and not length:
        return [Refusal("required", _("This must not be empty."), fix=field)]
    if length > longest:
        message = _("At most %(limit)s characters; these are %(count)s.")
        return [Refusal("too_long", message, {"limit": longest, "count": length}, fix=field)]
    return []


def _failing(checks: Iterable[tuple[bool, str, Any, str]], prefix: str = "") -> list[Refusal]:
    return [Refusal(code, message, fix=f"{prefix}{field}") for holds, code, message, field in checks if not holds]
