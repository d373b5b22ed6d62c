"""The evaluator's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.evaluator.assigned import address_of_own
from web.navigation import Desk, Group, Item, Work

OF_A_COMMUNITY = tuple(
    f"web:evaluator:{name}" for name in ("assignment", "accept", "decline", "conflict", "item", "hand-in")
)
OF_THE_CALENDAR = ("web:evaluator:revoke-calendar",)

DESK = Desk(
    groups=(
        Group(
            _("Evaluation"),
            (
                Item("web:evaluator:visits", "calendar-event", _("My visits"), below=OF_A_COMMUNITY),
                Item("web:evaluator:calendar", "bell", _("Visits in your own calendar"), below=OF_THE_CALENDAR),
            ),
        ),
    ),
    own_part=address_of_own,
    work={"to_score": Work(_("Visit and score"), "web:evaluator:assignment")},
)
