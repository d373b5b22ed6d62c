"""Who scores a community: assigning, accepting, declining, releasing, and opening the sheet (row S-09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM, Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Refusal
from evaluation import operations as evaluation
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from nominations.enums import AssignmentEnd, Capacity, ConflictKind, DeclineReason, NominationState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Assignment, Declaration, Evaluator, Nomination
from nominations.operations.conflict import declare, own_assignment, require_no_conflict
from nominations.queries.conflict import conflicts_between
from nominations.queries.evaluator import is_available_for
from workflow import engine
from workflow.errors import NotFound

PANEL = "panel"
LONGEST = 500


class AssignedAlready(DomainError):
    """The evaluator is on this panel, or has declined it or was found in conflict before."""

    code = "assigned_already"
    message = _("This evaluator is assigned to the community already, or has been before.")


class IdentityNotConfirmed(DomainError):
    """Nobody is assigned whose identity the city has not confirmed."""

    code = "identity_not_confirmed"
    message = _("The identity of this evaluator has not been confirmed, or the evaluator has left the pool.")


class WrongCapacity(DomainError):
    """Experts score as experts, department staff as department staff."""

    code = "wrong_capacity"
    message = _("This evaluator is in the pool as %(capacity)s.")


class DeclarationMissing(DomainError):
    """Nobody opens a sheet before having said whether there is a conflict of interest."""

    code = "declaration_missing"
    message = _("Please declare first whether you have a conflict of interest.")


class SheetBegun(DomainError):
    """The sheet was handed in: what it says is not undone by taking its author off the panel."""

    code = "sheet_handed_in"
    message = _("The score sheet was handed in; only a conflict of interest can end this assignment.")


@transaction.atomic
def assign_evaluator(
    *, nomination_id: UUID, evaluator_id: int, actor: Actor, at: datetime, capacity: Capacity | None = None
) -> Assignment:
    """Put a person of the city's pool on the panel of a recommended community (row S-09).

    Raises ``NotAllowed``, ``NotFound`` (also for a person who is not in the pool), ``NotEditable``,
    ``IdentityNotConfirmed``, ``WrongCapacity``, ``EvaluatorInConflict`` with every reason, ``AssignedAlready``.
    """
    nomination = take_evaluated(nomination_id, actor)
    profile = Evaluator.objects.filter(city=nomination.campaign.city_id, user=evaluator_id).first()
    if profile is None:
        raise NotFound(attr="evaluator")
    require_in_service([profile], attr="evaluator")
    if capacity is not None and capacity != profile.kind:
        raise WrongCapacity(attr="capacity", capacity=profile.get_kind_display())
    return seat(nomination, profile, actor=actor, at=at)


def seat(
    nomination: Nomination,
    profile: Evaluator,
    *,
    actor: Actor,
    at: datetime,
    proposal_id: UUID | None = None,
    replaces: Assignment | None = None,
) -> Assignment:
    """Assign a person in service to a nomination that was taken; raises ``EvaluatorInConflict``, ``AssignedAlready``.

    One whom the city had released comes back to the same assignment.
    """
    require_no_conflict(nomination.campaign, nomination, profile.user_id, at)
    assignment = Assignment.objects.filter(nomination=nomination, evaluator=profile.user_id).first() or Assignment(
        nomination=nomination, evaluator_id=profile.user_id
    )
    if not assignment._state.adding and assignment.ended_because != AssignmentEnd.RELEASED:
        raise AssignedAlready(attr="evaluator")
    assignment.capacity, assignment.assigned_at, assignment.accepted_at = profile.kind, at, None
    assignment.ended_at, assignment.ended_because, assignment.end_note = None, "", ""
    assignment.proposal_id, assignment.replaces = proposal_id, replaces
    assignment.save()
    told = {"assignment": str(assignment.pk), "evaluator": profile.user_id, "capacity": assignment.capacity}
    more = {"proposal": str(proposal_id)} if proposal_id else {}
    more |= {"replaces": str(replaces.pk)} if replaces else {}
    engine.record(nomination, "assign_evaluator", actor=actor, at=at, payload=told | more)
    return assignment


@transaction.atomic
def accept_assignment(*, assignment_id: UUID, actor: Actor, at: datetime) -> Assignment:
    """Let an evaluator accept, which is to declare that there is no conflict of interest with the community.

    Accepting again changes nothing. Raises ``NotFound`` and, where the evaluator is in conflict after all,
    ``EvaluatorInConflict``.
    """
    assignment = own_assignment(assignment_id, actor)
    nomination = engine.take(Nomination, assignment.nomination_id, actor=actor)
    require_no_conflict(nomination.campaign, nomination, assignment.evaluator_id, at)
    if assignment.accepted_at is not None:
        return assignment
    declare(
        kind=ConflictKind.NONE,
        community_id=nomination.community_id,
        campaign_id=nomination.campaign_id,
        actor=actor,
        at=at,
    )
    assignment.accepted_at = at
    assignment.save(update_fields=["accepted_at"])
    engine.record(nomination, "accept_assignment", actor=actor, at=at, payload=_told(assignment))
    return assignment


@transaction.atomic
def decline_assignment(
    *, assignment_id: UUID, reason: DeclineReason, actor: Actor, at: datetime, note: str = ""
) -> Assignment:
    """Let an evaluator decline for a coded reason; a deputy who is free and in no conflict takes over at once.

    A conflict of interest is declared instead. Returns the assignment of the deputy, or the declined one if there is
    none. Raises ``NotFound``, ``SheetBegun`` once the sheet was handed in, ``InvalidInput``.
    """
    assignment = own_assignment(assignment_id, actor)
    _require_not_handed_in(assignment)
    nomination = engine.take(Nomination, assignment.nomination_id, actor=actor)
    assignment.ended_at, assignment.ended_because = at, AssignmentEnd.DECLINED
    assignment.decline_reason, assignment.end_note = reason, _note(note)
    assignment.save(update_fields=["ended_at", "ended_because", "decline_reason", "end_note"])
    told = _told(assignment) | {"reason": reason.value}
    deputy = _deputy_for(assignment, nomination, at)
    told |= {"deputy": deputy.user_id} if deputy else {}
    engine.record(nomination, "decline_assignment", actor=actor, at=at, payload=told)
    if deputy is None:
        return assignment
    again = engine.take(Nomination, nomination.pk, actor=SYSTEM)
    return seat(again, deputy, actor=SYSTEM, at=at, replaces=assignment)


@transaction.atomic
def release_evaluator(*, assignment_id: UUID, reason: str, actor: Actor, at: datetime) -> Assignment:
    """Take an evaluator off a panel whose sheet has not been handed in; the reason is kept, the evaluator is told.

    Raises ``NotFound``, ``NotAllowed``, ``NotEditable``, ``SheetBegun``, ``InvalidInput`` without a reason.
    """
    found = Assignment.objects.visible_to(actor).active().filter(pk=assignment_id).first()
    if found is None:
        raise NotFound
    nomination = take_evaluated(found.nomination_id, actor)
    assignment = Assignment.objects.active().select_related("sheet").filter(pk=assignment_id).first()
    if assignment is None:
        raise NotFound
    _require_not_handed_in(assignment)
    assignment.ended_at, assignment.ended_because = at, AssignmentEnd.RELEASED
    assignment.end_note = _note(reason, required=True)
    assignment.save(update_fields=["ended_at", "ended_because", "end_note"])
    engine.record(nomination, "release_evaluator", actor=actor, at=at, comment=reason, payload=_told(assignment))
    return assignment


@transaction.atomic
def open_panel_sheet(*, assignment_id: UUID, actor: Actor, at: datetime) -> ScoreSheet:
    """Return the evaluator's own sheet for the assigned community, opened on the campaign's standard if need be.

    Raises ``NotFound``, ``NotEditable``, ``DeclarationMissing`` before anything was declared, ``EvaluatorInConflict``.
    """
    assignment = own_assignment(assignment_id, actor)
    nomination = assignment.nomination
    if nomination.state != NominationState.RECOMMENDED:
        raise NotEditable(state=nomination.get_state_display())
    require_no_conflict(nomination.campaign, nomination, assignment.evaluator_id, at)
    if assignment.accepted_at is None and not _has_declared(assignment):
        raise DeclarationMissing
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


def require_in_service(profiles: Iterable[Evaluator], *, attr: str) -> None:
    """Raise ``IdentityNotConfirmed`` naming everybody who is unconfirmed or has left the pool."""
    message = _("%(name)s is not confirmed, or has left the pool.")
    faults = [
        Refusal("identity_not_confirmed", message, {"name": one.user.name}, fix=f"evaluators/{one.pk}")
        for one in profiles
        if not one.is_in_service
    ]
    if faults:
        raise IdentityNotConfirmed(attr=attr, refusals=faults)


def take_evaluated(nomination_id: UUID, actor: Actor) -> Nomination:
    """Take a recommended nomination for the city's reviewer; raises ``NotFound``, ``NotAllowed``, ``NotEditable``."""
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if nomination.state != NominationState.RECOMMENDED:
        raise NotEditable(state=nomination.get_state_display())
    return nomination


