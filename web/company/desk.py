"""The company's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Work

DESK = Desk(
    work={
        "to_fill_in": Work(_("Fill in and submit the form")),
        "to_correct": Work(_("Correct the form and submit it again")),
    },
)
