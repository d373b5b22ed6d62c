"""The city's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Work

DESK = Desk(
    work={
        "summaries_to_receive": Work(_("Receive the recommendation summary")),
        "to_evaluate": Work(_("Evaluate on site and close the evaluation")),
        "work_reports_to_accept": Work(_("Accept the work report or return it")),
        "selections_to_propose": Work(_("Prepare the selection and propose it")),
        "selections_to_approve": Work(_("Approve the selection")),
        "reports_to_approve": Work(_("Sign the report to the province")),
        "reports_to_send": Work(_("Send the report to the province")),
        "extensions_to_approve": Work(_("Approve the extension")),
    },
)
