"""Where a case stands for its district, in a tag; and what somebody has to do next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.queries.queue import Whole
from nominations.rules.nomination import review_of
from web.kit import Tag
from web.looks import NOW, WAIT, state_tag, tag

STAGE_LABELS: dict[str, Sentence] = {
    "to_take_up": pgettext_lazy("stage", "To be taken up"),
    "in_review": pgettext_lazy("stage", "In review"),
    "to_decide": pgettext_lazy("stage", "With the approver"),
    "returned": _("Returned for correction"),
    "recommended": pgettext_lazy("district stage", "Recommended"),
    "not_recommended": _("Not recommended"),
    "ended": pgettext_lazy("stage", "Ended"),
}


def is_reviewed(nomination: Any) -> bool:
    """Tell whether the review of the present text lies with the approver."""
    review = review_of(nomination)
    return review is not None and review.is_complete_for(nomination)


def standing_of(nomination: Any) -> Tag:
    """Return the district's own word for where the case stands, the state's where the district adds nothing."""
    if nomination.state != S.SUBMITTED:
        return state_tag(nomination.state, nomination.get_state_display())
    if is_reviewed(nomination):
        return tag(NOW, STAGE_LABELS["to_decide"], "clipboard-check")
    if nomination.claimed_by_id is None:
        return tag(WAIT, STAGE_LABELS["to_take_up"])
    return tag(NOW, _("Submitted again") if nomination.corrections else STAGE_LABELS["in_review"])


def next_of(nomination: Any, whole: Whole) -> Sentence:
    """Return what has to be done next; the row carries ``judged`` and ``scored``."""
    if nomination.state == S.RETURNED:
        return _("Wait for the corrected form")
    if nomination.state != S.SUBMITTED:
        return _("Nothing at the moment")
    if is_reviewed(nomination):
        return _("Decide on the recommendation")
    if nomination.claimed_by_id is None:
        return _("Take up and review")
    return _next_of_review(nomination, whole)


def _next_of_review(nomination: Any, whole: Whole) -> Sentence:
    if nomination.judged < whole.requirements:
        return _("Judge the requirements")
    if nomination.scored < whole.items:
        return _("Finish the score sheet")
    review = review_of(nomination)
    return _("Hand to the approver") if review and review.opinion else _("Write the opinion")
