"""What the engine raises on purpose; the API answers each with its code and sentence."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.refusals import Refusal


class FileRefused(DomainError):
    """A file is not accepted; ``refusals`` holds the one reason, ``attr`` the input at fault."""

    code = "file_refused"
    message = _("This file is not accepted.")

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(attr=refusal.fix, refusals=[refusal])

    @property
    def refusal(self) -> Refusal:
        """Return the reason."""
        return self.refusals[0]

    def sentence(self) -> str:
        """Return the reason's own sentence in the active language; it names the file."""
        return self.refusal.sentence()


class NotHandedOut(DomainError):
    """A file that is not clean, or was removed, is never handed out."""

    code = "attachment_not_clean"
    message = _("“%(name)s” is not available: %(state)s.")


class StorageUnavailable(DomainError):
    """The file store does not answer or is full; nothing was kept."""

    code = "storage_unavailable"
    message = _("Files cannot be stored or read at the moment. Nothing was saved; try again later.")


class ScannerUnavailable(DomainError):
    """The virus scanner is configured and gives no verdict; the file stays in quarantine."""

    code = "scanner_unavailable"
    message = _("The virus scanner does not answer; the file stays in quarantine and is checked later.")


class AttachmentBusy(DomainError):
    """The file is being worked on at this very moment."""

    code = "busy"
    message = _("“%(name)s” is being checked at the moment. Try again shortly.")
