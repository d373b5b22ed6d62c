"""The company's verbs on its communities: enter one, correct what is said of it (row S-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import OrganizationKind
from accounts.models import Organization
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import ENDED_STATES
from nominations.errors import InvalidInput
from nominations.models import Community, Nomination
from nominations.operations.nomination import (
    COMPANY_ROLES,
    EDITABLE,
    content_digest,
    require_role,
    take_editable,
    void_invitations,
)
from nominations.rules.form import Field, clean_value
from workflow import engine
from workflow.errors import NotFound

FIELDS = {
    "name": Field("name", _("Name"), longest=120),
    "subdistrict": Field("subdistrict", _("Subdistrict"), longest=60),
    "neighborhood": Field("neighborhood", _("Neighborhood"), longest=60),
    "address": Field("address", _("Address"), longest=200, required=False),
}


class CommunityKnown(DomainError):
    """The company has a community of this name on the list of this neighborhood; what others have is not told."""

    code = "community_known"
    message = _("This community is on the list already.")


class CommunityInUse(DomainError):
    """A nomination of the community has left the company; what it says is not changed behind its readers' backs."""

    code = "community_in_use"
    message = _("A nomination of this community is with the offices. It can be corrected once that has come back.")


@transaction.atomic
def enter_community(*, authority_id: UUID, facts: Mapping[str, Any], actor: Actor, at: datetime) -> Community:
    """Put a community on the list as one that the actor's company manages, under the district bureau it lies in.

    ``facts``: name, subdistrict, neighborhood, address. Raises ``NotAllowed``, ``NotFound`` for a bureau that does not
    exist, ``InvalidInput`` with a reason per field, ``CommunityKnown`` for one of the company's own. Nobody can take a
    name: the company that really manages the place enters it too, and the bureau sees both (``queries.community``).
    """
    require_role(actor, COMPANY_ROLES)
    bureaus = Organization.objects.filter(kind=OrganizationKind.DISTRICT, is_active=True)
    authority = bureaus.select_related("district").filter(pk=authority_id).first()
    if authority is None:
        raise NotFound(attr="authority")
    cleaned = _clean(facts, FIELDS)
    assert actor.organization_id is not None  # who holds a company's role acts for a company
    company = Organization.objects.get(pk=actor.organization_id)
    community = Community(authority=authority, district=authority.district, company=company, **cleaned)
    _save(community)
    return community


@transaction.atomic
def correct_community(*, community_id: UUID, facts: Mapping[str, Any], actor: Actor, at: datetime) -> Community:
    """Change what is said of a community; drafts that name it must be confirmed and sealed again (row S-03).

    Raises ``NotFound`` outside the actor's scope, ``NotAllowed``, ``InvalidInput``, ``CommunityInUse``,
    ``CommunityKnown``.
    """
    visible = Community.objects.visible_to(actor)
    community = visible.select_for_update(of=("self",)).filter(pk=community_id).first()
    if community is None:
        raise NotFound
    require_role(actor, COMPANY_ROLES)
    cleaned = _clean(facts, facts.keys() & FIELDS.keys())
    active = Nomination.objects.filter(community=community).exclude(state__in=ENDED_STATES)
    if active.exclude(state__in=EDITABLE).exists():
        raise CommunityInUse
    for name, value in cleaned.items():
        setattr(community, name, value)
    _save(community)
    for pk in active.order_by("pk").values_list("pk", flat=True):
        _reword(pk, community, actor, at)
    return community


def _clean(facts: Mapping[str, Any], wanted: Any) -> dict[str, str]:
    """Return the cleaned values of the ``wanted`` fields; raises with a reason for each that cannot be taken."""
    faults = [_stranger(name) for name in facts if name not in FIELDS]
    cleaned = {}
    for name in sorted(wanted):
        value, fault = clean_value(FIELDS[name], facts.get(name), name)
        if fault is None and not value and FIELDS[name].required:
            fault = Refusal("required", _("This must not be empty."), fix=name)
        faults += [fault] if fault else []
        cleaned[name] = value or ""
    if faults:
        raise InvalidInput(refusals=faults)
    return cleaned


def _stranger(name: str) -> Refusal:
    return Refusal("unknown_field", _("There is no such field."), fix=name)


def _save(community: Community) -> None:
    try:
        with transaction.atomic():
            community.save()
    except IntegrityError as error:
        raise CommunityKnown(attr="name") from error


def _reword(nomination_id: UUID, community: Community, actor: Actor, at: datetime) -> None:
    """Let a draft speak of the community as it is called now: another text than was confirmed."""
    nomination = take_editable(nomination_id, actor, None)
    nomination.pinyin = community.pinyin
    digest = content_digest(nomination)
    if nomination.content_digest and digest != nomination.content_digest:
        void_invitations(nomination_id)
        nomination.content_digest = digest
    engine.save_quietly(nomination, at=at)
