"""Guards of the evaluation on site (row S-09): summary, visit, sheets, discrepancies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from evaluation import scoring
from nominations.enums import Capacity, SummaryState

if TYPE_CHECKING:
    from workflow.moves import Move


def evaluation_not_started(subject: Any, move: Move) -> Refusal | None:
    """Require that no visit was recorded and no sheet handed in yet."""
    if not subject.has_visit and not any(row["state"] == "handed_in" for row in subject.panel):
        return None
    return Refusal("evaluation_started", _("The evaluation on site has begun."))


def summary_received(nomination: Any, move: Move) -> Refusal | None:
    """Require that the city has received the district's sealed summary."""
    if nomination.summary.state == SummaryState.RECEIVED:
        return None
    return Refusal("summary_not_received", _("The district's summary has not been received yet."), fix="summary")


def visit_recorded(nomination: Any, move: Move) -> Refusal | None:
    """Require a visit with its day, its members and at least one photo."""
    if nomination.has_visit:
        return None
    return Refusal("visit_missing", _("Record the visit: day, members, at least one photo."), fix="visits")


def sheets_sufficient(nomination: Any, move: Move) -> list[Refusal]:
    """Require enough sheets handed in, of both capacities, none by an evaluator with a conflict of interest."""
    sheets, least = handed_in(nomination.panel), nomination.campaign.minimum_sheets
    refusals = []
    if len(sheets) < least:
        message = _("%(count)s sheets are handed in, at least %(least)s are needed.")
        refusals.append(Refusal("too_few_sheets", message, {"count": len(sheets), "least": least}, fix="score-sheets"))
    for capacity in Capacity:
        if not any(row["capacity"] == capacity for row in sheets):
            message = _("A sheet of this capacity is missing: %(capacity)s.")
            params = {"capacity": capacity.label}
            refusals.append(Refusal("capacity_missing", message, params, fix="assignments"))
    return refusals


def discrepancies_resolved(nomination: Any, move: Move) -> Refusal | None:
    """Require that sheets further apart than the campaign allows were dealt with: by a decision, or by a further sheet.

    A further sheet settles it when its evaluator was called after the two were in, and it lies no further than allowed
    from one of them. Nothing is said, and nothing passes, before everybody on the panel has handed in: a move that were
    open or refused according to the sheets so far would tell of them (decision 11). Who does not come is released.
    """
    if not whole_panel_handed_in(nomination.panel):
        message = _("Somebody on the panel has not handed in yet.")
        return Refusal("still_scoring", message, fix="assignments")
    panel, limit = panel_of(nomination), nomination.campaign.discrepancy_points
    if panel is None or panel.widest_gap <= limit or nomination.discrepancy_decision:
        return None
    if is_settled_by_a_further_sheet(nomination, panel):
        return None
    apart = scoring.rounded(panel.widest_gap)
    message = _("Two sheets are %(apart)s points apart (more than %(limit)s). Record how this was resolved.")
    return Refusal("discrepancy_open", message, {"apart": apart, "limit": limit}, fix="discrepancy_decision")


def is_settled_by_a_further_sheet(nomination: Any, panel: scoring.PanelScore) -> bool:
    """Tell whether somebody who was called after the two furthest sheets were in agrees with one of them."""
    rows = {UUID(row["sheet"]): row for row in handed_in(nomination.panel)}
    lowest, *between, highest = panel.sheets
    known_at = max(_instant(rows[sheet.sheet_id], "handed_in_at") for sheet in (lowest, highest))
    limit = nomination.campaign.discrepancy_points
    return any(
        _instant(rows[sheet.sheet_id], "assigned_at") > known_at
        and min(sheet.exact - lowest.exact, highest.exact - sheet.exact) <= limit
        for sheet in between
    )


def whole_panel_handed_in(panel: Sequence[dict[str, Any]]) -> bool:
    """Tell whether nobody on the panel is still at work."""
    return all(row["state"] == "handed_in" for row in panel if not row["conflict"])


def panel_of(nomination: Any) -> scoring.PanelScore | None:
    """Return the exact panel score over the sheets that count, ``None`` without any."""
    sheets = [
        scoring.SheetFigures(UUID(row["sheet"]), tuple(row["numerators"]), tuple(row["denominators"]))
        for row in handed_in(nomination.panel)
    ]
    return scoring.panel_score(sheets) if sheets else None


def panel_score(nomination: Any) -> Decimal | None:
    """Return the panel's score as it is shown, two places."""
    panel = panel_of(nomination)
    return panel.total if panel else None


def handed_in(panel: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the panel whose sheets count: handed in, and without a conflict of interest."""
    return [row for row in panel if row["state"] == "handed_in" and not row["conflict"]]


def _instant(row: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(row[name])
