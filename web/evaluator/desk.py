"""The evaluator's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Work

DESK = Desk(work={"to_score": Work(_("Visit and score"))})
