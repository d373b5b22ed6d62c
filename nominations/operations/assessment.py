"""The city's verbs on site: assign evaluators, record visits, settle discrepancies and vetoes (rows S-09, S-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership, User
from attachments import operations as attachments
from common.errors import DomainError
from common.instants import local_date
from common.refusals import Refusal
from evaluation import operations as evaluation
from evaluation.models import ScoreSheet
from nominations.enums import Capacity, NominationState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Assignment, Nomination, Visit
from workflow import engine
from workflow.errors import NotFound
from workflow.models import Event

PANEL = "panel"
LONGEST = 2000


class EvaluatorInConflict(DomainError):
    """The evaluator works for the company or the district bureau that the community depends on."""

    code = "evaluator_in_conflict"
    message = _("This evaluator belongs to %(office)s and must not score the community.")


class AssignedAlready(DomainError):
    """The evaluator is on this panel."""

    code = "assigned_already"
    message = _("This evaluator is assigned to the community already.")


@transaction.atomic
def assign_evaluator(
    *, nomination_id: UUID, evaluator_id: int, capacity: Capacity, actor: Actor, at: datetime
) -> Assignment:
    """Put an evaluator on the panel of a recommended community (row S-09).

    Raises ``NotAllowed``, ``NotFound`` (also for a person who is no evaluator), ``NotEditable``,
    ``EvaluatorInConflict`` for a member of the company or the district bureau concerned, ``AssignedAlready``.
    """
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, {NominationState.RECOMMENDED})
    _require_evaluator(evaluator_id, at)
    _require_no_conflict(nomination, evaluator_id, at)
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                nomination=nomination, evaluator_id=evaluator_id, capacity=capacity, assigned_at=at
            )
    except IntegrityError as error:
        raise AssignedAlready(attr="evaluator") from error
    told = {"assignment": str(assignment.pk), "evaluator": evaluator_id, "capacity": capacity.value}
    engine.record(nomination, "assign_evaluator", actor=actor, at=at, payload=told)
    return assignment


@transaction.atomic
def declare_conflict(*, assignment_id: UUID, reason: str, actor: Actor, at: datetime) -> Assignment:
    """Let an evaluator step back: the sheet no longer counts and can no longer be opened."""
    assignment = own_assignment(assignment_id, actor)
    reason = _text(reason, "reason", required=True)
    nomination = engine.take(Nomination, assignment.nomination_id, actor=actor)
    assignment.conflict_reason = reason[:500]
    assignment.save(update_fields=["conflict_reason"])
    told = {"assignment": str(assignment.pk), "evaluator": assignment.evaluator_id}
    engine.record(nomination, "declare_conflict", actor=actor, at=at, comment=reason, payload=told)
    return assignment


@transaction.atomic
def open_panel_sheet(*, assignment_id: UUID, actor: Actor, at: datetime) -> ScoreSheet:
    """Return the evaluator's own sheet for the assigned community, opened on the campaign's standard if need be."""
    assignment = own_assignment(assignment_id, actor)
    nomination = assignment.nomination
    if nomination.state != NominationState.RECOMMENDED:
        raise NotEditable(state=nomination.get_state_display())
    _require_no_conflict(nomination, assignment.evaluator_id, at)
    sheet = evaluation.open_sheet(
        standard_id=nomination.campaign.standard_id,
        subject_kind=Nomination.flow,
        subject_id=nomination.pk,
        kind=PANEL,
        scorer_id=assignment.evaluator_id,
        scorer_role=assignment.capacity,
        at=at,
    )
    if assignment.sheet_id != sheet.pk:
        assignment.sheet = sheet
        assignment.save(update_fields=["sheet"])
    return sheet


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
    """Record a visit on site: its day, not in the future, its members and at least one photo (row S-09)."""
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, {NominationState.RECOMMENDED})
    _refuse_faults(_visit_faults(visited_on, members, photos, at))
    visit = Visit.objects.create(
        nomination=nomination,
        visited_on=visited_on,
        members=[member.strip() for member in members],
        findings=_text(findings, "findings"),
        recorded_by_id=actor.person_id,
        recorded_at=at,
    )
    person = User.objects.get(pk=actor.person_id)
    kept = [
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
    documents = {f"photo_{number}": photo.sha256 for number, photo in enumerate(kept, start=1)}
    told = {"visit": str(visit.pk), "visited_on": visited_on.isoformat()}
    engine.record(nomination, "record_visit", actor=actor, at=at, payload=told, documents=documents)
    return visit


@transaction.atomic
def resolve_discrepancy(
    *, nomination_id: UUID, decision: str, actor: Actor, at: datetime, version: int | None = None
) -> Event:
    """Record how two sheets far apart were dealt with; the sheets themselves stay as they are."""
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, {NominationState.RECOMMENDED}, version)
    nomination.discrepancy_decision = _text(decision, "decision", required=True)
    return engine.record(nomination, "resolve_discrepancy", actor=actor, at=at, comment=decision)


@transaction.atomic
def record_veto(
    *,
    nomination_id: UUID,
    kind: str,
    authority: str,
    document: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Event:
    """Record an event that excludes the community: what, who found it, by which document."""
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, set(NominationState), version)
    given = {"kind": kind, "authority": authority, "document": document}
    nomination.veto = {name: _text(value, name, required=True) for name, value in given.items()}
    return engine.record(nomination, "record_veto", actor=actor, at=at, payload=nomination.veto)


def own_assignment(assignment_id: UUID, actor: Actor) -> Assignment:
    """Return the actor's own assignment without a conflict; anything else is not found (flow rule 5)."""
    found = (
        Assignment.objects.select_related("nomination__campaign", "nomination__company", "nomination__district")
        .filter(pk=assignment_id, evaluator=actor.user_id, conflict_reason="")
        .first()
    )
    if found is None or actor.role != Role.EVALUATOR:
        raise NotFound
    return found


