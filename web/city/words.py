"""What comes of each move of the city, in words, as its confirmation page says it before it is made."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence

TOLD_ALL = _("The company, the district and the city's officers are told at once.")
CONSEQUENCES: Mapping[tuple[str, str], tuple[Sentence, ...]] = {
    ("nomination", "return_to_district"): (
        _("The case goes back to the district, which decides on it again."),
        _("If the district's summary is here already, it goes back with it, and its seal is void."),
    ),
    ("nomination", "complete_evaluation"): (
        _("The evaluation of this community is closed. Its score follows from the sheets that were handed in."),
        _("The city's approver can reopen it as long as the ranking is not frozen."),
    ),
    ("nomination", "reopen_evaluation"): (
        _("The evaluation is open again: visits can be recorded and sheets handed in. The score is void until then."),
    ),
    ("nomination", "remove_from_shortlist"): (
        _("The community leaves the list and its place falls free. A further selection can give it to a reserve."),
        TOLD_ALL,
    ),
    ("nomination", "record_award"): (_("The title is entered in the register with the document."), TOLD_ALL),
    ("nomination", "record_no_award"): (_("It is entered that the province has not given the title."), TOLD_ALL),
    ("nomination", "revoke"): (_("The title is marked as revoked in the register."), TOLD_ALL),
    ("nomination", "disqualify"): (
        _("The community leaves the programme. A place it holds falls free."),
        _("This cannot be taken back."),
        TOLD_ALL,
    ),
    ("nomination", "reopen"): (_("The form is a draft again, and the company can go on within the extension."),),
    ("nomination", "reconsider"): (_("The district has the case again and decides anew."), TOLD_ALL),
    ("recommendation_summary", "receive"): (
        _("The city confirms that the sealed table has arrived. The evaluation of its communities can begin."),
    ),
    ("recommendation_summary", "return"): (
        _("The table goes back to the district with your reason; its seal is void and it has to be sealed again."),
    ),
    ("work_report", "accept"): (
        _("The report counts as accepted: the district's communities can be reported to the province."),
    ),
    ("work_report", "return"): (_("The report goes back to the district with your reason."),),
    ("selection", "propose"): (
        _("The selection is put before the approver. You cannot change it any more unless it is sent back."),
    ),
    ("selection", "reject"): (_("The selection goes back to the officer who prepared it, with your reason."),),
    ("selection", "approve"): (_("The selection is decided as it stands."), _("This cannot be taken back.")),
    ("provincial_report", "approve"): (
        _("The report is signed. From now on the text stands; it can only be amended before it is sent."),
    ),
    ("provincial_report", "amend"): (_("The report is a draft again; a sealed copy of it is void."),),
    ("provincial_report", "send"): (
        _("The report is sent, and every shortlisted community is reported to the province."),
        _("This cannot be taken back."),
        TOLD_ALL,
    ),
}
PRIMARY = frozenset({"complete_evaluation", "receive", "accept", "propose", "approve", "send", "record_award"})
DANGER = frozenset({"disqualify", "revoke", "remove_from_shortlist"})


def consequences_of(flow: str, name: str) -> tuple[Sentence, ...]:
    """Return what comes of a move; every move of the city has its words (a test sees to it)."""
    return CONSEQUENCES.get((flow, name), ())


def look_of(flow: str, name: str) -> str:
    """Return whether a move is what the page is for, a hard cut, or one way among others."""
    if name in PRIMARY:
        return "primary"
    return "danger" if name in DANGER else ""
