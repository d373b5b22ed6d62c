"""Guards of the selection (row S-15): frozen ranking, reasons, ties, places, veto events, four eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.enums import SelectionOutcome

if TYPE_CHECKING:
    from workflow.moves import Move

NO_PLACES = _("There are %(places)s places and %(wanted)s communities.")


def selection_approved(nomination: Any, move: Move) -> Refusal | None:
    """Require an approved selection that says exactly this about the community."""
    if nomination.chosen == move.name:
        return None
    return Refusal("selection_not_approved", _("No approved selection says so."), fix="selections")


def within_quota(subject: Any, move: Move) -> Refusal | None:
    """Require that the places suffice: for one more community, or for all that a selection shortlists."""
    campaign = subject.campaign
    wanted = campaign.places_taken + getattr(subject, "shortlisted_rows", 1)
    if wanted <= campaign.places:
        return None
    return Refusal("places_exhausted", NO_PLACES, {"places": campaign.places, "wanted": wanted})


def no_veto_event(nomination: Any, move: Move) -> Refusal | None:
    """Require that no event was recorded that excludes the community."""
    if not nomination.veto:
        return None
    return Refusal("veto_recorded", _("An event that excludes this community is on record."), fix="veto")


def veto_event_recorded(nomination: Any, move: Move) -> Refusal | None:
    """Require the event that excludes: its kind, the authority that found it, the document."""
    veto = nomination.veto or {}
    lacking = [name for name in ("kind", "authority", "document") if not str(veto.get(name, "")).strip()]
    if not lacking:
        return None
    message = _("First record the event that excludes the community: kind, authority, document.")
    return Refusal("veto_missing", message, {"missing": lacking}, fix="veto")


def ranking_frozen(selection: Any, move: Move) -> Refusal | None:
    """Require the frozen ranking from which the selection draws."""
    if selection.ranking_id is not None and selection.ranking.superseded_at is None:
        return None
    return Refusal("ranking_not_frozen", _("Freeze the ranking first."), fix="ranking")


def reasons_given_out_of_order(selection: Any, move: Move) -> Refusal | None:
    """Require a reason on each row that overtakes, or is overtaken by, another against the ranking."""
    lacking = [row.rank for row in selection.out_of_order() if not row.reason.strip()]
    if not lacking:
        return None
    message = _("A reason is needed where the order of the ranking is not followed: rank %(ranks)s.")
    return Refusal("reasons_missing", message, {"ranks": lacking}, fix="rows")


def tie_at_cut_decided(selection: Any, move: Move) -> Refusal | None:
    """Require a recorded decision where communities of equal rank fall on both sides of the cut line."""
    if not selection.tie_at_cut() or selection.tie_decision.strip():
        return None
    return Refusal(
        "tie_undecided", _("Equal ranks are cut apart. Record who decided this, and why."), fix="tie_decision"
    )


def not_the_proposer(subject: Any, move: Move) -> Refusal | None:
    """Require that somebody else decides than proposed the selection (flow rule 4)."""
    if not subject.campaign.four_eyes or subject.proposer_id != move.actor.user_id:
        return None
    return Refusal("four_eyes", _("You proposed this selection yourself. Somebody else has to decide."))


def taken_out_of_order(rows: list[Any]) -> list[Any]:
    """Return the shortlisted rows that have a better-ranked row before them which is not shortlisted."""
    chosen = [row for row in rows if row.outcome == SelectionOutcome.SHORTLIST]
    left = [row.rank for row in rows if row.outcome != SelectionOutcome.SHORTLIST]
    return [row for row in chosen if left and row.rank > min(left)]