def _take(
    nomination_id: UUID, actor: Actor, role: Role, states: set[NominationState], version: int | None = None
) -> Nomination:
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor, version=version)
    if actor.role != role:
        raise NotAllowed
    if nomination.state not in states:
        raise NotEditable(state=nomination.get_state_display())
    return nomination


def _require_evaluator(evaluator_id: int, at: datetime) -> None:
    if not Membership.objects.valid_at(at).filter(user=evaluator_id, role=Role.EVALUATOR).exists():
        raise NotFound(attr="evaluator")


def _require_no_conflict(nomination: Nomination, evaluator_id: int, at: datetime) -> None:
    concerned = Q(organization=nomination.company_id) | Q(organization=nomination.district_id)
    membership = Membership.objects.valid_at(at).filter(concerned, user=evaluator_id).select_related("organization")
    if found := membership.first():
        raise EvaluatorInConflict(attr="evaluator", office=found.organization.name)


def _visit_faults(visited_on: date, members: Sequence[str], photos: Sequence[Any], at: datetime) -> list[Refusal]:
    checks = [
        (visited_on <= local_date(at), "visit_in_future", _("The visit lies in the future."), "visited_on"),
        (any(member.strip() for member in members), "members_missing", _("Name who took part."), "members"),
        (len(photos) > 0, "photo_missing", _("At least one photo belongs to a visit."), "photos"),
    ]
    return [Refusal(code, message, fix=field) for holds, code, message, field in checks if not holds]


def _refuse_faults(faults: list[Refusal]) -> None:
    if faults:
        raise InvalidInput(refusals=faults)


def _text(value: str, field: str, *, required: bool = False) -> str:
    text = value.strip()
    if required and not text:
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix=field)])
    if len(text) > LONGEST:
        message = _("At most %(limit)s characters; these are %(count)s.")
        raise InvalidInput(refusals=[Refusal("too_long", message, {"limit": LONGEST, "count": len(text)}, fix=field)])
    return text
