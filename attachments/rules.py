"""What a file must be: pure checks on names and figures, each answering with a ``Refusal`` or ``None``."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from django.conf import settings

from attachments.enums import AttachmentKind, NoRoom, Rejection
from attachments.limits import MEBIBYTE, Limits
from common.refusals import Refusal

ENDINGS = {
    "pdf": AttachmentKind.PDF,
    "jpg": AttachmentKind.JPEG,
    "jpeg": AttachmentKind.JPEG,
    "png": AttachmentKind.PNG,
    "heic": AttachmentKind.HEIC,
    "heif": AttachmentKind.HEIC,
    "docx": AttachmentKind.DOCX,
    "xlsx": AttachmentKind.XLSX,
}
ENDING_OF = {
    AttachmentKind.PDF: "pdf",
    AttachmentKind.JPEG: "jpg",
    AttachmentKind.PNG: "png",
    AttachmentKind.HEIC: "heic",
    AttachmentKind.DOCX: "docx",
    AttachmentKind.XLSX: "xlsx",
}
MEDIA_TYPES = {
    AttachmentKind.PDF: "application/pdf",
    AttachmentKind.JPEG: "image/jpeg",
    AttachmentKind.PNG: "image/png",
    AttachmentKind.HEIC: "image/heic",
    AttachmentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    AttachmentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAME_BYTES = 200  # file systems stop at 255 bytes; archives prefix a folder and a number
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_ENCRYPTED = 0x1
_HARMLESS_SCHEMES = {"", "http", "https", "mailto", "tel"}


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept already: files of this purpose, files and bytes of this subject, bytes of this person's last day."""

    files: int
    kept_files: int
    kept_bytes: int
    day_bytes: int


def refusal(code: Rejection | NoRoom, name: str, *, fix: str = "file", **params: Any) -> Refusal:
    """Return the refusal of the file called ``name``; ``fix`` is the input at fault."""
    return Refusal(code=code.value, message=code.label, params={"name": name, **params}, fix=fix)


def is_sealed(purpose: str) -> bool:
    """Tell whether files of this purpose are sealed copies, unchangeable once clean (S-03, S-06)."""
    sealed: Sequence[str] = getattr(settings, "ATTACHMENT_SEALED_PURPOSES", ("sealed_copy",))
    return purpose in sealed


def clean_text(text: str) -> str:
    """Return ``text`` without invisible and direction-changing characters, spaces collapsed, in NFC."""
    visible = (" " if sign.isspace() else sign for sign in text if sign.isspace() or not _is_invisible(sign))
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def clean_name(raw: str) -> str:
    """Return a name fit for display and download: the last path component, visible, at most 200 bytes in UTF-8.

    The stored name is never derived from it. The ending survives the cut; an empty stem becomes ``file``.
    """
    last = clean_text(raw).replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, ending = last.translate(_RESERVED).rstrip(" .").rpartition(".")
    if not dot:
        return _cut(ending) or "file"
    return f"{_cut(stem.strip(' .'), reserve=len(ending.encode()) + 1) or 'file'}.{_cut(ending)}"


def renamed(name: str, kind: AttachmentKind) -> str:
    """Return ``name`` with the ending of ``kind``, for a file that was converted."""
    return str(PurePosixPath(name).with_suffix(f".{ENDING_OF[kind]}"))


def kind_by_ending(name: str) -> AttachmentKind | None:
    """Return the kind that the name promises, or ``None`` when its ending is not accepted."""
    return ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None


def wrong_ending(name: str) -> Refusal:
    """Return the refusal of a name whose ending is not accepted; it lists those that are."""
    return refusal(Rejection.EXTENSION, name, accepted=", ".join(ENDINGS))


def within_size(name: str, size: int, caps: Limits) -> Refusal | None:
    """Refuse an empty file and one above the cap; ``size`` in bytes."""
    if size <= 0:
        return refusal(Rejection.EMPTY, name)
    if size > caps.max_bytes:
        return refusal(Rejection.TOO_LARGE, name, limit=caps.max_megabytes)
    return None


