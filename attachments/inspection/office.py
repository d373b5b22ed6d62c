"""DOCX and XLSX: a modest package (ECMA-376, part 2) of plain parts, drawing on nothing outside and hiding nothing."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO
from xml.parsers import expat

from attachments.enums import AttachmentKind, Rejection
from attachments.errors import FileRefused
from attachments.inspection.markup import Budget, read_drawing, read_markup
from attachments.limits import MEBIBYTE, limits
from attachments.rules import is_plain_address, package_acceptable, refusal

CONTENT_TYPES = "[Content_Types].xml"
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": AttachmentKind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": AttachmentKind.XLSX,
}
_END_RECORD = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16
_DIRECTORY_BYTES = 512  # per part: 46 and the name, with room for extra fields
_CHUNK = 64 * 1024
_LARGEST_DESCRIPTION = MEBIBYTE  # of a part that describes others
_MACRO_PART = re.compile(r"vba(project|data)|(^|/)macrosheets/", re.IGNORECASE)
_EMBEDDED_PART = re.compile(r"(^|/)(embeddings|activex)/|oleobject", re.IGNORECASE)
_EXTERNAL_PART = re.compile(r"(^|/)(connections\.xml$|externallinks/|querytables/)", re.IGNORECASE)
_EMBEDDING_RELATION = re.compile(r"/(oleobject|package|control|afchunk|activexcontrolbinary)$", re.IGNORECASE)
# A part may be called anything; what it is for, its relation says.
_EXTERNAL_RELATION = re.compile(r"/(externallink\w*|connections|querytable|webextension\w*)$", re.IGNORECASE)
_MACRO_RELATION = re.compile(r"/(vbaproject|xl(intl)?macrosheet|wordvbadata)$", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|<\0|\0<")
_DAMAGE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, ValueError, NotImplementedError)


def glance_office(stream: IO[bytes], name: str) -> AttachmentKind | None:
    """Return which kind of Office file the package is (``None``: another archive), from its directory alone.

    The end record is read first, because the directory of a hostile archive can be larger than the archive is worth.
    Raises ``FileRefused`` for bombs, traps, macros, passwords and damage.
    """
    _check_end_record(stream, name)
    with _package(stream, name) as package:
        if found := package_acceptable(name, package.infolist(), limits()):
            raise FileRefused(found)
        if min(entry.header_offset for entry in package.infolist()) != 0:
            raise FileRefused(refusal(Rejection.MIXED, name))
        if CONTENT_TYPES not in package.namelist():
            return None
        return _main_kind(package, name)


def examine_office(path: Path, name: str) -> None:
    """Unpack every part under the cap, checking its sum, and refuse what acts, hides or reaches outside.

    Raises ``FileRefused`` with the part at fault.
    """
    with path.open("rb") as stream, _package(stream, name) as package:
        budget = Budget(limits().max_elements)
        for part in package.namelist():
            _check_part_name(part, name)
            _check_part(package, part, name, budget)


def _check_end_record(stream: IO[bytes], name: str) -> None:
    size = stream.seek(0, 2)
    stream.seek(max(size - _END_RECORD.size, 0))
    tail = stream.read()
    if len(tail) < _END_RECORD.size or not tail.startswith(b"PK\x05\x06"):
        code = Rejection.MIXED if zipfile.is_zipfile(stream) else Rejection.DAMAGED
        raise FileRefused(refusal(code, name))
    *_, entries, length, offset, _comment = _END_RECORD.unpack(tail)
    most = limits().max_entries
    if entries > most or length > most * _DIRECTORY_BYTES:
        raise FileRefused(refusal(Rejection.ENTRY_COUNT, name, limit=most))
    if entries == 0 or offset + length != size - _END_RECORD.size:
        raise FileRefused(refusal(Rejection.MIXED if entries else Rejection.DAMAGED, name))


@contextmanager
def _package(stream: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(stream) as package:
            yield package
    except _DAMAGE as error:
        raise FileRefused(refusal(Rejection.DAMAGED, name)) from error


def _main_kind(package: zipfile.ZipFile, name: str) -> AttachmentKind | None:
    kinds: list[AttachmentKind] = []

    def note(tag: str, attributes: dict[str, str]) -> None:
        media_type = attributes.get("ContentType", "")
        if "macro" in media_type.lower() or "vbaproject" in media_type.lower():
            raise FileRefused(refusal(Rejection.OFFICE_MACRO, name))
        kinds.extend(kind for main, kind in _MAIN.items() if main == media_type)

    _parse(_description(package, CONTENT_TYPES), name, CONTENT_TYPES, note)
    return kinds[0] if len(kinds) == 1 else None


def _description(package: zipfile.ZipFile, part: str) -> bytes:
    with package.open(part) as stream:
        text = stream.read(_LARGEST_DESCRIPTION + 1)
    if len(text) > _LARGEST_DESCRIPTION:
        raise zipfile.BadZipFile(part)
    return text


def _check_part_name(part: str, name: str) -> None:
    if _MACRO_PART.search(part):
        raise FileRefused(refusal(Rejection.OFFICE_MACRO, name))
    if _EMBEDDED_PART.search(part):
        raise FileRefused(refusal(Rejection.OFFICE_EMBEDDED, name, part=part))
    if _EXTERNAL_PART.search(part):
        raise FileRefused(refusal(Rejection.OFFICE_EXTERNAL, name, part=part))


def _check_part(package: zipfile.ZipFile, part: str, name: str, budget: Budget) -> None:
    with package.open(part) as stream:
        chunks = iter(partial(stream.read, _CHUNK), b"")
        first = next(chunks, b"")
        content = chain([first], chunks)
        if part.lower().endswith(".vml"):
            read_drawing(content, part, name, budget)
        elif part.lower().endswith((".xml", ".rels")) or _MARKUP.match(first):
            read_markup(content, part, name, budget)
        deque(content, maxlen=0)  # to the end: only then is the checksum compared
    if part.lower().endswith(".rels"):
        _check_relations(_description(package, part), part, name)


def _check_relations(text: bytes, part: str, name: str) -> None:
    def judge(tag: str, attributes: dict[str, str]) -> None:
        relation, target = attributes.get("Type", ""), attributes.get("Target", "")
        if _MACRO_RELATION.search(relation):
            raise FileRefused(refusal(Rejection.OFFICE_MACRO, name))
        if _EXTERNAL_RELATION.search(relation):
            raise FileRefused(refusal(Rejection.OFFICE_EXTERNAL, name, part=part))
        if _EMBEDDING_RELATION.search(relation):
            raise FileRefused(refusal(Rejection.OFFICE_EMBEDDED, name, part=part))
        is_link = relation.lower().endswith("/hyperlink") and is_plain_address(target)
        if attributes.get("TargetMode", "").lower() == "external" and not is_link:
            raise FileRefused(refusal(Rejection.OFFICE_EXTERNAL, name, part=part))

    _parse(text, name, part, judge)


def _parse(text: bytes, name: str, part: str, on_element: Callable[[str, dict[str, str]], None]) -> None:
    def forbid(*declaration: object) -> None:
        raise FileRefused(refusal(Rejection.OFFICE_MARKUP, name, part=part))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = forbid
    parser.StartElementHandler = on_element
    parser.Parse(text, True)  # expat takes it by position
