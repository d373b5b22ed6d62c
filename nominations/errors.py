"""What the domain refuses to do besides the moves, and why."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotAllowed(DomainError):
    """The actor's role does not do this."""

    code = "wrong_role"
    message = _("This is for another role.")


class NotEditable(DomainError):
    """What is on its way through the offices is not changed by its author."""

    code = "not_editable"
    message = _("This cannot be changed now: the present state is “%(state)s”.")


class InvalidInput(DomainError):
    """Something that was sent cannot be taken; each reason names its field, and nothing was written."""

    code = "invalid"
    message = _("Some of the entries cannot be taken. Nothing has been saved.")


class AlreadyNominated(DomainError):
    """The community has an active nomination in this campaign."""

    code = "already_nominated"
    message = _("This community has an active nomination in this campaign already.")


class ApplicationOver(DomainError):
    """No draft is begun that could not be submitted any more."""

    code = "window_over"
    message = _("The period for this step ended on %(closed_at)s.")


class DistrictTakesNoPart(DomainError):
    """The community's district bureau is not part of the campaign."""

    code = "district_takes_no_part"
    message = _("The district of this community takes no part in the campaign.")


class ContentChanged(DomainError):
    """The digest that was sent is not that of the present text."""

    code = "content_changed"
    message = _("The text was changed meanwhile. Look at the present version first.")


class CannotInvite(DomainError):
    """The committee can only be invited to a complete text, at an e-mail address."""

    code = "cannot_invite"
    message = _("The owners' committee cannot be invited yet.")


class ConfirmationClosed(DomainError):
    """The invitation was answered, has expired, or belongs to an earlier text."""

    code = "confirmation_closed"
    message = _("This invitation is no longer valid. Ask the property service company for a new one.")


class NotTakenUp(DomainError):
    """Only who has taken a case up works on it."""

    code = "not_taken_up"
    message = _("Take the case up first.")


class ClaimedByAnother(DomainError):
    """A colleague is working on the case."""

    code = "claimed"
    message = _("%(name)s is working on this case.")


class ReviewComplete(DomainError):
    """A complete review lies with the approver; who wrote it no longer changes it."""

    code = "review_complete"
    message = _("The review is complete and lies with the approver, who can send it back to you.")


class ReviewNotComplete(DomainError):
    """There is nothing to send back: the review is still being written."""

    code = "review_not_complete"
    message = _("The review of this version is still being written.")


class ReviewIncomplete(DomainError):
    """The review lacks something; every gap is listed."""

    code = "review_incomplete"
    message = _("The review is not complete yet.")


class WrongCode(DomainError):
    """The one-time code does not fit."""

    code = "wrong_code"
    message = _("This code does not fit. %(left)s attempts are left.")


class SelectionUnderway(DomainError):
    """A selection that draws on the ranking is open."""

    code = "selection_underway"
    message = _("A selection is open that draws on the frozen ranking. Finish it first.")
