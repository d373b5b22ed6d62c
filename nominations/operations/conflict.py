"""Conflicts of interest: declared by the evaluator, found by the machine, each voiding what it concerns (row S-09)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization
from common.errors import DomainError
from common.instants import local_date
from common.refusals import Refusal
from nominations.enums import AssignmentEnd, ConflictCause, ConflictKind, NominationState
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Assignment, Campaign, Community, Declaration, Nomination, Ranking
from nominations.queries.conflict import conflicts_between
from nominations.rules import assessment
from nominations.rules.conflict import Conflict
from workflow import engine
from workflow.errors import NotFound

LONGEST = 500
ABOUT = ("company", "authority", "community")
# A ranking in force keeps what went into it; a conflict found later is a matter for the approver.
STILL_SCORED = (NominationState.RECOMMENDED, NominationState.EVALUATED)


class EvaluatorInConflict(DomainError):
    """The evaluator stands too close to the community, its company or its district bureau; every reason is listed."""

    code = "evaluator_in_conflict"
    message = _("This evaluator has a conflict of interest and must not score the community.")


class LiftedAlready(DomainError):
    """The declaration was lifted before."""

    code = "lifted_already"
    message = _("This declaration was lifted already.")


def require_no_conflict(campaign: Campaign, nomination: Nomination, user_id: int, at: datetime) -> None:
    """Raise ``EvaluatorInConflict`` with every reason if the person must not score the community."""
    found = conflicts_between(campaign, [nomination], [user_id], at=at)
    if reasons := found.get((nomination.pk, user_id)):
        raise EvaluatorInConflict(attr="evaluator", refusals=[reason.refusal() for reason in reasons])


@transaction.atomic
def declare(
    *,
    kind: ConflictKind,
    actor: Actor,
    at: datetime,
    organization_id: UUID | None = None,
    community_id: UUID | None = None,
    campaign_id: UUID | None = None,
    ended_on: date | None = None,
    reason: str = "",
) -> Declaration:
    """Keep what an evaluator declares, also that there is nothing to declare, and void what it concerns.

    ``campaign_id`` alone with the kind ``none`` speaks of every community of a campaign. Raises ``NotAllowed``,
    ``NotFound`` for a company, a bureau, a community or a campaign that does not exist, ``InvalidInput``.
    """
    if actor.role != Role.EVALUATOR:
        raise NotAllowed
    about = {"organization_id": organization_id, "community_id": community_id, "campaign_id": campaign_id}
    _require_known(about, actor)
    _refuse_faults(kind, about, ended_on, reason, local_date(at))
    declaration = Declaration.objects.create(
        person_id=actor.person_id, kind=kind, declared_at=at, ended_on=ended_on, reason=reason.strip(), **about
    )
    recheck(at=at, user_ids=[actor.person_id], actor=actor)
    return declaration


@transaction.atomic
def declare_conflict(
    *,
    assignment_id: UUID,
    reason: str,
    actor: Actor,
    at: datetime,
    kind: ConflictKind = ConflictKind.OTHER,
    about: str = "community",
) -> Assignment:
    """Let an evaluator step back from an assignment: a relation to its company, authority or community is declared.

    The sheet no longer counts and can no longer be opened, and neither can those of other communities that the relation
    concerns. Raises ``NotFound`` for an assignment that is not the actor's own or has ended, ``InvalidInput``.
    """
    assignment = own_assignment(assignment_id, actor)
    nomination = assignment.nomination
    if kind == ConflictKind.NONE or about not in ABOUT:
        raise InvalidInput(refusals=[Refusal("required", _("Say what the relation is and to whom."), fix="kind")])
    if not reason.strip():
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix="reason")])
    offices = {"company": nomination.company_id, "authority": nomination.district_id, "community": None}
    declare(
        kind=kind,
        organization_id=offices[about],
        community_id=nomination.community_id if about == "community" else None,
        campaign_id=nomination.campaign_id,
        reason=reason,
        actor=actor,
        at=at,
    )
    # In whatever state the nomination is: who steps back has stepped back.
    _void(assignment, Conflict(ConflictCause.DECLARED, kind, nomination.community.name), actor, at)
    assignment.refresh_from_db()
    return assignment


@transaction.atomic
def lift_declaration(*, declaration_id: UUID, reason: str, actor: Actor, at: datetime) -> Declaration:
    """Let a declaration that was a mistake no longer count; it stays on record, and so does what it has voided.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``, ``LiftedAlready``.
    """
    found = Declaration.objects.visible_to(actor).filter(pk=declaration_id).values_list("pk", flat=True)
    declaration = Declaration.objects.select_for_update().filter(pk__in=list(found)).first()
    if declaration is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if declaration.lifted_at is not None:
        raise LiftedAlready
    declaration.lifted_reason = _reason(reason)
    declaration.lifted_at, declaration.lifted_by_id = at, actor.person_id
    declaration.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    return declaration


@transaction.atomic
def recheck(
    *,
    at: datetime,
    user_ids: Sequence[int] | None = None,
    nomination_ids: Sequence[UUID] | None = None,
    actor: Actor = SYSTEM,
) -> list[Assignment]:
    """Look again at every assignment that still counts, or at those of some people or communities, and end each that a
    conflict of interest now forbids; its evaluator and the city are told. Safe to repeat; returns those it ended.

    An evaluator who declares the conflict is the actor of the event, otherwise the machine is.
    """
    in_force = Ranking.objects.filter(superseded_at__isnull=True).values("campaign")
    live = Assignment.objects.active().filter(nomination__state__in=STILL_SCORED)
    live = live.exclude(nomination__campaign__in=in_force)
    if user_ids is not None:
        live = live.filter(evaluator__in=user_ids)
    if nomination_ids is not None:
        live = live.filter(nomination__in=nomination_ids)
    related = ("nomination__community", "nomination__company", "nomination__district", "nomination__campaign")
    rows = list(live.select_related(*related).order_by("nomination_id", "pk"))
    return [ended for row, reason in _in_conflict(rows, at) if (ended := _void(row, reason, actor, at))]


def look_at_grant(membership: Membership) -> None:
    """Look again at the assignments of somebody who has just got an office (``settings.ACCOUNTS_GRANTED``)."""
    recheck(at=membership.valid_from, user_ids=[membership.user_id])


def _in_conflict(rows: Sequence[Assignment], at: datetime) -> Iterable[tuple[Assignment, Conflict]]:
    by_campaign: dict[UUID, list[Assignment]] = {}
    for row in rows:
        by_campaign.setdefault(row.nomination.campaign_id, []).append(row)
    for own in by_campaign.values():
        nominations = list({row.nomination_id: row.nomination for row in own}.values())
        people = sorted({row.evaluator_id for row in own})
        found = conflicts_between(own[0].nomination.campaign, nominations, people, at=at)
        for row in own:
            if reasons := found.get((row.nomination_id, row.evaluator_id)):
                yield row, reasons[-1]


def _void(row: Assignment, conflict: Conflict, actor: Actor, at: datetime) -> Assignment | None:
    """End an assignment for a conflict; ``None`` when it ended meanwhile.

    Where the evaluation is completed, the panel's score is worked out anew from the sheets that are left; a ranking is
    not frozen over fewer than the campaign asks for (decision 33).
    """
    nomination = engine.take(Nomination, row.nomination_id, actor=SYSTEM)
    assignment = Assignment.objects.active().filter(pk=row.pk).first()
    if assignment is None:
        return None
    assignment.ended_at, assignment.ended_because = at, AssignmentEnd.CONFLICT
    assignment.conflict_kind, assignment.conflict_cause = conflict.kind, conflict.cause
    assignment.conflict_reason = _why(assignment, conflict)[:LONGEST]
    assignment.save(update_fields=["ended_at", "ended_because", "conflict_kind", "conflict_cause", "conflict_reason"])
    told = {
        "assignment": str(assignment.pk),
        "evaluator": assignment.evaluator_id,
        "kind": conflict.kind.value,
        "cause": conflict.cause.value,
    }
    if nomination.state == NominationState.EVALUATED:
        nomination = engine.take(Nomination, row.nomination_id, actor=SYSTEM)  # with the facts as they are now
        nomination.panel_score = assessment.panel_score(nomination)
    is_own = conflict.cause == ConflictCause.DECLARED and actor.user_id == assignment.evaluator_id
    name, who = ("declare_conflict", actor) if is_own else ("find_conflict", SYSTEM)
    engine.record(nomination, name, actor=who, at=at, payload=told)
    return assignment


def _why(assignment: Assignment, conflict: Conflict) -> str:
    """Return the evaluator's own words where there are any, else the sentence of the rule; for the city alone."""
    declared = Declaration.objects.in_force().filter(person=assignment.evaluator_id, kind=conflict.kind)
    newest = declared.exclude(reason="").order_by("-declared_at", "-pk").first()
    if conflict.cause == ConflictCause.DECLARED and newest is not None:
        return newest.reason
    return conflict.refusal().sentence()


