"""What the city decides on site: how sheets far apart are dealt with, what excludes a community (rows S-09, S-10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import NominationState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Nomination, VetoFinding
from nominations.rules.assessment import whole_panel_handed_in
from workflow import engine
from workflow.models import Event

LONGEST = 2000


class StillScoring(DomainError):
    """Nobody decides between sheets that nobody may have read yet."""

    code = "still_scoring"
    message = _("Somebody on the panel has not handed in yet.")


@transaction.atomic
def resolve_discrepancy(
    *, nomination_id: UUID, decision: str, actor: Actor, at: datetime, version: int | None = None
) -> Event:
    """Record how two sheets far apart were dealt with; the sheets themselves stay as they are.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput``, and ``StillScoring``: a
    decision made before the sheets could be read would let whatever is in them pass (decision 11).
    """
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, {NominationState.RECOMMENDED}, version)
    nomination.discrepancy_decision = _text(decision, "decision", required=True)
    _require_whole_panel(nomination)
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
    """Record an event that excludes the community: what, who found it, by which document.

    What visits have found against the community is settled by it.
    """
    nomination = _take(nomination_id, actor, Role.CITY_REVIEWER, set(NominationState), version)
    given = {"kind": kind, "authority": authority, "document": document}
    nomination.veto = {name: _text(value, name, required=True) for name, value in given.items()}
    found = VetoFinding.objects.filter(visit__nomination=nomination, settled_at__isnull=True)
    found.update(settled_at=at, settled_by=actor.person_id)
    return engine.record(nomination, "record_veto", actor=actor, at=at, payload=nomination.veto)


def _take(
    nomination_id: UUID, actor: Actor, role: Role, states: set[NominationState], version: int | None = None
) -> Nomination:
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor, version=version)
    if actor.role != role:
        raise NotAllowed
    if nomination.state not in states:
        raise NotEditable(state=nomination.get_state_display())
    return nomination


def _require_whole_panel(nomination: Any) -> None:
    if not whole_panel_handed_in(nomination.panel):
        raise StillScoring


def _text(value: str, field: str, *, required: bool = False) -> str:
    text = value.strip()
    if required and not text:
        raise InvalidInput(refusals=[Refusal("required", _("This must not be empty."), fix=field)])
    if len(text) > LONGEST:
        message = _("At most %(limit)s characters; these are %(count)s.")
        raise InvalidInput(refusals=[Refusal("too_long", message, {"limit": LONGEST, "count": len(text)}, fix=field)])
    return text
