"""The look of every state: color, word and icon together, never one alone."""

from __future__ import annotations

from collections.abc import Mapping

from common.refusals import Sentence
from nominations.enums import CheckVerdict, NominationState
from web.kit import Tag

PASS, BACK, BAD, NOW, WAIT, PLAIN = "is-pass", "is-back", "is-bad", "is-now", "is-wait", ""

ICONS: Mapping[str, str] = {
    PASS: "circle-check",
    BACK: "arrow-back-up",
    BAD: "circle-x",
    NOW: "progress",
    WAIT: "circle-dashed",
    PLAIN: "file-text",
}
STATES: Mapping[str, str] = {
    NominationState.DRAFT: PLAIN,
    NominationState.SUBMITTED: NOW,
    NominationState.RETURNED: BACK,
    NominationState.RECOMMENDED: PASS,
    NominationState.NOT_RECOMMENDED: BAD,
    NominationState.EVALUATED: PASS,
    NominationState.RESERVED: NOW,
    NominationState.SHORTLISTED: PASS,
    NominationState.NOT_SELECTED: PLAIN,
    NominationState.REPORTED: PASS,
    NominationState.AWARDED: PASS,
    NominationState.NOT_AWARDED: PLAIN,
    NominationState.REVOKED: BAD,
    NominationState.WITHDRAWN: PLAIN,
    NominationState.LAPSED: BAD,
    NominationState.DISQUALIFIED: BAD,
    # The other papers: what a summary, a report or a selection is called in the database.
    "approved": PASS,
    "received": PASS,
    "accepted": PASS,
    "proposed": NOW,
    "sent": PASS,
    # Requirements of annex 1.
    CheckVerdict.MET: PASS,
    CheckVerdict.NOT_MET: BAD,
    CheckVerdict.NEEDS_CITY_FIGURES: PLAIN,
    CheckVerdict.OPEN: WAIT,
    # Files.
    "quarantined": NOW,
    "clean": PASS,
    "rejected": BAD,
    # The committee.
    "invited": NOW,
    "confirmed": PASS,
    "refused": BACK,
    "expired": BAD,
    "locked": BAD,
    "void": PLAIN,
}


def state_tag(state: str, label: Sentence) -> Tag:
    """Return the tag of a state; a state unknown here is plain, but never without its word."""
    look = STATES.get(state, PLAIN)
    return Tag(look, label, ICONS[look])


def tag(look: str, label: Sentence, icon: str = "") -> Tag:
    """Return a tag in one of the looks, with the icon of the look unless another one says more."""
    return Tag(look, label, icon or ICONS[look])
