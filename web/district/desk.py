"""The district's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.district.rail import rail
from web.navigation import Desk, Group, Item, Work

CASE = "web:district:case"
BELOW_CASES = tuple(
    f"web:district:{page}"
    for page in (
        "case",
        "case-scores",
        "case-complete",
        "case-reopen",
        "case-move",
        "case-look",
        "bulk",
        "third-party",
        "third-party-record",
        "third-party-reports",
        "honors",
        "honors-record",
    )
)
BELOW_SUMMARY = ("web:district:summary", "web:district:summary-row", "web:district:summary-move")
BELOW_REPORT = ("web:district:work-report", "web:district:work-report-move")
DESK = Desk(
    groups=(
        Group(
            _("District"),
            (
                Item("web:district:queue", "file-text", _("Cases of the district"), below=BELOW_CASES),
                Item("web:district:summaries", "table-row", _("Recommendation summary"), below=BELOW_SUMMARY),
                Item("web:district:work-reports", "report", _("Work report"), below=BELOW_REPORT),
                Item("web:district:publicity", "send", _("Publicity"), below=("web:district:publicity-record",)),
                Item("web:district:practices", "star", _("Good practice"), below=("web:district:practices-record",)),
            ),
        ),
    ),
    work={
        "to_take_up": Work(_("Take up and review"), CASE),
        "to_review": Work(_("Review and hand to the approver"), CASE),
        "to_decide": Work(_("Decide on the recommendation"), CASE),
        "summaries_to_approve": Work(_("Approve the recommendation summary"), "web:district:summary"),
        "summaries_to_send": Work(_("Send the recommendation summary to the city"), "web:district:summary"),
        "work_reports_to_write": Work(_("Write the work report"), "web:district:work-report"),
        "work_reports_to_send": Work(_("Send the work report to the city"), "web:district:work-report"),
    },
    case=CASE,
    rail=rail,
)
