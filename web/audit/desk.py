"""The auditor's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.city.desk import CHOICE, CITY, EVALUATION, TERMS
from web.navigation import Desk, Group, Item
from web.roles import AUDITOR

DESK = Desk(
    groups=(
        Group(
            _("Audit"),
            (
                Item("web:audit:events", "history", _("Events"), AUDITOR, ("web:audit:event",)),
                Item("web:audit:verification", "shield-check", _("Verification"), AUDITOR),
                Item("web:audit:sign-ins", "user", _("Sign-ins"), AUDITOR),
                Item("web:audit:grants", "users", _("Grants"), AUDITOR),
                Item("web:audit:exports", "download", _("Exports"), AUDITOR),
            ),
        ),
        CITY,
        EVALUATION,
        CHOICE,
        TERMS,
    ),
    case="web:city:case",
)
