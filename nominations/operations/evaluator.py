"""The city's pool of evaluators: entering people, correcting what is known of them, calendars (row S-09)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import Capacity, Specialty
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Absence, CalendarFeed, Community, Evaluator
from nominations.operations.conflict import recheck
from workflow.errors import NotFound, StaleVersion

PLAIN = ("kind", "organization", "specialties", "is_active")
SETS = ("districts", "deputies", "absences")
FACTS = frozenset({*PLAIN, *SETS, "employer", "home", "identity_confirmed"})
MOST_ABSENCES = 50


class InPoolAlready(DomainError):
    """The person is in the city's pool."""

    code = "in_pool_already"
    message = _("This person is in the pool already.")


@transaction.atomic
def enter_evaluator(*, user_id: int, facts: Mapping[str, Any], actor: Actor, at: datetime) -> Evaluator:
    """Put a person who holds the role of an evaluator into the city's pool; matched once the identity is confirmed.

    ``facts`` as of ``correct_evaluator``; ``kind`` and ``organization`` are needed. Raises ``NotAllowed``,
    ``NotFound`` for a person without the role, ``InvalidInput``, ``InPoolAlready``.
    """
    _require_reviewer(actor)
    holds = Membership.objects.valid_at(at).filter(user=user_id, role=Role.EVALUATOR)
    if not holds.filter(organization__parent=actor.organization_id).exists():
        raise NotFound(attr="user")
    missing = [name for name in ("kind", "organization") if not facts.get(name)]
    if missing:
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix=name) for name in missing])
    assert actor.organization_id is not None  # a reviewer of the city acts for the city bureau
    profile = Evaluator(city_id=actor.organization_id, user_id=user_id, entered_at=at)
    try:
        with transaction.atomic():
            _write(profile, facts, actor, at)
    except IntegrityError as error:
        raise InPoolAlready(attr="user") from error
    return profile


@transaction.atomic
def correct_evaluator(
    *, evaluator_id: UUID, facts: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> Evaluator:
    """Change what is known of an evaluator; assignments that a conflict of interest now forbids end at once.

    ``facts``: kind, organization, specialties, is_active, identity_confirmed, employer and home (ids or ``None``),
    districts and deputies (ids), absences (pairs of first and last day); what is not named stays. Raises ``NotFound``,
    ``NotAllowed``, ``StaleVersion``, ``InvalidInput``.
    """
    visible = Evaluator.objects.visible_to(actor).filter(pk=evaluator_id).values("pk")
    profile = Evaluator.objects.select_for_update(of=("self",)).filter(pk__in=visible).first()
    if profile is None:
        raise NotFound
    _require_reviewer(actor)
    if version is not None and version != profile.version:
        raise StaleVersion(attr="version", seen=version, current=profile.version)
    profile.version += 1
    _write(profile, facts, actor, at)
    recheck(at=at, user_ids=[profile.user_id])
    return profile


@transaction.atomic
def issue_feed(*, actor: Actor, at: datetime) -> str:
    """Return the secret of a new address of the evaluator's calendar, shown this once; the former one is revoked.

    256 random bits, of which only the SHA-256 is kept. Raises ``NotAllowed``.
    """
    revoke_feed(actor=actor, at=at)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(
        user_id=actor.person_id, digest=digest_of(secret), language=actor.language, created_at=at
    )
    return secret


@transaction.atomic
def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """Make the address of the evaluator's calendar useless; without one nothing changes. Raises ``NotAllowed``."""
    if actor.role != Role.EVALUATOR:
        raise NotAllowed
    User.objects.select_for_update().filter(pk=actor.person_id).first()
    CalendarFeed.objects.filter(user=actor.person_id, revoked_at__isnull=True).update(revoked_at=at)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _require_reviewer(actor: Actor) -> None:
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed


def _write(profile: Evaluator, facts: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    related = _related(profile, facts)
    _refuse_faults(facts)
    for name in PLAIN:
        if name in facts:
            setattr(profile, name, facts[name])
    for name in ("employer", "home"):
        if name in facts:
            setattr(profile, name, related[name])
    if "identity_confirmed" in facts:
        _confirm(profile, confirmed=facts["identity_confirmed"], actor=actor, at=at)
    profile.save()
    for name in ("districts", "deputies"):
        if name in facts:
            getattr(profile, name).set(related[name])
    if "absences" in facts:
        profile.absences.all().delete()
        Absence.objects.bulk_create(
            Absence(evaluator=profile, first_on=first, last_on=last) for first, last in sorted(set(facts["absences"]))
        )


def _confirm(profile: Evaluator, *, confirmed: bool, actor: Actor, at: datetime) -> None:
    """Note who confirmed the identity and when; confirming again leaves the first note."""
    if confirmed and profile.identity_confirmed_at is None:
        profile.identity_confirmed_at, profile.identity_confirmed_by_id = at, actor.person_id
    elif not confirmed:
        profile.identity_confirmed_at, profile.identity_confirmed_by = None, None


def _related(profile: Evaluator, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows that the facts name by their ids; raises ``NotFound`` naming the fact."""
    offices = Organization.objects.exclude(kind=OrganizationKind.OPERATOR)
    bureaus = Organization.objects.filter(kind=OrganizationKind.DISTRICT, parent=profile.city_id)
    pool = Evaluator.objects.filter(city=profile.city_id).exclude(pk=profile.pk)
    return {
        "employer": _one(offices, facts.get("employer"), "employer"),
        "home": _one(Community.objects.filter(authority__parent=profile.city_id), facts.get("home"), "home"),
        "districts": _all(bureaus, facts.get("districts", ()), "districts"),
        "deputies": _all(pool, facts.get("deputies", ()), "deputies"),
    }


def _one(rows: Any, pk: UUID | None, name: str) -> Any:
    found = rows.filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise NotFound(attr=name)
    return found


def _all(rows: Any, pks: Collection[UUID], name: str) -> list[Any]:
    found = list(rows.filter(pk__in=pks)) if pks else []
    if len(found) != len(set(pks)):
        raise NotFound(attr=name)
    return found


def _refuse_faults(facts: Mapping[str, Any]) -> None:
    absences: Sequence[tuple[date, date]] = facts.get("absences", ())
    checks = [
        (facts.keys() <= FACTS, "unknown_field", _("There is no such field."), "facts"),
        (facts.get("kind", Capacity.EXPERT) in Capacity.values, "unknown", _("There is no such capacity."), "kind"),
        (
            set(facts.get("specialties", ())) <= set(Specialty.values),
            "unknown",
            _("There is no such specialty."),
            "specialties",
        ),
        (
            0 < len(str(facts.get("organization", "-")).strip()) <= 120,
            "wrong_length",
            _("Between 1 and 120 characters."),
            "organization",
        ),
        (
            all(first <= last for first, last in absences),
            "absence_ordered",
            _("An absence ends on its first day or later."),
            "absences",
        ),
        (len(absences) <= MOST_ABSENCES, "too_many", _("These are too many absences."), "absences"),
    ]
    faults = [Refusal(code, message, fix=field) for holds, code, message, field in checks if not holds]
    if faults:
        raise InvalidInput(refusals=faults)
