"""Entering related honors of a community: its company while it holds the form, district and city always (row S-17).

Each change is told by the cases that the community has at the time: an honor is read beside the form, and a reader of
the case must learn what it said before. A community without a case has no such record; its row says who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership
from common.errors import DomainError
from nominations.enums import ENDED_STATES, Act, NominationState
from nominations.errors import InvalidInput
from nominations.models import Community, Nomination, RelatedHonor
from nominations.operations.nomination import COMPANY_ROLES, DISTRICT_ROLES, require_role
from nominations.operations.words import clean_fields
from nominations.rules.records import HONOR
from workflow import engine
from workflow.errors import NotFound

RECORDERS = COMPANY_ROLES | DISTRICT_ROLES | {Role.CITY_REVIEWER}
IN_HAND = (NominationState.DRAFT, NominationState.RETURNED)
TOLD = ("programme", "year", "status", "document")


class HonorKnown(DomainError):
    """The honor is on the community's list."""

    code = "honor_known"
    message = _("This honor of the community is on the list already.")


class FormNotInHand(DomainError):
    """A company enters honors while the community's form is in its hands."""

    code = "form_not_in_hand"
    message = _("Related honors are entered while the form is a draft or returned. Ask the district bureau otherwise.")


class HonorOfOthers(DomainError):
    """A company changes only what it has written itself."""

    code = "honor_of_others"
    message = _("This honor was entered or corrected by an office. Ask the district bureau to change it.")


@transaction.atomic
def enter_honor(*, community_id: UUID, honor: Mapping[str, Any], actor: Actor, at: datetime) -> RelatedHonor:
    """Enter an honor of a community: ``{programme, year, status, document}``.

    Raises ``NotFound``, ``NotAllowed``, ``FormNotInHand``, ``HonorKnown``, ``InvalidInput`` with a reason per field.
    """
    community = Community.objects.visible_to(actor).filter(pk=community_id).first()
    if community is None:
        raise NotFound(attr="community")
    cases = _take_cases(community_id, actor)
    made = RelatedHonor(
        community=community, recorded_by_id=actor.person_id, recorded_at=at, **_clean(honor, whole=True)
    )
    with _once():
        made.save(force_insert=True)
    for case in cases:
        engine.record(case, Act.ENTER_HONOR, actor=actor, at=at, payload=_told(made))
    return made


@transaction.atomic
def correct_honor(*, honor_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime) -> RelatedHonor:
    """Correct fields of an honor, for instance once it has been granted.

    Raises what ``enter_honor`` raises, and ``HonorOfOthers`` for a company that did not write it.
    """
    honor, cases = _take(honor_id, actor)
    payload = {"before": _told(honor)}
    with _once():
        honor.change(_clean(changes, whole=False), by=actor.person_id, at=at)
    for case in cases:
        engine.record(case, Act.CORRECT_HONOR, actor=actor, at=at, payload=_told(honor) | payload)
    return honor


@transaction.atomic
def remove_honor(*, honor_id: UUID, actor: Actor, at: datetime) -> None:
    """Set an honor aside that was entered by mistake.

    Raises ``NotFound``, ``NotAllowed``, ``FormNotInHand``, and ``HonorOfOthers`` for a company that did not write it.
    """
    honor, cases = _take(honor_id, actor)
    honor.remove(by=actor.person_id, at=at)
    for case in cases:
        engine.record(case, Act.REMOVE_HONOR, actor=actor, at=at, payload=_told(honor))


def _take(honor_id: UUID, actor: Actor) -> tuple[RelatedHonor, list[Nomination]]:
    """Return an honor that the actor may change, with the cases that tell of it, all locked: the cases first."""
    rows = RelatedHonor.objects.visible_to(actor).filter(pk=honor_id)
    community_id = rows.values_list("community", flat=True).first()
    if community_id is None:
        raise NotFound
    cases = _take_cases(community_id, actor)
    honor: RelatedHonor | None = rows.select_for_update(of=("self",)).first()
    if honor is None:
        raise NotFound
    if actor.role in COMPANY_ROLES and not _is_written_by(honor, actor):
        raise HonorOfOthers
    return honor, cases


def _take_cases(community_id: UUID, actor: Actor) -> list[Nomination]:
    """Return the community's cases in the actor's scope, locked; a company must have one of them in its hands."""
    require_role(actor, RECORDERS)
    present = Nomination.objects.visible_to(actor).filter(community=community_id).exclude(state__in=ENDED_STATES)
    keys = present.order_by("pk").values_list("pk", flat=True)
    cases: list[Nomination] = [engine.take(Nomination, key, actor=actor) for key in keys]
    if actor.role in COMPANY_ROLES and not any(case.state in IN_HAND for case in cases):
        raise FormNotInHand
    return sorted(cases, key=lambda case: case.stream_id)  # the order in which a move of many locks the chains


def _is_written_by(honor: RelatedHonor, actor: Actor) -> bool:
    """Tell whether whoever wrote an honor last did so for the company that now acts."""
    person, at = honor.recorded_by_id, honor.recorded_at
    if honor.changed_by_id is not None and honor.changed_at is not None:
        person, at = honor.changed_by_id, honor.changed_at
    then = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
    members = Membership.objects.filter(then, organization=actor.organization_id, valid_from__lte=at)
    return members.filter(user=person, role__in=COMPANY_ROLES).exists()


def _told(honor: RelatedHonor) -> dict[str, Any]:
    return {"honor": str(honor.pk), **{name: getattr(honor, name) for name in TOLD}}


def _clean(values: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    cleaned, faults = clean_fields(HONOR, values, whole=whole)
    if faults:
        raise InvalidInput(refusals=faults)
    return cleaned


@contextmanager
def _once() -> Iterator[None]:
    """Tell a second entry of the same honor in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise HonorKnown(attr="programme") from error