def _has_declared(assignment: Assignment) -> bool:
    """Tell whether the evaluator has answered, about this community or about the whole campaign."""
    nomination = assignment.nomination
    whole = Q(campaign=nomination.campaign_id, organization__isnull=True, community__isnull=True)
    declared = Declaration.objects.filter(person=assignment.evaluator_id, kind=ConflictKind.NONE)
    return declared.filter(whole | Q(community=nomination.community_id)).exists()


def _deputy_for(assignment: Assignment, nomination: Nomination, at: datetime) -> Evaluator | None:
    """Return the deputy with the least to do who may take over: same capacity, there, not asked yet, in no conflict."""
    asked = Assignment.objects.filter(nomination=nomination).values("evaluator")
    load = Count("user__assignments", filter=Q(user__assignments__ended_at__isnull=True))
    deputies = list(
        Evaluator.objects.in_service()
        .filter(deputy_of__user=assignment.evaluator_id, deputy_of__city=nomination.campaign.city_id)
        .filter(city=nomination.campaign.city_id, kind=assignment.capacity)
        .exclude(user__in=asked)
        .annotate(load=load)
        .prefetch_related("absences", "districts")
        .order_by("load", "pk")
    )
    found = conflicts_between(nomination.campaign, [nomination], [one.user_id for one in deputies], at=at)
    free = (one for one in deputies if (nomination.pk, one.user_id) not in found)
    return next((one for one in free if is_available_for(one, nomination, at)), None)


def _require_not_handed_in(assignment: Assignment) -> None:
    if assignment.sheet is not None and assignment.sheet.state == SheetState.HANDED_IN:
        raise SheetBegun


def _told(assignment: Assignment) -> dict[str, object]:
    return {"assignment": str(assignment.pk), "evaluator": assignment.evaluator_id}


def _note(text: str, *, required: bool = False) -> str:
    note = text.strip()
    if required and not note:
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix="reason")])
    if len(note) > LONGEST:
        params = {"limit": LONGEST, "count": len(note)}
        message = _("At most %(limit)s characters; these are %(count)s.")
        raise InvalidInput(refusals=[Refusal("too_long", message, params, fix="reason")])
    return note
