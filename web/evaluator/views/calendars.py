"""The secret address at which a calendar program reads the evaluator's visits: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from nominations.operations.evaluator import issue_feed, revoke_feed
from nominations.queries.calendar import feed_in_force
from web.acting import for_members
from web.evaluator import offline
from web.kit import Confirmation, Link


@for_members
def address(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Say whether there is an address and since when; make a new one, shown in this answer and nowhere else."""
    url = ""
    if request.method == "POST":
        secret = issue_feed(actor=actor, at=at)
        url = f"{settings.SITE_URL}{reverse('api:calendar', args=[secret])}"
    page = {"url": url, "feed": feed_in_force(actor), "crumbs": _crumbs(), "at": at}
    return render(request, "evaluator/calendar.html", page | {"desk": offline.desk_data(actor)})


@for_members
def revoke(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then let the address no longer work."""
    back = reverse("web:evaluator:calendar")
    if request.method == "POST":
        revoke_feed(actor=actor, at=at)
        return redirect(back)
    asked = Confirmation(
        _("Revoke the address of your calendar"),
        (_("Calendar programs that use it show no visits any more. A new address can be made at any time."),),
        _("Revoke"),
        back,
        look="danger",
    )
    crumbs = [*_crumbs(back), Link(_("Revoke"), "")]
    return render(request, "kit/confirmation.html", {"confirmation": asked, "crumbs": crumbs})


def _crumbs(here: str = "") -> list[Link]:
    return [Link(_("My visits"), reverse("web:evaluator:visits")), Link(_("Visits in your own calendar"), here)]
