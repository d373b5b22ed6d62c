"""How the owners' committee puts its name to exactly one text, without an account (row S-03).

The committee gets a link and a one-time code by e-mail. Neither is kept: the link is the signed id of the invitation,
the code is derived from it and from the text. The company may hand the link on, as a QR code (decision 17);
the code it never sees.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM, Actor
from accounts.enums import Role
from accounts.models import Membership
from attachments import queries as attachments
from common.refusals import Refusal
from nominations.enums import ConfirmationStatus
from nominations.errors import CannotInvite, ConfirmationClosed, InvalidInput, WrongCode
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.nomination import (
    EDITABLE,
    SUBSTITUTE,
    take_editable,
    void_invitations,
)
from nominations.rules import confirmation as rules
from nominations.rules.form import Field, clean_value
from workflow import engine
from workflow.errors import NotFound
from workflow.models import Event

LIFE = timedelta(days=7)
MOST_ATTEMPTS = 5
MOST_A_DAY = 10
DIGITS = 6
SALT = "nominations.confirmation"
_REASON = Field("reason", _("Reason"), longest=2000)


@transaction.atomic
def invite_committee(
    *, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None
) -> CommitteeConfirmation:
    """Invite the committee named in the form to confirm the present text; earlier invitations are void.

    The invitation lasts seven days. Raises ``NotAllowed``, ``NotFound``, ``StaleVersion``, ``NotEditable``, and
    ``CannotInvite`` with every reason.
    """
    nomination = take_editable(nomination_id, actor, version)
    if faults := rules.faults_of_invitation(nomination):
        raise CannotInvite(refusals=faults)
    _require_address_of_others(nomination)
    _require_few_lately(nomination, at)
    void_invitations(nomination_id)
    committee = nomination.form["committee"]
    confirmation = CommitteeConfirmation.objects.create(
        nomination=nomination,
        content_digest=nomination.content_digest,
        contact_name=committee["contact_name"],
        contact_email=committee["contact_email"],
        invited_by_id=actor.person_id,
        invited_at=at,
        expires_at=at + LIFE,
    )
    cited = {"form": nomination.content_digest}
    told = {"confirmation": confirmation.pk, "expires_at": confirmation.expires_at}
    engine.record(nomination, "invite_committee", actor=actor, at=at, payload=told, documents=cited)
    return confirmation


def _require_address_of_others(nomination: Nomination) -> None:
    """Raise ``CannotInvite`` where the code would come to somebody of the company: it would confirm its own form."""
    address = nomination.form["committee"]["contact_email"]
    own = Membership.objects.filter(organization=nomination.company_id, user__email__iexact=address)
    if own.exists():
        reason = _("This address belongs to an account of the company. Give an address of the committee's own.")
        raise CannotInvite(refusals=[Refusal("contact_email_of_company", reason, fix="form.committee.contact_email")])


def _require_few_lately(nomination: Nomination, at: datetime) -> None:
    """Raise ``CannotInvite`` for one invitation too many within a day: each is a mail, and five more attempts."""
    lately = CommitteeConfirmation.objects.filter(nomination=nomination, invited_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        reason = _("The committee has been invited %(most)s times within a day. Invite it again tomorrow.")
        raise CannotInvite(refusals=[Refusal("invited_too_often", reason, {"most": MOST_A_DAY})])


def answer(*, token: str, code: str, confirmed: bool, at: datetime, reason: str = "") -> CommitteeConfirmation:
    """Take the committee's answer, bound to the text that it was shown; ``reason`` is required to refuse.

    Five attempts at the code, seven days. Raises ``NotFound`` for a link that is not ours, ``ConfirmationClosed``,
    ``WrongCode`` (the attempt counts), and ``InvalidInput``.
    """
    text, fault = clean_value(_REASON, reason, "reason")
    if not confirmed and not text:
        fault = fault or Refusal("required", _("This must not be empty."), fix="reason")
    if fault:
        raise InvalidInput(refusals=[fault])
    with transaction.atomic():
        nomination, confirmation = _taken(token, at)
        if constant_time_compare(code_of(confirmation), _plain_digits(code)):
            return _answered(nomination, confirmation, confirmed=confirmed, reason=text or "", at=at)
        confirmation.attempts += 1
        confirmation.save(update_fields=["attempts"])
    # Outside the transaction: the attempt has been counted.
    raise WrongCode(attr="code", left=MOST_ATTEMPTS - confirmation.attempts)


@transaction.atomic
def confirm_substitute(*, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Event:
    """Enter that the substitute named in the form stands behind the text, where there is no committee (row S-03).

    The substitute's own document must be attached with the purpose ``substitute`` and have passed its check. Raises
    ``NotAllowed``, ``NotFound``, ``StaleVersion``, ``NotEditable``, and ``CannotInvite`` with every reason.
    """
    nomination = take_editable(nomination_id, actor, version, {Role.COMPANY_ADMIN})
    document = attachments.of(Nomination.flow, nomination_id).filter(purpose=SUBSTITUTE).last()
    if faults := rules.faults_of_substitute(nomination, document):
        raise CannotInvite(refusals=faults)
    void_invitations(nomination_id)
    nomination.confirmed_digest = nomination.content_digest
    cited = {"form": nomination.content_digest, SUBSTITUTE: document.sha256 if document else ""}
    told = {"substitute": nomination.form["committee"]["substitute"]}
    return engine.record(nomination, "confirm_substitute", actor=actor, at=at, payload=told, documents=cited)


def link_of(confirmation: CommitteeConfirmation) -> str:
    """Return the address at which the committee answers; whoever has it still needs the code."""
    return f"{settings.SITE_URL.rstrip('/')}/confirm/{token_of(confirmation)}/"


def token_of(confirmation: CommitteeConfirmation) -> str:
    """Return the signed id of the invitation."""
    return signing.Signer(salt=SALT).sign(confirmation.pk.hex)


def code_of(confirmation: CommitteeConfirmation) -> str:
    """Return the one-time code: six digits derived from the site's secret, the invitation and the text."""
    value = f"{confirmation.pk.hex}:{confirmation.content_digest}"
    number = int.from_bytes(salted_hmac(f"{SALT}.code", value, algorithm="sha256").digest())
    return f"{number % 10**DIGITS:0{DIGITS}}"


