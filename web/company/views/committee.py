"""How the owners' committee is asked to stand behind the text: invited by mail, shown the link, answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from nominations.enums import ConfirmationStatus
from nominations.errors import CannotInvite
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import confirm_substitute, invite_committee, link_of
from nominations.queries.confirmation import confirmations_of, standing_of
from nominations.rules import confirmation as rules
from nominations.rules.form import has_no_committee
from web.acting import for_members
from web.company import cases
from web.kit import Reason, reasons_of
from web.looks import state_tag
from workflow import engine

UNPROCESSABLE = 422
STANDINGS = {
    "expired": gettext_lazy("Expired"),
    "locked": gettext_lazy("Locked after five wrong codes"),
}


@for_members
def committee(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show how the confirmation stands, and invite the committee."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            invite_committee(nomination_id=nomination.pk, actor=actor, at=at)
            return redirect(cases.address(nomination, "committee"))
        except CannotInvite as error:
            reasons = _reasons(nomination, error.refusals)
    return _page(request, nomination, actor, at, reasons)


@for_members
def substitute(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Enter that the substitute named in the form stands behind the text."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    try:
        confirm_substitute(nomination_id=nomination.pk, actor=actor, at=at)
        return redirect(cases.address(nomination, "committee"))
    except CannotInvite as error:
        return _page(request, nomination, actor, at, _reasons(nomination, error.refusals))


def _page(
    request: HttpRequest, nomination: Any, actor: Actor, at: datetime, reasons: tuple[Reason, ...]
) -> HttpResponse:
    invitations = [_row(one, at) for one in confirmations_of(nomination.pk, actor=actor)]
    current = invitations[0] if invitations and invitations[0]["is_open"] and cases.is_editable(nomination) else None
    digest = nomination.content_digest
    page = {
        "nomination": nomination,
        "reasons": reasons,
        "invitations": invitations,
        "current": current,
        "confirmed": bool(digest) and nomination.confirmed_digest == digest,
        "void": bool(nomination.confirmed_digest) and nomination.confirmed_digest != digest,
        "without": has_no_committee(nomination.form),
        "standing_against": _reasons(nomination, rules.faults_of_invitation(nomination)),
        "editable": cases.is_editable(nomination),
        "crumbs": cases.crumbs(nomination, _("Confirmation by the committee")),
        "at": at,
    }
    return render(request, "company/committee.html", page, status=UNPROCESSABLE if reasons else 200)


def _row(confirmation: CommitteeConfirmation, at: datetime) -> dict[str, Any]:
    standing = standing_of(confirmation, at=at)
    label = STANDINGS.get(standing) or ConfirmationStatus(standing).label
    is_open = standing == ConfirmationStatus.INVITED
    link = link_of(confirmation) if is_open else ""
    tag = state_tag(standing, label)
    return {"confirmation": confirmation, "tag": tag, "is_open": is_open, "link": link, "qr": qr(link) if link else ""}


def qr(link: str) -> SafeString:
    """Return a QR code as a drawing without any style or script; a link holds nothing that is markup."""
    drawn = segno.make(link, error="m").svg_inline(scale=5, border=2, svgclass="jy-qr", lineclass=None, omitsize=False)
    return mark_safe(drawn)  # noqa: S308  # drawn by segno from a link that we have signed


def _reasons(nomination: Any, refusals: Any) -> tuple[Reason, ...]:
    return reasons_of(refusals, places=lambda refusal: cases.place_of(nomination, refusal))