def within_room(name: str, size: int, stored: Stored, caps: Limits) -> Refusal | None:
    """Refuse one file more than its subject may have, or than its sender may send in a day; ``size`` in bytes."""
    checks = (
        (NoRoom.FILES, stored.files + 1, caps.max_files, 1),
        (NoRoom.KEPT_FILES, stored.kept_files + 1, caps.max_kept_files, 1),
        (NoRoom.KEPT_BYTES, stored.kept_bytes + size, caps.max_kept_bytes, MEBIBYTE),
        (NoRoom.DAY_BYTES, stored.day_bytes + size, caps.max_day_bytes, MEBIBYTE),
    )
    return next((refusal(code, name, limit=most // unit) for code, want, most, unit in checks if want > most), None)


def kinds_agree(name: str, expected: AttachmentKind, found: AttachmentKind) -> Refusal | None:
    """Refuse a file whose content is of an accepted kind, but not of the one that its name promises."""
    if expected is found:
        return None
    return refusal(Rejection.KIND_MISMATCH, name, expected=expected.label, found=found.label)


def within_pixels(name: str, width: int, height: int, caps: Limits) -> Refusal | None:
    """Refuse a picture above the pixel cap; asked with the figures of the header, before anything is decoded."""
    if width <= 0 or height <= 0:
        return refusal(Rejection.DAMAGED, name)
    if width * height > caps.max_pixels:
        megapixels = -(-width * height // 1_000_000)
        return refusal(Rejection.TOO_MANY_PIXELS, name, megapixels=megapixels, limit=caps.max_pixels // 1_000_000)
    return None


def within_pages(name: str, pages: int, caps: Limits) -> Refusal | None:
    """Refuse a PDF without pages and one with too many."""
    if pages == 0:
        return refusal(Rejection.DAMAGED, name)
    if pages > caps.max_pages:
        return refusal(Rejection.TOO_MANY_PAGES, name, pages=pages, limit=caps.max_pages)
    return None


def label_fits(name: str, label: str, caps: Limits) -> Refusal | None:
    """Refuse a label that is too long to be shown."""
    if len(label) > caps.max_label:
        return refusal(Rejection.LABEL_TOO_LONG, name, fix="label", limit=caps.max_label)
    return None


def package_acceptable(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    """Refuse a DOCX or XLSX whose directory of parts betrays a bomb, a trap for unpackers, or a password."""
    checks: tuple[Callable[[str, Sequence[ZipInfo], Limits], Refusal | None], ...] = (
        _few_enough,
        _safely_named,
        _readable,
        _modest_when_unpacked,
        _side_by_side,
    )
    return next((found for check in checks if (found := check(name, entries, caps))), None)


def is_plain_address(target: str) -> bool:
    """Tell whether a link leads where a reader may go by a click: a web page, a mail, a call, a place in the file.

    Not to a program on the reader's own disk, nor to a share, which learns of the reader by being asked.
    """
    if target.replace("\\", "/").startswith("//"):
        return False
    try:
        return urlsplit(target).scheme.lower() in _HARMLESS_SCHEMES
    except ValueError:  # an address in brackets that is none
        return False


def _few_enough(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    if len(entries) > caps.max_entries:
        return refusal(Rejection.ENTRY_COUNT, name, limit=caps.max_entries)
    return None


def _safely_named(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    folded = {entry.orig_filename.casefold() for entry in entries}
    if len(folded) < len(entries) or not all(_is_safe(entry.orig_filename) for entry in entries):
        return refusal(Rejection.ENTRY_NAME, name)
    return None


def _is_safe(entry: str) -> bool:
    forbidden = entry.startswith("/") or "\\" in entry or ":" in entry or ".." in entry.split("/")
    return bool(entry) and not forbidden and all(unicodedata.category(character) != "Cc" for character in entry)


def _readable(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        return refusal(Rejection.LEGACY_OFFICE, name)
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        return refusal(Rejection.DAMAGED, name)
    return None


def _modest_when_unpacked(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    swollen = unpacked > caps.ratio_from and unpacked > caps.max_ratio * packed
    if unpacked > caps.max_unpacked or swollen:
        return refusal(Rejection.UNPACKED_SIZE, name)
    return None


def _side_by_side(name: str, entries: Sequence[ZipInfo], caps: Limits) -> Refusal | None:
    """Refuse parts that share bytes: one small part listed a thousand times unpacks to a thousand parts."""
    end = 0
    for entry in sorted(entries, key=lambda part: part.header_offset):
        if entry.header_offset < end:
            return refusal(Rejection.UNPACKED_SIZE, name)
        end = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size
    return None


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in _INVISIBLE


def _cut(text: str, reserve: int = 0) -> str:
    return text.encode()[: max(NAME_BYTES - reserve, 8)].decode(errors="ignore").strip()
