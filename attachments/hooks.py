"""What the engine calls upward without knowing it: named in the settings, imported when needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from attachments.models import Attachment


def tell_inspected(attachment: Attachment) -> None:
    """Call the function named by ``settings.ATTACHMENT_INSPECTED``, if any, in the transaction of the verdict.

    It gets the attachment, clean or rejected. If it raises, the verdict is rolled back and given again later. The row
    of the attachment is locked at this point, so the function must not wait long for another lock.
    """
    path = getattr(settings, "ATTACHMENT_INSPECTED", "")
    if path:
        cast("Callable[[Attachment], None]", import_string(path))(attachment)
