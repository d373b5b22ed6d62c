"""Guards of the company's and the district's half: may this form be submitted, returned, recommended?

Pure: each reads the nomination with its facts and the move, and answers with reasons or ``None``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from attachments.enums import AttachmentState
from common.refusals import Refusal
from nominations.rules import form
from workflow.declaration import accepts, asks

if TYPE_CHECKING:
    from nominations.models import DistrictReview
    from workflow.moves import Move

# What a district may send back: the sections of the form, and what belongs to it.
RETURNABLE = (*form.SECTION_NAMES, "attachments", "confirmation", "sealed_copy")
LONGEST_REMARK = 1000
SUMMARY_SENT = _("The district has sent its summary to the city. Only the city bureau can return it.")


def form_complete(nomination: Any, move: Move) -> list[Refusal]:
    """Require every required field of form 3 and the eight practice texts (row S-02); one reason per section."""
    return incomplete_sections(nomination)


def incomplete_sections(nomination: Any) -> list[Refusal]:
    """Return a reason per section of the form that has gaps."""
    return [
        Refusal(
            "form_incomplete",
            _("“%(section)s” is not complete: %(fields)s."),
            {"section": section.title, "fields": labels, "missing": names},
            fix=section.name,
        )
        for section, names, labels in form.missing(nomination.form)
    ]


def committee_confirmed(nomination: Any, move: Move) -> Refusal | None:
    """Require that the committee, or its declared substitute, confirmed exactly this text (row S-03)."""
    if nomination.content_digest and nomination.confirmed_digest == nomination.content_digest:
        return None
    if nomination.confirmed_digest:
        message = _("The form was changed after the owners' committee confirmed it. Have it confirmed again.")
        return Refusal("confirmation_void", message, fix="confirmation")
    return Refusal(
        "committee_not_confirmed", _("The owners' committee has not confirmed the text."), fix="confirmation"
    )


def sealed_copy_attached(subject: Any, move: Move) -> Refusal | None:
    """Require the sealed scan of exactly this version, checked and accepted (rows S-03 and S-06)."""
    if subject.sealed_digest and subject.sealed_digest != subject.content_digest:
        message = _("The text was changed after it was sealed. Print, seal and upload it again.")
        return Refusal("seal_void", message, fix="sealed_copy")
    if not subject.sealed_digest or subject.sealed_copy_state in {None, AttachmentState.REJECTED}:
        return Refusal("sealed_copy_missing", _("The sealed copy has not been uploaded."), fix="sealed_copy")
    if subject.sealed_copy_state != AttachmentState.CLEAN:
        message = _("The sealed copy is still being checked. Try again in a minute.")
        return Refusal("sealed_copy_unchecked", message, fix="sealed_copy")
    return None


def attachments_clean(nomination: Any, move: Move) -> Refusal | None:
    """Require that every attachment has passed its check."""
    if not nomination.has_unclean_attachments:
        return None
    return Refusal("attachments_not_clean", _("Not every attachment has passed its check yet."), fix="attachments")


def not_claimed(nomination: Any, move: Move) -> Refusal | None:
    """Require that no district reviewer has taken the case up."""
    if nomination.claimed_by_id is None:
        return None
    return Refusal("claimed", _("The district bureau is working on this already. Ask it to return the form."))


def summary_not_submitted(nomination: Any, move: Move) -> Refusal | None:
    """Require that the district's summary has not gone to the city."""
    if not nomination.summary.is_with_city:
        return None
    return Refusal("summary_submitted", SUMMARY_SENT)


@asks("sections")
def sections_named(nomination: Any, move: Move) -> Refusal | None:
    """Require rows of ``{section, remark}``, at least one, each of a known section: all defects are told at once."""
    rows = move.payload.get("sections")
    if isinstance(rows, list) and rows and all(_is_remark(row) for row in rows):
        return None
    message = _("Name at least one section, and what is to be corrected in each: %(sections)s.")
    return Refusal("sections_missing", message, {"sections": list(RETURNABLE)}, fix="data.sections")


def _is_remark(row: Any) -> bool:
    if not isinstance(row, dict) or set(row) - {"section", "field", "remark"}:
        return False
    remark = row.get("remark")
    return row.get("section") in RETURNABLE and isinstance(remark, str) and 0 < len(remark.strip()) <= LONGEST_REMARK


def corrections_left(nomination: Any, move: Move) -> Refusal | None:
    """Require that the form was not returned as often as the campaign allows."""
    allowed = nomination.campaign.corrections_allowed
    if nomination.corrections < allowed:
        return None
    message = _("This form was returned %(times)s times already. Decide on it as it is.")
    return Refusal("no_corrections_left", message, {"times": allowed})


def district_review_complete(nomination: Any, move: Move) -> Refusal | None:
    """Require the review, completed on exactly this text: requirements judged, sheet finished, opinion written."""
    review = review_of(nomination)
    if review is not None and review.is_complete_for(nomination):
        return None
    message = _("The reviewer has not completed the review of this version.")
    return Refusal("review_incomplete", message, fix="district-review")


@accepts("override_reason")
def requirements_met_or_overridden(nomination: Any, move: Move) -> list[Refusal]:
    """Require that annex 1 is met, or the approver's recorded reason to recommend all the same (row S-10)."""
    review = review_of(nomination)
    if "override_reason" in move.payload:
        return _faults_of_override(move.payload["override_reason"])
    unmet = _("Not met: requirement %(numbers)s. To recommend all the same, give your reason; the city will see it.")
    unproven = _(
        "Requirement %(numbers)s cannot be judged before the city has entered its complaint figures. Ask the city "
        "bureau for them, or give your reason to recommend without them; the city will see it."
    )
    found = [
        ("requirements_not_met", unmet, review.unmet if review else []),
        ("city_figures_missing", unproven, review.unproven if review else []),
    ]
    return [
        Refusal(code, message, {"numbers": numbers}, fix="data.override_reason")
        for code, message, numbers in found
        if numbers
    ]


def _faults_of_override(reason: Any) -> list[Refusal]:
    if isinstance(reason, str) and 0 < len(reason.strip()) <= LONGEST_REMARK:
        return []
    message = _("Give your reason in at most %(limit)s characters.")
    return [Refusal("override_reason_unusable", message, {"limit": LONGEST_REMARK}, fix="data.override_reason")]


def not_the_reviewer(nomination: Any, move: Move) -> Refusal | None:
    """Require that somebody else approves than wrote the review (flow rule 4)."""
    review = review_of(nomination)
    if not nomination.campaign.four_eyes or review is None or move.actor.user_id not in review.writers:
        return None
    return Refusal("four_eyes", _("You wrote the review yourself. Somebody else has to decide."))


def review_of(nomination: Any) -> DistrictReview | None:
    """Return the loaded review, or ``None`` when the district has not begun one."""
    return getattr(nomination, "review", None)
