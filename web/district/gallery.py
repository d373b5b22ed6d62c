"""Files as small pictures in a row, each leading to its own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from attachments.enums import AttachmentKind
from attachments.models import Attachment
from nominations.operations.sealing import SEALED_COPY
from web.kit import Tag
from web.looks import state_tag

SHOWN = {AttachmentKind.JPEG, AttachmentKind.PNG}


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: what it is called, its picture if a browser can show one, and where it is looked at."""

    pk: UUID
    title: str
    kind: str
    tag: Tag
    url: str
    source: str
    download: str


def pictures_of(files: Iterable[Attachment], nomination_id: UUID) -> list[Picture]:
    """Return the files of one case as pictures."""
    return [_picture(one, nomination_id) for one in files]


def _picture(one: Attachment, nomination_id: UUID) -> Picture:
    download = reverse("web:district:case-file", args=[nomination_id, one.pk])
    is_shown = one.is_handed_out and one.kind in SHOWN
    return Picture(
        one.pk,
        _title(one),
        str(one.kind).upper(),
        state_tag(one.state, one.get_state_display()),
        reverse("web:district:case-look", args=[nomination_id, one.pk]),
        download if is_shown else "",
        download if one.is_handed_out else "",
    )


def _title(one: Attachment) -> str:
    """Return what a file is called; a sealed copy in the reader's language."""
    return _("Sealed copy") if one.purpose == SEALED_COPY else one.label or one.original_name
