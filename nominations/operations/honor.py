"""Entering related honors of a community: its company while it holds the form, district and city always (row S-17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from nominations.enums import NominationState
from nominations.errors import InvalidInput
from nominations.models import Community, Nomination, RelatedHonor
from nominations.operations.nomination import COMPANY_ROLES, DISTRICT_ROLES, require_role
from nominations.operations.words import clean_fields
from nominations.rules.records import HONOR
from workflow.errors import NotFound

RECORDERS = COMPANY_ROLES | DISTRICT_ROLES | {Role.CITY_REVIEWER}
IN_HAND = (NominationState.DRAFT, NominationState.RETURNED)


class HonorKnown(DomainError):
    """The honor is on the community's list."""

    code = "honor_known"
    message = _("This honor of the community is on the list already.")


class FormNotInHand(DomainError):
    """A company enters honors while the community's form is in its hands."""

    code = "form_not_in_hand"
    message = _("Related honors are entered while the form is a draft or returned. Ask the district bureau otherwise.")


@transaction.atomic
def enter_honor(*, community_id: UUID, honor: Mapping[str, Any], actor: Actor, at: datetime) -> RelatedHonor:
    """Enter an honor of a community: ``{programme, year, status, document}``.

    Raises ``NotFound``, ``NotAllowed``, ``FormNotInHand``, ``HonorKnown``, ``InvalidInput`` with a reason per field.
    """
    community = Community.objects.visible_to(actor).filter(pk=community_id).first()
    if community is None:
        raise NotFound(attr="community")
    _require_recorder(community_id, actor)
    made = RelatedHonor(
        community=community, recorded_by_id=actor.person_id, recorded_at=at, **_clean(honor, whole=True)
    )
    with _once():
        made.save(force_insert=True)
    return made


@transaction.atomic
def correct_honor(*, honor_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime) -> RelatedHonor:
    """Correct fields of an honor, for instance once it has been granted. Raises what ``enter_honor`` raises."""
    honor = _own(honor_id, actor)
    values = _clean(changes, whole=False)
    with _once():
        honor.change(values, by=actor.person_id, at=at)
    return honor


@transaction.atomic
def remove_honor(*, honor_id: UUID, actor: Actor, at: datetime) -> None:
    """Set an honor aside that was entered by mistake. Raises ``NotFound``, ``NotAllowed``, ``FormNotInHand``."""
    _own(honor_id, actor).remove(by=actor.person_id, at=at)


def _own(honor_id: UUID, actor: Actor) -> RelatedHonor:
    rows = RelatedHonor.objects.visible_to(actor).select_for_update(of=("self",))
    honor: RelatedHonor | None = rows.filter(pk=honor_id).first()
    if honor is None:
        raise NotFound
    _require_recorder(honor.community_id, actor)
    return honor


def _require_recorder(community_id: UUID, actor: Actor) -> None:
    require_role(actor, RECORDERS)
    in_hand = Nomination.objects.filter(community=community_id, state__in=IN_HAND)
    if actor.role in COMPANY_ROLES and not in_hand.exists():
        raise FormNotInHand


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
