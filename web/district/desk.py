"""The district's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Work

DESK = Desk(
    work={
        "to_take_up": Work(_("Take up and review")),
        "to_review": Work(_("Review and hand to the approver")),
        "to_decide": Work(_("Decide on the recommendation")),
        "summaries_to_approve": Work(_("Approve the recommendation summary")),
        "summaries_to_send": Work(_("Send the recommendation summary to the city")),
        "work_reports_to_write": Work(_("Write the work report")),
        "work_reports_to_send": Work(_("Send the work report to the city")),
    },
)
