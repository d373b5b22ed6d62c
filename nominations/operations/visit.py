"""Visits on site: planned and moved with the evaluators told, called off, put on record (rows S-09, S-10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import User
from attachments import operations as attachments
from attachments.models import Attachment
from common.instants import local_date
from common.refusals import Refusal
from nominations.enums import CheckVerdict, VetoKind
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Nomination, Requirement, VetoFinding, Visit, VisitCheck
from nominations.operations.assignment import take_evaluated
from nominations.queries.visit import evaluators_of, unable_to_come
from nominations.rules import visit as rules
from workflow import engine
from workflow.errors import NotFound

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Stop:
    """One community of a route: from when until when it is visited."""

    nomination_id: UUID
    planned_from: datetime
    planned_until: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """What was found about one requirement of annex 1, by its number."""

    number: int
    verdict: CheckVerdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """Something that may exclude the community, and which of the visit's photos shows it."""

    kind: VetoKind
    note: str
    photo_id: UUID


@transaction.atomic
def plan_visits(*, stops: Sequence[Stop], actor: Actor, at: datetime, members: Sequence[str] = ()) -> list[Visit]:
    """Plan a route, its stops in order; a community that has a planned visit already has it moved.

    The evaluators of each community come along, and must be neither away nor elsewhere; ``members`` are others who do.
    All or nothing. Raises ``NotFound``, ``NotAllowed``, ``NotEditable``, ``InvalidInput`` with a reason per stop.
    """
    cases = {pk: take_evaluated(pk, actor) for pk in sorted({stop.nomination_id for stop in stops})}
    _refuse(rules.faults_of_route([(cases[stop.nomination_id], stop) for stop in stops], at))
    places: Counter[tuple[UUID, date]] = Counter()
    visits = []
    for stop in stops:
        nomination = cases[stop.nomination_id]
        route = (nomination.district_id, local_date(stop.planned_from))
        places[route] += 1
        visits.append(_plan(nomination, stop, places[route], members, actor=actor, at=at))
    # Looked at afterwards, when every stop of the route has its time: what is refused takes the whole route back.
    _refuse([fault for number, visit in enumerate(visits) for fault in _absent(visit, number)])
    return visits


@transaction.atomic
def cancel_visit(*, visit_id: UUID, reason: str, actor: Actor, at: datetime) -> Visit:
    """Call off a planned visit and tell its evaluators; raises ``NotFound``, ``NotAllowed``, ``InvalidInput``."""
    found = Visit.objects.visible_to(actor).planned().filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    nomination = take_evaluated(found.nomination_id, actor)
    visit = Visit.objects.planned().filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    _refuse(rules.faults_of_text(reason, "reason", required=True))
    visit.cancelled_at = at
    visit.version += 1
    visit.save(update_fields=["cancelled_at", "version"])
    engine.record(nomination, "cancel_visit", actor=actor, at=at, comment=reason, payload=_told(visit))
    return visit


@transaction.atomic
def record_visit(
    *,
    nomination_id: UUID,
    visited_on: date,
    members: Sequence[str],
    findings: str,
    photos: Sequence[UploadedFile[bytes]],
    actor: Actor,
    at: datetime,
) -> Visit:
    """Put a visit on record: its day, not in the future, its members and at least one photo (row S-09).

    A planned visit becomes the recorded one. Raises ``NotFound``, ``NotAllowed``, ``NotEditable``, ``InvalidInput``
    with every reason.
    """
    nomination = take_evaluated(nomination_id, actor)
    _refuse(rules.faults_of_record(rules.Record(visited_on, members, findings, len(photos)), at))
    visit = nomination.visits.planned().first() or Visit(nomination=nomination)
    visit.visited_on, visit.findings = visited_on, findings.strip()
    visit.members = [member.strip() for member in members]
    visit.recorded_by_id, visit.recorded_at = actor.person_id, at
    visit.save()
    kept = _keep_photos(visit, photos, actor, at)
    documents = {f"photo_{number}": photo.sha256 for number, photo in enumerate(kept, start=1)}
    told = {"visit": str(visit.pk), "visited_on": visited_on.isoformat()}
    engine.record(nomination, "record_visit", actor=actor, at=at, payload=told, documents=documents)
    return visit


