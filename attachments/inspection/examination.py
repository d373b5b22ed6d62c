"""The two looks at a file: a glance while its sender waits, and the examination in quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from attachments.enums import AttachmentKind, Rejection
from attachments.errors import FileRefused
from attachments.inspection.ceiling import memory_ceiling
from attachments.inspection.content import ZIP, disguise, opening, plain_kind
from attachments.inspection.office import examine_office, glance_office
from attachments.inspection.pdf import examine_pdf, glance_pdf
from attachments.inspection.pictures import examine_picture, glance_picture
from attachments.limits import limits
from attachments.rules import kind_by_ending, kinds_agree, refusal, within_size, wrong_ending
from common.refusals import Refusal

_PICTURES = {AttachmentKind.JPEG, AttachmentKind.PNG, AttachmentKind.HEIC}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the examination of an acceptable file brought to light.

    ``path`` holds the bytes to be kept, ``small`` those of a picture's small copy.
    """

    path: Path
    kind: AttachmentKind
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    small: Path | None = None


def glance(stream: IO[bytes], name: str, size: int) -> AttachmentKind:
    """Return the kind of an upload whose content and ending agree, reading its ends and directories only.

    ``stream`` is seekable, ``name`` is clean, ``size`` in bytes. Raises ``FileRefused`` with the first reason found.
    """
    if (expected := kind_by_ending(name)) is None:
        raise FileRefused(wrong_ending(name))
    _insist(within_size(name, size, limits()))
    head = opening(stream)
    found = glance_office(stream, name) if head.startswith(ZIP) else plain_kind(head)
    if found is None:
        raise FileRefused(refusal(disguise(head), name, expected=expected.label))
    _insist(kinds_agree(name, expected, found))
    _glance_within(stream, found, name)
    return found


def examine(path: Path, kind: AttachmentKind, name: str, folder: Path) -> Findings:
    """Read the whole file at ``path`` as what it claims to be; pictures are re-encoded into ``folder``.

    Raises ``FileRefused`` with the reason; a file that wants more memory than ``Limits`` grants is too complex.
    """
    try:
        with memory_ceiling(_memory_for(kind)):
            return _examine(path, kind, name, folder)
    except MemoryError as error:
        raise FileRefused(refusal(Rejection.TOO_COMPLEX, name)) from error


def _memory_for(kind: AttachmentKind) -> int:
    return limits().max_picture_memory if kind in _PICTURES else limits().max_document_memory


def _examine(path: Path, kind: AttachmentKind, name: str, folder: Path) -> Findings:
    if kind is AttachmentKind.PDF:
        return Findings(path, kind, pages=examine_pdf(path, name))
    if kind not in _PICTURES:
        examine_office(path, name)
        return Findings(path, kind)
    output = folder / "picture"
    seen = examine_picture(path, kind, name, output)
    return Findings(
        output,
        seen.kind,
        width=seen.width,
        height=seen.height,
        taken_at=seen.taken_at,
        latitude=seen.latitude,
        longitude=seen.longitude,
        small=seen.small,
    )


def _glance_within(stream: IO[bytes], kind: AttachmentKind, name: str) -> None:
    if kind is AttachmentKind.PDF:
        glance_pdf(stream, name)
    elif kind in _PICTURES:
        glance_picture(stream, kind, name)


def _insist(found: Refusal | None) -> None:
    if found:
        raise FileRefused(found)
