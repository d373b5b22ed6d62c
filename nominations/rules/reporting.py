"""Guards of the work reports (row S-14) and of the report to the province (row S-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence, flatten
from nominations.rules import nomination as nominated
from nominations.rules.document_number import number_fault
from nominations.rules.form import Field, clean_value
from workflow.declaration import asks

if TYPE_CHECKING:
    from workflow.moves import Move

WORK_REPORT_SECTIONS = {
    "practice_and_results": _("Main practice and results"),
    "problems": _("Problems"),
    "suggestions": _("Suggestions"),
}
REMARKS, LONGEST_REMARK = "remarks", 2000
# What a community's dossier holds, in the order in which it comes about.
PIECES: Mapping[str, Sentence] = {
    "form": _("Form confirmed by the committee"),
    "sealed_copy": _("Sealed copy of the form"),
    "review": _("District's review"),
    "description": _("Description of the community"),
    "visit": _("Visit with a photo"),
    "sheets": _("Score sheets"),
}


def sections_complete(work_report: Any, move: Move) -> list[Refusal]:
    """Require the three sections that the notice names (section four, 3; row S-14), and files that were checked."""
    return [
        Refusal("section_empty", _("“%(section)s” has not been written."), {"section": title}, fix=name)
        for name, title in WORK_REPORT_SECTIONS.items()
        if not getattr(work_report, name).strip()
    ] + _unclean(work_report)


def _unclean(work_report: Any) -> list[Refusal]:
    if not work_report.has_unclean_attachments:
        return []
    message = _("A file is still being checked or was not accepted. Wait a minute, or remove it.")
    return [Refusal("attachments_unclean", message, fix="attachments")]


def remarks_in(move: Move) -> dict[str, str]:
    """Return the city's remarks by section as they are kept: none that is empty, none on what is no section."""
    remarks = move.payload.get(REMARKS)
    if not isinstance(remarks, Mapping):
        return {}
    return {
        name: text.strip()
        for name, text in remarks.items()
        if name in WORK_REPORT_SECTIONS and isinstance(text, str) and text.strip()
    }


@asks(REMARKS)
def remarks_readable(work_report: Any, move: Move) -> list[Refusal]:
    """Judge the remarks that may go with a return: ``{section: text}``, each on a section of the report."""
    remarks = move.payload.get(REMARKS)
    if remarks is None:
        return []
    if not isinstance(remarks, Mapping):
        message = _("Give a remark for each section that is to be mended: %(sections)s.")
        return [Refusal("not_an_object", message, {"sections": list(WORK_REPORT_SECTIONS)}, fix=f"data.{REMARKS}")]
    return [fault for name, text in remarks.items() for fault in _faults_of_remark(str(name), text)]


def _faults_of_remark(name: str, text: Any) -> list[Refusal]:
    fix = f"data.{REMARKS}.{name}"
    if name not in WORK_REPORT_SECTIONS:
        return [Refusal("unknown_field", _("There is no such field."), fix=fix)]
    _kept, fault = clean_value(Field(name, WORK_REPORT_SECTIONS[name], longest=LONGEST_REMARK), text, fix)
    return [fault] if fault else []


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


def dossier_complete(report: Any, move: Move) -> list[Refusal]:
    """Require a whole dossier of each shortlisted community, its district's papers, letter, number and present list."""
    checks = [
        (bool(report.shortlisted_ids), "no_shortlist", _("Nothing has been shortlisted."), "selections"),
        (report.without_summary == 0, "summaries_missing", _("A summary has not been received."), "summaries"),
        (
            report.without_work_report == 0,
            "work_reports_missing",
            _("A work report has not been accepted."),
            "work-reports",
        ),
        (bool(report.letter.strip()), "letter_missing", _("The letter has not been written."), "letter"),
    ]
    refusals = [Refusal(code, message, fix=fix) for holds, code, message, fix in checks if not holds]
    number = number_fault(report.document_number)
    return [*refusals, *_pieces_missing(report), *([number] if number else []), *_list_outdated(report)]


def sealed_copy_attached(report: Any, move: Move) -> list[Refusal]:
    """Require the sealed scan of exactly this report, whose list still is the shortlist (row S-16)."""
    return [*flatten(nominated.sealed_copy_attached(report, move)), *_list_outdated(report)]


def _pieces_missing(report: Any) -> list[Refusal]:
    message = _("%(count)s communities lack this in their dossier: %(piece)s.")
    missing = {name: getattr(report, f"without_{name}") for name in PIECES}
    return [
        Refusal("dossier_incomplete", message, {"count": count, "piece": PIECES[name]}, fix="completeness")
        for name, count in missing.items()
        if count
    ]


def _list_outdated(report: Any) -> list[Refusal]:
    """Refuse a prepared report whose list differs from the shortlist as it is now."""
    if not report.content_digest or {row["nomination"] for row in report.listed} == set(
        map(str, report.shortlisted_ids)
    ):
        return []
    message = _("The shortlist has changed since the report was prepared. Prepare it again.")
    return [Refusal("list_outdated", message, fix="prepare")]
