"""What the owners' committee is sent and shown, and what the company may know of it (row S-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from nominations.enums import ConfirmationStatus
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import MOST_ATTEMPTS, code_of, id_in, is_open, link_of
from workflow.errors import NotFound
from workflow.models import Event


@dataclass(frozen=True, slots=True)
class Invitation:
    """What goes by e-mail to a committee, and to nobody else."""

    address: str
    name: str
    committee: str
    link: str
    code: str
    expires_at: datetime
    community: str
    company: str
    campaign: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public page shows to whoever has the link; ``form`` is the frozen text, empty once it has closed."""

    confirmation: CommitteeConfirmation
    nomination: Nomination
    is_open: bool
    attempts_left: int
    form: dict[str, dict[str, Any]]


def invitation_of(event: Event) -> Invitation | None:
    """Return the mail that an event ``invite_committee`` calls for; ``None`` when there is nothing left to answer.

    One query. It looks at the text again, so that an invitation that was overtaken is not sent.
    """
    rows = CommitteeConfirmation.objects.select_related("nomination__campaign", "nomination__company")
    found = rows.select_related("nomination__community").filter(pk=event.payload.get("confirmation")).first()
    if found is None or not is_open(found, found.nomination, found.invited_at):
        return None
    nomination = found.nomination
    return Invitation(
        address=found.contact_email,
        name=found.contact_name,
        committee=str(nomination.form["committee"]["name"]),
        link=link_of(found),
        code=code_of(found),
        expires_at=found.expires_at,
        community=nomination.community.name,
        company=nomination.company.name,
        campaign=nomination.campaign.title,
    )


def invitation_for(token: str, *, at: datetime) -> Shown:
    """Return what the public page shows; raises ``NotFound`` for a link that is not ours. One query."""
    related = ("nomination__campaign", "nomination__community", "nomination__company", "nomination__district")
    found = CommitteeConfirmation.objects.select_related(*related).filter(pk=id_in(token)).first()
    if found is None:
        raise NotFound
    can_answer = is_open(found, found.nomination, at)
    form = found.nomination.form if can_answer else {}
    return Shown(found, found.nomination, can_answer, MOST_ATTEMPTS - found.attempts, form)


def confirmations_of(nomination_id: UUID, *, actor: Actor) -> list[CommitteeConfirmation]:
    """Return the invitations of a nomination that the actor may see, the latest first. One query."""
    visible = Nomination.objects.visible_to(actor).filter(pk=nomination_id)
    return list(CommitteeConfirmation.objects.filter(nomination__in=visible).select_related("invited_by"))


def standing_of(confirmation: CommitteeConfirmation, *, at: datetime) -> str:
    """Return the status in a word, an unanswered invitation told apart: ``invited``, ``expired`` or ``locked``."""
    if confirmation.status != ConfirmationStatus.INVITED:
        return confirmation.status
    if confirmation.attempts >= MOST_ATTEMPTS:
        return "locked"
    return "expired" if at >= confirmation.expires_at else str(confirmation.status)
