"""What readers of notices may ask in vain, and why."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NoticeNotFound(DomainError):
    """The notice does not exist, or is somebody else's; the two look alike on purpose."""

    code = "not_found"
    message = _("Not found.")


class DeliveryNotFound(DomainError):
    """The mail does not exist, or lies outside the actor's scope."""

    code = "not_found"
    message = _("Not found.")


class NothingToSendAgain(DomainError):
    """The mail is on its way or has arrived."""

    code = "nothing_to_send_again"
    message = _("This mail needs no second sending: %(state)s.")


class UnknownCategory(DomainError):
    """There is no such category of notices."""

    code = "unknown_category"
    message = _("There is no category of notices called “%(category)s”.")


class UnknownMode(DomainError):
    """There is no such way of telling."""

    code = "unknown_mode"
    message = _("Mail can come “on”, “digest” or “off”, not “%(mode)s”.")


class LegalMinimum(DomainError):
    """Decisions with legal effect reach everybody concerned by mail."""

    code = "legal_minimum"
    message = _("Decisions with legal effect are always sent.")
