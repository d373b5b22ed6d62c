"""When a move may be made: half-open windows, one exclusive end each, extensions included (flow rules 7 and 8).

A subject carries its campaign, and ``extended``: the approved extensions that concern it as ``{window, until}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.enums import NominationState, Window

if TYPE_CHECKING:
    from workflow.moves import Move

NOT_OPEN = _("This period opens on %(opens_at)s.")
OVER = _("The period for this step ended on %(closed_at)s.")

CLOSING_FIELD = {
    Window.APPLICATION: "application_closes_at",
    Window.DISTRICT: "district_closes_at",
    Window.EVALUATION: "evaluation_closes_at",
    Window.WORK_REPORT: "work_report_closes_at",
    Window.REPORT: "report_closes_at",
}


def end_of(subject: Any, window: Window) -> datetime:
    """Return the exclusive end of ``window`` for ``subject``: the campaign's, or a later approved extension's."""
    closes_at: datetime = getattr(subject.campaign, CLOSING_FIELD[window])
    return max([closes_at, *_extensions(subject, window)])


def application_end(subject: Any) -> datetime:
    """Return until when a draft may be submitted (row S-04)."""
    return end_of(subject, Window.APPLICATION)


def evaluation_end(subject: Any) -> datetime:
    """Return until when the evaluation may be completed (row S-09)."""
    return end_of(subject, Window.EVALUATION)


def correction_end(subject: Any, move: Move) -> datetime:
    """Return until when a returned form may come back: the campaign's working days, reckoned by the calendar known.

    Never later than the end of the district's own window, after which nobody could decide on it.
    """
    due_at: datetime = move.known["calendar"].due_after(move.at, subject.campaign.correction_working_days)
    return min(due_at, end_of(subject, Window.DISTRICT))


def submission_end(subject: Any) -> datetime:
    """Return until when the form in hand may be submitted: a returned one has its own date, a draft the window's."""
    if subject.state == NominationState.RETURNED:
        due_at: datetime = subject.correction_due_at
        return max([due_at, *_extensions(subject, Window.CORRECTION)])
    return application_end(subject)


def within_application_window(subject: Any, move: Move) -> Refusal | None:
    """Require the application window, or the correction period of a returned form (row S-04)."""
    if move.at < subject.campaign.application_opens_at:
        return Refusal("window_not_open", NOT_OPEN, {"opens_at": subject.campaign.application_opens_at})
    return _before(submission_end(subject), move, Window.APPLICATION)


def within_district_window(subject: Any, move: Move) -> Refusal | None:
    """Require that the district's time has not run out (row S-08)."""
    return _before(end_of(subject, Window.DISTRICT), move, Window.DISTRICT)


def within_evaluation_window(subject: Any, move: Move) -> Refusal | None:
    """Require that the evaluation's time has not run out (row S-09)."""
    return _before(end_of(subject, Window.EVALUATION), move, Window.EVALUATION)


def within_work_report_window(subject: Any, move: Move) -> Refusal | None:
    """Require that the work reports' time has not run out (row S-14)."""
    return _before(end_of(subject, Window.WORK_REPORT), move, Window.WORK_REPORT)


def within_report_window(subject: Any, move: Move) -> Refusal | None:
    """Require that the time for the report to the province has not run out (row S-16)."""
    return _before(end_of(subject, Window.REPORT), move, Window.REPORT)


def window_or_correction_over(subject: Any, move: Move) -> Refusal | None:
    """Require that the form can no longer be submitted: only then may the machine let it lapse."""
    ends_at = submission_end(subject)
    if move.at >= ends_at:
        return None
    return Refusal(
        "window_still_open", _("The form may still be submitted until %(closes_at)s."), {"closes_at": ends_at}
    )


def extension_granted(subject: Any, move: Move) -> Refusal | None:
    """Require an approved extension under which the form can still be submitted (flow rule 8)."""
    if application_end(subject) > move.at:
        return None
    return Refusal("no_extension", _("First grant an extension of the application period."), fix="extensions")


def _before(ends_at: datetime, move: Move, window: Window) -> Refusal | None:
    if move.at < ends_at:
        return None
    return Refusal("window_over", OVER, {"closed_at": ends_at, "window": window.value}, fix="extensions")


def _extensions(subject: Any, window: Window) -> list[datetime]:
    return [datetime.fromisoformat(row["until"]) for row in subject.extended if row["window"] == window]
