"""Tell by its first bytes what a file contains.

A table of six signatures, and then the format's own parser as the judge. Sniffing libraries were weighed and left out:
filetype and python-magic have seen no release since 2022 (the latter also needs a system library), current puremagic
wants Python 3.12, and all of them guess among hundreds of kinds where a list of six is the point.
"""

from __future__ import annotations

from typing import IO

from attachments.enums import AttachmentKind, Rejection

WINDOW = 4096
ZIP = b"PK\x03\x04"
_SIGNATURES = (
    (b"%PDF-", AttachmentKind.PDF),
    (b"\xff\xd8\xff", AttachmentKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", AttachmentKind.PNG),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def opening(stream: IO[bytes]) -> bytes:
    """Return the first bytes of a seekable stream."""
    stream.seek(0)
    return stream.read(WINDOW)


def plain_kind(head: bytes) -> AttachmentKind | None:
    """Return the kind of a file that is no package, or ``None``."""
    if head[4:8] == b"ftyp" and _is_heic(head):
        return AttachmentKind.HEIC
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)


def disguise(head: bytes) -> Rejection:
    """Return what a file that is of no accepted kind looks like instead."""
    if head.startswith(_OLE):
        return Rejection.LEGACY_OFFICE
    if head.lstrip().startswith(_MARKUP_STARTS):
        return Rejection.MARKUP
    return Rejection.MIXED if b"%PDF-" in head[:1024] else Rejection.KIND_UNKNOWN


def _is_heic(head: bytes) -> bool:
    """Look at the major and the compatible brands (ISO/IEC 14496-12, 4.3); AVIF shares the container only."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size, 4))}
    return bool(brands & _HEIC_BRANDS) and b"avif" not in brands
