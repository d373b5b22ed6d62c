"""Guards of the work reports (row S-14) and of the report to the province (row S-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from workflow.declaration import asks

if TYPE_CHECKING:
    from workflow.moves import Move

WORK_REPORT_SECTIONS = {
    "practice_and_results": _("Main practice and results"),
    "problems": _("Problems"),
    "suggestions": _("Suggestions"),
}


def sections_complete(work_report: Any, move: Move) -> list[Refusal]:
    """Require the three sections that the notice names (section four, 3; row S-14)."""
    return [
        Refusal("section_empty", _("“%(section)s” has not been written."), {"section": title}, fix=name)
        for name, title in WORK_REPORT_SECTIONS.items()
        if not getattr(work_report, name).strip()
    ]


def provincial_report_sent(nomination: Any, move: Move) -> Refusal | None:
    """Require that the report to the province has been sent."""
    if nomination.has_sent_report:
        return None
    return Refusal("report_not_sent", _("The report to the province has not been sent."), fix="provincial-reports")


def work_report_accepted(nomination: Any, move: Move) -> Refusal | None:
    """Require the district's accepted work report (row S-14)."""
    if nomination.has_accepted_work_report:
        return None
    message = _("The work report of %(district)s has not been accepted.")
    return Refusal("work_report_missing", message, {"district": nomination.district.name}, fix="work-reports")


@asks("result_document")
def result_document_given(nomination: Any, move: Move) -> Refusal | None:
    """Require the document by which the province made its result known."""
    document = move.payload.get("result_document")
    if isinstance(document, str) and 0 < len(document.strip()) <= 200:
        return None
    return Refusal("result_document_missing", _("Give the number of the document."), fix="data.result_document")


def dossier_complete(report: Any, move: Move) -> list[Refusal]:
    """Require shortlisted communities, their districts' received summaries and accepted work reports, and a letter."""
    checks = [
        (report.shortlisted > 0, "no_shortlist", _("Nothing has been shortlisted."), "selections"),
        (report.without_summary == 0, "summaries_missing", _("A summary has not been received."), "summaries"),
        (
            report.without_work_report == 0,
            "work_reports_missing",
            _("A work report has not been accepted."),
            "work-reports",
        ),
        (bool(report.letter.strip()), "letter_missing", _("The letter has not been written."), "letter"),
    ]
    return [Refusal(code, message, fix=fix) for holds, code, message, fix in checks if not holds]
