"""Guards of the selection (row S-15): frozen ranking, reasons, ties, places, spread, veto events, four eyes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.enums import SelectionOutcome, SelectionStanding

if TYPE_CHECKING:
    from nominations.rules.concentration import Concentration
    from workflow.moves import Move

NO_PLACES = _("There are %(places)s places and %(wanted)s communities.")
NO_RESERVES = _("There are %(places)s places on reserve and %(wanted)s communities.")
FEWER = _("%(places)s places are free and %(wanted)s communities are shortlisted. Say why no more are.")
# What a community is better off with stands first.
TIERS = {SelectionOutcome.SHORTLIST: 0, SelectionOutcome.RESERVE: 1, SelectionOutcome.PASS_OVER: 2}


def selection_approved(nomination: Any, move: Move) -> Refusal | None:
    """Require an approved selection that says exactly this about the community."""
    if nomination.chosen == move.name:
        return None
    return Refusal("selection_not_approved", _("No approved selection says so."), fix="selections")


def within_quota(subject: Any, move: Move) -> list[Refusal]:
    """Require that the places suffice: for one more community, or for all that a selection puts on either list.

    A campaign may bind the selection to a largest share of one district or company in its places as well.
    """
    campaign = subject.campaign
    wanted = campaign.places_taken + getattr(subject, "shortlisted_rows", 1)
    refusals = []
    if wanted > campaign.places:
        refusals.append(Refusal("places_exhausted", NO_PLACES, {"places": campaign.places, "wanted": wanted}))
    return refusals if move.name == "shortlist" else refusals + _within_lists(subject)


def _within_lists(selection: Any) -> list[Refusal]:
    campaign, reserved = selection.campaign, selection.reserved_rows
    refusals = []
    if campaign.reserves is not None and reserved > campaign.reserves:
        params = {"places": campaign.reserves, "wanted": reserved}
        refusals.append(Refusal("reserves_exhausted", NO_RESERVES, params, fix="rows"))
    if campaign.concentration_binding:
        refusals += [_too_many(one, campaign) for one in selection.concentrations() if one.is_above]
    return refusals


def _too_many(found: Concentration, campaign: Any) -> Refusal:
    message = _("%(name)s would hold %(share)s %% of the places; the campaign allows %(limit)s %% at most.")
    params = {"name": found.holder.name, "share": found.share, "limit": campaign.concentration_share}
    return Refusal("concentration_exceeded", message, params, fix="rows")


def no_veto_event(nomination: Any, move: Move | None) -> Refusal | None:
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


def reasons_given_out_of_order(selection: Any, move: Move) -> list[Refusal]:
    """Require a reason on each row that overtakes a better rank, and one where places are left free."""
    lacking = [row.rank for row in selection.out_of_order() if not row.reason.strip()]
    refusals = []
    if lacking:
        message = _("A reason is needed where the order of the ranking is not followed: rank %(ranks)s.")
        refusals.append(Refusal("reasons_missing", message, {"ranks": lacking}, fix="rows"))
    if selection.leaves_places_free() and not selection.fewer_reason.strip():
        free = selection.campaign.places - selection.campaign.places_taken
        params = {"places": free, "wanted": selection.shortlisted_rows}
        refusals.append(Refusal("fewer_reason_missing", FEWER, params, fix="fewer_reason"))
    return refusals


def tie_at_cut_decided(selection: Any, move: Move) -> Refusal | None:
    """Require a recorded decision where communities of equal rank fall on both sides of the cut line."""
    if not selection.tie_at_cut() or selection.tie_decision.strip():
        return None
    return Refusal(
        "tie_undecided", _("Equal ranks are cut apart. Record who decided this, and why."), fix="tie_decision"
    )


def not_the_proposer(subject: Any, move: Move) -> Refusal | None:
    """Require that somebody else decides than whoever prepared, changed or proposed the selection (flow rule 4)."""
    if not subject.campaign.four_eyes or move.actor.user_id not in {subject.proposer_id, *subject.handled_by}:
        return None
    return Refusal("four_eyes", _("You proposed this selection yourself. Somebody else has to decide."))


def taken_out_of_order(rows: list[Any]) -> list[Any]:
    """Return the rows that fare better than a better-ranked one: shortlisted before it, or on reserve before it.

    Who was taken off the shortlist before is overtaken by everybody: the reason stands with the removal.
    """
    best: dict[int, int] = {}
    for row in rows:
        if row.standing != SelectionStanding.REMOVED:
            tier = TIERS[row.outcome]
            best[tier] = min(best.get(tier, row.rank), row.rank)
    return [row for row in rows if _overtakes(row, best)]


def _overtakes(row: Any, best: Mapping[int, int]) -> bool:
    """Tell whether a tier below the row's own holds a better rank; ``best`` is the best rank of each."""
    return any(tier > TIERS[row.outcome] and rank < row.rank for tier, rank in best.items())


def parted_ranks(rows: list[Any]) -> set[int]:
    """Return the ranks whose communities are not all treated alike; who was taken off before stands apart."""
    outcomes: dict[int, set[str]] = {}
    for row in rows:
        if row.standing != SelectionStanding.REMOVED:
            outcomes.setdefault(row.rank, set()).add(row.outcome)
    return {rank for rank, found in outcomes.items() if len(found) > 1}
