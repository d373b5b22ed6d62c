"""Guards of the district's summary (form 4; rows S-06, S-07): quota, ranks, descriptions, four eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.rules import nomination as nominated
from nominations.rules.nomination import SUMMARY_SENT

if TYPE_CHECKING:
    from workflow.moves import Move


def within_district_quota(nomination: Any, move: Move) -> Refusal | None:
    """Require a free place in the district's quota, if it has one, in a summary that the city does not hold yet."""
    summary = nomination.summary
    if summary.is_with_city:
        return Refusal("summary_submitted", SUMMARY_SENT)
    if summary.quota is None or summary.recommended_count < summary.quota:
        return None
    message = _("The district may recommend %(quota)s communities and has done so.")
    return Refusal("district_quota_exhausted", message, {"quota": summary.quota})


def every_nomination_decided(subject: Any, move: Move) -> Refusal | None:
    """Require that none of the nominations concerned is still waiting for a decision."""
    if subject.undecided == 0:
        return None
    message = _("%(count)s nominations are still waiting for a decision.")
    return Refusal("nominations_undecided", message, {"count": subject.undecided}, fix="nominations")


def ranks_complete(summary: Any, move: Move) -> Refusal | None:
    """Require one row with a rank for each recommended community, and no other row."""
    if lists_the_recommended(summary):
        return None
    params = {"recommended": summary.recommended, "ranked": summary.ranked_rows}
    message = _("%(recommended)s communities are recommended, %(ranked)s have a rank. Compute the ranks again.")
    return Refusal("ranks_incomplete", message, params, fix="rows")


def lists_the_recommended(summary: Any) -> bool:
    """Tell whether the table has one row with a rank for each recommended community, and no other row."""
    return bool(summary.recommended == summary.ranked_rows == summary.all_rows)


def descriptions_attached(summary: Any, move: Move) -> Refusal | None:
    """Require the description of each recommended community besides the table (note of annex 4; row S-07)."""
    if summary.described_rows == summary.all_rows:
        return None
    message = _("%(count)s communities still lack their description.")
    return Refusal("descriptions_missing", message, {"count": summary.all_rows - summary.described_rows}, fix="rows")


def sealed_copy_attached(summary: Any, move: Move) -> Refusal | None:
    """Require the sealed scan of exactly this table (row S-06), and that the approved table is still the whole one."""
    if summary.is_overtaken:
        message = _(
            "Since the approval a nomination has come in or gone. Amend the table, decide, and have it approved again."
        )
        return Refusal("summary_overtaken", message, fix="amend")
    return nominated.sealed_copy_attached(summary, move)


def not_the_preparer(subject: Any, move: Move) -> Refusal | None:
    """Require that the paper was prepared, and that somebody else approves it (flow rule 4)."""
    if subject.preparer_id is None:
        return Refusal("not_prepared", _("Nobody has prepared the present version yet."), fix="prepare")
    if not subject.campaign.four_eyes or subject.preparer_id != move.actor.user_id:
        return None
    return Refusal("four_eyes", _("You prepared this yourself. Somebody else has to decide."))


def decided_places(ties: Iterable[Sequence[UUID]], places: Mapping[UUID, int]) -> dict[UUID, int]:
    """Return the decided places that still hold: those of ties in which every community has a place of its own.

    A decision falls when somebody joins the tie whom it did not know, or when two decided ties have become one.
    """
    held: dict[UUID, int] = {}
    for tie in ties:
        known = [places[key] for key in tie if key in places]
        if len(set(known)) == len(tie):
            held |= dict(zip(tie, known, strict=True))
    return held
