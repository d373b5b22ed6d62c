"""The city's desk in the navigation, and that of whoever looks on from the province."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Group, Item, Work

CASES = Item(
    "web:city:cases",
    "file-text",
    _("Cases"),
    below=("web:city:case", "web:city:case-move", "web:city:visit-record", "web:city:discrepancy", "web:city:veto"),
)
PAPERS = Item(
    "web:city:papers",
    "mail",
    _("Summaries and work reports"),
    below=("web:city:summary", "web:city:summary-move", "web:city:work-report", "web:city:work-report-move"),
)
CITY = Group(_("City"), (Item("web:city:overview", "chart-bar", _("Overview of the city")), CASES, PAPERS))

DESK = Desk(
    groups=(CITY,),
    work={
        "summaries_to_receive": Work(_("Receive the recommendation summary"), "web:city:summary"),
        "to_evaluate": Work(_("Evaluate on site and close the evaluation"), "web:city:case"),
        "work_reports_to_accept": Work(_("Accept the work report or return it"), "web:city:work-report"),
        "selections_to_propose": Work(_("Prepare the selection and propose it")),
        "selections_to_approve": Work(_("Approve the selection")),
        "reports_to_approve": Work(_("Sign the report to the province")),
        "reports_to_send": Work(_("Send the report to the province")),
        "extensions_to_approve": Work(_("Approve the extension")),
    },
    case="web:city:case",
)
PROVINCE = Desk(groups=(CITY,), case="web:city:case")
