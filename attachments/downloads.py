"""How a file leaves the house: as a download, never as a page, and only when it was found clean."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse
from django.utils.translation import gettext

from attachments.enums import AttachmentKind
from attachments.errors import NotHandedOut
from attachments.models import Attachment
from attachments.rules import ENDING_OF, MEDIA_TYPES
from attachments.storage import opened


def respond(attachment: Attachment, *, small: bool = False) -> FileResponse:
    """Return a response that streams a clean file to be saved under its display name (RFC 6266, RFC 8187).

    ``small`` asks for the small copy of a picture, for a list; what has none is given whole.

    Whether the person may see the subject is the caller's work, done before: this function asks nobody. The response
    cannot be sniffed, framed as a page, run, or kept by a shared cache. Raises ``NotHandedOut`` for a file that is in
    quarantine, was not accepted or was removed, ``StorageUnavailable`` when its bytes cannot be read.
    """
    if not attachment.is_handed_out:
        raise NotHandedOut(name=attachment.original_name, state=_standing(attachment))
    is_small = small and bool(attachment.small_file)
    content = opened(str(attachment.small_file.name) if is_small else attachment.stored_name)
    kind = AttachmentKind.JPEG if is_small else AttachmentKind(attachment.kind)
    response = FileResponse(content, content_type=MEDIA_TYPES[kind])
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Disposition"] = _disposition(attachment, kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(attachment: Attachment, kind: AttachmentKind) -> str:
    plain = f"{attachment.pk}.{ENDING_OF[kind]}"  # for clients that do not know the starred form
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(attachment.original_name, safe='')}"


def _standing(attachment: Attachment) -> str:
    return gettext("removed") if attachment.removed_at else str(attachment.get_state_display())
