"""How far the own district has come (本区进度), beside 待办: from its communities to those that it recommends."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.actors import Actor
from nominations.queries.progress import own_progress
from web.kit import funnel
from web.navigation import Rail


def rail(actor: Actor) -> Rail | None:
    """Return the picture of the newest campaign in which the district takes part; three queries."""
    found = own_progress(actor)
    if found is None:
        return None
    rows = [
        (_("Communities on the register"), found.communities),
        (pgettext("district", "Submitted"), found.submitted),
        (pgettext("district", "Taken up"), found.taken_up),
        (pgettext("district", "Decided"), found.decided),
        (pgettext("district", "Recommended"), found.recommended),
    ]
    return Rail(
        _("The district's progress"), found.campaign.title, funnel(rows), _quota(found.quota, found.recommended)
    )


def _quota(quota: int | None, used: int) -> str:
    if quota is None:
        return _("The city has set no quota.")
    words = ngettext("%(used)s of %(quota)s place is taken.", "%(used)s of %(quota)s places are taken.", quota)
    return words % {"used": used, "quota": quota}