def id_in(token: str) -> UUID:
    """Return the id of the invitation that a link names; raises ``NotFound`` for a link that we did not make."""
    try:
        return UUID(hex=signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error


def is_open(confirmation: CommitteeConfirmation, nomination: Nomination, at: datetime) -> bool:
    """Tell whether the invitation can still be answered: in time, not tried too often, and for the present text."""
    return (
        confirmation.status == ConfirmationStatus.INVITED
        and at < confirmation.expires_at
        and confirmation.attempts < MOST_ATTEMPTS
        and confirmation.content_digest == nomination.content_digest
        and nomination.state in EDITABLE
    )


def _taken(token: str, at: datetime) -> tuple[Any, CommitteeConfirmation]:
    """Lock the nomination, then its invitation: the order in which the company's own verbs lock them."""
    known = CommitteeConfirmation.objects.filter(pk=id_in(token)).first()
    if known is None:
        raise NotFound
    nomination = engine.take(Nomination, known.nomination_id, actor=SYSTEM)
    confirmation = CommitteeConfirmation.objects.select_for_update().get(pk=known.pk)
    if not is_open(confirmation, nomination, at):
        raise ConfirmationClosed
    return nomination, confirmation


def _answered(
    nomination: Nomination, confirmation: CommitteeConfirmation, *, confirmed: bool, reason: str, at: datetime
) -> CommitteeConfirmation:
    confirmation.status = ConfirmationStatus.CONFIRMED if confirmed else ConfirmationStatus.REFUSED
    confirmation.answered_at, confirmation.reason = at, reason
    confirmation.save(update_fields=["status", "answered_at", "reason"])
    if confirmed:
        nomination.confirmed_digest = confirmation.content_digest
    engine.record(
        nomination,
        "committee_confirmed" if confirmed else "committee_refused",
        actor=_committee(nomination, confirmation),
        at=at,
        comment=reason,
        payload={"confirmation": confirmation.pk},
        documents={"form": confirmation.content_digest},
    )
    return confirmation


def _committee(nomination: Nomination, confirmation: CommitteeConfirmation) -> Actor:
    return Actor(
        user_id=None,
        name=confirmation.contact_name,
        role=Role.COMMITTEE_CONFIRMER,
        organization_name=rules.committee_name(nomination.form),
    )


def _plain_digits(code: str) -> str:
    """Return what was typed without blanks, so that a code read out in two halves fits; only ASCII can fit at all."""
    return "".join(code.split()).encode("ascii", "replace").decode()
