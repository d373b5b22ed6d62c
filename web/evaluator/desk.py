"""The evaluator's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Group, Item, Work

OF_A_COMMUNITY = tuple(
    f"web:evaluator:{name}" for name in ("assignment", "accept", "decline", "conflict", "item", "hand-in")
)

DESK = Desk(
    groups=(
        Group(_("Evaluation"), (Item("web:evaluator:visits", "calendar-event", _("My visits"), below=OF_A_COMMUNITY),)),
    ),
    work={"to_score": Work(_("Visit and score"), "web:evaluator:assignment")},
)