@transaction.atomic
def record_findings(
    *, visit_id: UUID, actor: Actor, at: datetime, checks: Sequence[Check] = (), vetoes: Sequence[Veto] = ()
) -> Visit:
    """Add to a recorded visit what was found about the requirements of annex 1, and what may exclude the community.

    A requirement that was judged before is judged anew. The city is told of what may exclude: it records the excluding
    event, or says why there is none (row S-10). Raises ``NotFound``, ``NotAllowed``, ``NotEditable``, ``InvalidInput``.
    """
    found = Visit.objects.visible_to(actor).recorded().filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    nomination = take_evaluated(found.nomination_id, actor)
    requirements = {row.number: row for row in Requirement.objects.filter(campaign=nomination.campaign_id)}
    photos = {photo.pk: photo for photo in Attachment.objects.of_subjects("visit", [visit_id]).present()}
    _refuse(rules.faults_of_findings(checks, vetoes, requirements, photos))
    for check in checks:
        judged = {"verdict": check.verdict, "note": check.note.strip()}
        VisitCheck.objects.update_or_create(visit=found, requirement=requirements[check.number], defaults=judged)
    rows = [VetoFinding(visit=found, kind=veto.kind, note=veto.note.strip(), photo_id=veto.photo_id) for veto in vetoes]
    VetoFinding.objects.bulk_create(rows)
    told: dict[str, Any] = {
        "visit": str(found.pk),
        "checks": {check.number: check.verdict for check in checks},
        "found": [{"finding": str(row.pk), "kind": row.kind, "note": row.note} for row in rows],
    }
    evidence = {f"evidence_{number}": photos[row.photo_id].sha256 for number, row in enumerate(rows, start=1)}
    name = "find_veto" if rows else "record_findings"
    engine.record(nomination, name, actor=actor, at=at, payload=told, documents=evidence)
    return found


@transaction.atomic
def dismiss_finding(*, finding_id: UUID, reason: str, actor: Actor, at: datetime) -> VetoFinding:
    """Settle what a visit has found by saying why it does not exclude the community.

    Raises ``NotFound`` also for what was settled before, ``NotAllowed``, ``InvalidInput``.
    """
    visits = Visit.objects.visible_to(actor).values("pk")
    known = VetoFinding.objects.filter(pk=finding_id, visit__in=visits, settled_at__isnull=True)
    nomination_id = known.values_list("visit__nomination", flat=True).first()
    if nomination_id is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    nomination = engine.take(Nomination, nomination_id, actor=actor)
    finding = VetoFinding.objects.filter(pk=finding_id, settled_at__isnull=True).first()
    if finding is None:
        raise NotFound
    _refuse(rules.faults_of_text(reason, "reason", required=True, longest=1000))
    finding.settled_at, finding.settled_by_id, finding.dismissed_reason = at, actor.person_id, reason.strip()
    finding.save(update_fields=["settled_at", "settled_by", "dismissed_reason"])
    told = {"finding": str(finding.pk), "kind": finding.kind}
    engine.record(nomination, "dismiss_finding", actor=actor, at=at, comment=reason, payload=told)
    return finding


def _plan(
    nomination: Nomination, stop: Stop, position: int, members: Sequence[str], *, actor: Actor, at: datetime
) -> Visit:
    visit = nomination.visits.planned().first() or Visit(nomination=nomination, version=0)
    is_new = visit._state.adding
    is_moved = (visit.planned_from, visit.planned_until) != (stop.planned_from, stop.planned_until)
    visit.planned_from, visit.planned_until, visit.route_position = stop.planned_from, stop.planned_until, position
    visit.members = [member.strip() for member in members if member.strip()] or visit.members
    visit.planned_by_id, visit.planned_at = actor.person_id, at
    visit.version += 1
    visit.save()
    if is_new or is_moved:
        name = "plan_visit" if is_new else "move_visit"
        engine.record(nomination, name, actor=actor, at=at, payload=_told(visit))
    return visit


def _told(visit: Visit) -> dict[str, Any]:
    return {
        "visit": str(visit.pk),
        "planned_from": visit.planned_from,
        "planned_until": visit.planned_until,
        "evaluators": evaluators_of(visit.nomination_id),
    }


def _absent(visit: Visit, number: int) -> list[Refusal]:
    """Return who of the evaluators is away on the day, or at another community at the time."""
    community = visit.nomination.community.name
    return [rules.absence(community, name, is_away=away, stop=number) for name, away in unable_to_come(visit)]


def _keep_photos(visit: Visit, photos: Sequence[UploadedFile[bytes]], actor: Actor, at: datetime) -> list[Attachment]:
    person = User.objects.get(pk=actor.person_id)
    return [
        attachments.receive(
            subject_kind="visit",
            subject_id=visit.pk,
            purpose="photo",
            label="",
            upload=photo,
            uploaded_by=person,
            at=at,
        )
        for photo in photos
    ]


def _refuse(faults: Sequence[Refusal]) -> None:
    if faults:
        raise InvalidInput(refusals=faults)
