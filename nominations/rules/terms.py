"""Which terms of a campaign may still be changed once it runs, and within which bounds (rows S-06, S-09, S-15). Pure.

Dates are not among them: while people rely on a period it is lengthened by an extension that two people grant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence

SCORED = _("Evaluators have begun to score: how they are counted stays as it is.")
FROZEN = _("The ranking is frozen: what it was made by stays as it is.")
SENT = _("The district has sent its summary: its quota stays as it is.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come, as far as it fixes its terms."""

    has_sheets: bool
    has_ranking: bool
    places_taken: int


@dataclass(frozen=True, slots=True)
class Term:
    """One term that may be changed: its bounds, and what fixes it."""

    label: Sentence
    least: int
    most: int
    fixed: Callable[[Progress], Sentence | None]
    effect: Sentence


def _by_sheets(progress: Progress) -> Sentence | None:
    return SCORED if progress.has_sheets else None


def _by_ranking(progress: Progress) -> Sentence | None:
    return FROZEN if progress.has_ranking else None


def _never(progress: Progress) -> Sentence | None:
    return None


TERMS: Mapping[str, Term] = {
    "places": Term(_("places"), 1, 500, _by_ranking, _("The cut line of the ranking is drawn after so many places.")),
    "minimum_sheets": Term(
        _("sheets at least"), 1, 20, _by_sheets, _("No evaluation is completed with fewer sheets than this.")
    ),
    "discrepancy_points": Term(
        _("largest difference"), 1, 100, _by_sheets, _("Two sheets further apart than this have to be resolved.")
    ),
    "corrections_allowed": Term(
        _("corrections allowed"), 0, 10, _never, _("So often may a form be returned, those returned before included.")
    ),
    "correction_working_days": Term(
        _("working days for a correction"), 1, 60, _never, _("It counts for forms returned from now on.")
    ),
}


def faults_of(name: str, value: int, present: int, progress: Progress) -> list[Refusal]:
    """Return every reason why a term may not become ``value``."""
    term = TERMS[name]
    why = term.fixed(progress)
    if why is not None:
        return [Refusal("term_fixed", why, fix=name)]
    least = max(term.least, progress.places_taken) if name == "places" else term.least
    least = max(least, present) if name == "corrections_allowed" else least
    if not least <= value <= term.most:
        message = _("This must lie between %(least)s and %(most)s.")
        return [Refusal("out_of_range", message, {"least": least, "most": term.most}, fix=name)]
    return []


def fault_of_quota(value: int | None, *, recommended: int, is_with_city: bool, fix: str) -> Refusal | None:
    """Return why a district's quota may not become ``value``; ``None`` stands for no quota."""
    if is_with_city:
        return Refusal("term_fixed", SENT, fix=fix)
    if value is not None and value < recommended:
        message = _("The district has recommended %(count)s communities already.")
        return Refusal("below_recommended", message, {"count": recommended}, fix=fix)
    return None