def own_assignment(assignment_id: UUID, actor: Actor) -> Assignment:
    """Return the actor's own assignment that still counts; anything else is not found (flow rule 5)."""
    found = (
        Assignment.objects.active()
        .select_related(
            "sheet", "nomination__campaign", "nomination__community", "nomination__company", "nomination__district"
        )
        .filter(pk=assignment_id, evaluator=actor.user_id)
        .first()
    )
    if found is None or actor.role != Role.EVALUATOR:
        raise NotFound
    return found


def _require_known(about: Mapping[str, UUID | None], actor: Actor) -> None:
    kinds = (OrganizationKind.COMPANY, OrganizationKind.DISTRICT)
    known = {
        "organization": Organization.objects.filter(kind__in=kinds),
        "community": Community.objects.all(),
        "campaign": Campaign.objects.visible_to(actor),
    }
    for name, rows in known.items():
        pk = about[f"{name}_id"]
        if pk and not rows.filter(pk=pk).exists():
            raise NotFound(attr=name)


def _refuse_faults(kind: ConflictKind, about: Mapping[str, Any], ended_on: date | None, reason: str, day: date) -> None:
    named = bool(about["organization_id"]) + bool(about["community_id"])
    is_relation = kind != ConflictKind.NONE
    checks = [
        (named <= 1, "one_only", _("Name a company, an authority or a community, one at a time."), "organization"),
        (
            named or not is_relation,
            "required",
            _("Name the company, the authority or the community."),
            "organization",
        ),
        (ended_on is None or ended_on <= day, "in_future", _("This day lies in the future."), "ended_on"),
        (len(reason.strip()) <= LONGEST, "too_long", _("At most %(limit)s characters; these are %(count)s."), "reason"),
    ]
    params = {"limit": LONGEST, "count": len(reason.strip())}
    faults = [Refusal(code, message, params, fix=field) for holds, code, message, field in checks if not holds]
    if faults:
        raise InvalidInput(refusals=faults)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix="reason")])
    if len(reason) > LONGEST:
        params = {"limit": LONGEST, "count": len(reason)}
        message = _("At most %(limit)s characters; these are %(count)s.")
        raise InvalidInput(refusals=[Refusal("too_long", message, params, fix="reason")])
    return reason
