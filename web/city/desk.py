"""The city's desk in the navigation, and that of whoever looks on from the province."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.city.access import RECORDS
from web.navigation import Desk, Group, Item, Work

CASES = Item(
    "web:city:cases",
    "file-text",
    _("Cases"),
    below=(
        "web:city:case",
        "web:city:case-move",
        "web:city:visit-record",
        "web:city:discrepancy",
        "web:city:veto",
        "web:city:visit-findings",
        "web:city:finding",
        "web:city:sheet-unlock",
    ),
    of_campaign=True,
)
PAPERS = Item(
    "web:city:papers",
    "mail",
    _("Summaries and work reports"),
    below=("web:city:summary", "web:city:summary-move", "web:city:work-report", "web:city:work-report-move"),
    of_campaign=True,
)
RANKING = Item(
    "web:city:ranking",
    "medal",
    _("Ranking"),
    below=("web:city:ranking-explained", "web:city:ranking-freeze", "web:city:diagnostics", "web:city:sheet"),
    of_campaign=True,
)
SELECTION = Item(
    "web:city:selections",
    "stack-2",
    _("Selection"),
    below=("web:city:selection", "web:city:selection-move", "web:city:selection-begin"),
    of_campaign=True,
)
REPORT = Item(
    "web:city:report-current",
    "report",
    _("Report to the province"),
    below=("web:city:report", "web:city:report-move"),
    of_campaign=True,
)
SETTINGS = Item(
    "web:city:settings",
    "settings",
    _("Campaign settings"),
    below=("web:city:terms", "web:city:extension-new", "web:city:extension", "web:city:complaints"),
    of_campaign=True,
)
RECORDED = Item(
    "web:city:publicity",
    "send",
    _("Records of the districts"),
    below=tuple(
        f"web:city:{page}"
        for kind in RECORDS
        for page in (kind, f"{kind}-record", f"{kind}-new", f"{kind}-change", f"{kind}-reports")
    ),
    of_campaign=True,
)
CITY = Group(
    _("City"),
    (Item("web:city:overview", "chart-bar", _("Overview of the city"), of_campaign=True), CASES, PAPERS, RECORDED),
)

PANELS = Item(
    "web:city:panels",
    "users",
    _("Panels and progress"),
    below=("web:city:panels-propose", "web:city:proposal", "web:city:proposal-deploy", "web:city:assignment-release"),
    of_campaign=True,
)
VISITS = Item(
    "web:city:visits",
    "calendar-event",
    _("Calendar of visits"),
    below=("web:city:visit-move", "web:city:visit-cancel"),
    of_campaign=True,
)
POOL = Item(
    "web:city:pool",
    "user",
    _("Pool of evaluators"),
    below=(
        "web:city:evaluator",
        "web:city:evaluator-new",
        "web:city:evaluator-change",
        "web:city:evaluator-suspend",
        "web:city:evaluator-resume",
        "web:city:evaluator-confirm",
        "web:city:declaration-lift",
    ),
    of_campaign=True,
)
EVALUATION = Group(
    pgettext_lazy("group", "Evaluation"),
    (PANELS, VISITS, POOL),
)
TITLES = Item("web:city:titles", "star", _("Register of titles"))
CHOICE = Group(_("Selection of the best"), (RANKING, SELECTION, REPORT, TITLES))
TERMS = Group(_("Settings"), (SETTINGS,))

DESK = Desk(
    groups=(CITY, EVALUATION, CHOICE, TERMS),
    work={
        "summaries_to_receive": Work(_("Receive the recommendation summary"), "web:city:summary"),
        "to_evaluate": Work(_("Evaluate on site and close the evaluation"), "web:city:case"),
        "panels_to_deploy": Work(_("Look through the proposed panels and deploy them"), "web:city:proposal"),
        "findings_to_settle": Work(_("Settle what a visit has found"), "web:city:finding"),
        "work_reports_to_accept": Work(_("Accept the work report or return it"), "web:city:work-report"),
        "selections_to_propose": Work(_("Prepare the selection and propose it"), "web:city:selection"),
        "selections_to_approve": Work(_("Approve the selection"), "web:city:selection"),
        "reports_to_prepare": Work(_("Prepare the report to the province"), "web:city:report"),
        "reports_to_approve": Work(_("Sign the report to the province"), "web:city:report"),
        "reports_to_send": Work(_("Send the report to the province"), "web:city:report"),
        "extensions_to_approve": Work(_("Approve the extension"), "web:city:extension"),
    },
    case="web:city:case",
)
PROVINCE = Desk(groups=(CITY, CHOICE, TERMS), case="web:city:case")
