"""A list as an office sends it, CSV or XLSX, as numbered lines of text; nothing is guessed that can be asked for."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from django.utils.translation import gettext_lazy as _

from attachments.limits import limits
from attachments.rules import package_acceptable
from common.errors import DomainError
from common.refusals import Refusal, Sentence

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 50
_PACKAGE, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", "\t", ";", "，")


class ListUnreadable(DomainError):
    """The file is no list that can be read; the reason says what to do about it."""

    code = "list_unreadable"
    message = _("The list cannot be read. Nothing has been changed.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: its number in the file, its cells as text, and which of them hold a formula."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in the line."""
        return not any(self.cells)


def read_lines(content: bytes, name: str) -> list[Line]:
    """Return the lines of a list that are not blank; the kind is told by the content, not by the name.

    CSV is UTF-8, UTF-16 with its mark, or GB18030, parted by comma, semicolon or tab; an XLSX is read by its first
    sheet. Raises ``ListUnreadable`` for anything else, and for more than 5 MB, 20,000 lines or 50 columns.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("too_large", _("The file is larger than %(limit)s KB."), limit=MOST_BYTES // 1024)
    if content.startswith(_OLD_OFFICE):
        message = _("The file is in an old Office format or protected by a password. Save it as XLSX, unprotected.")
        raise _unreadable("old_office", message)
    lines = _sheet(content, name) if content.startswith(_PACKAGE) else _table(content)
    return [line for line in _bounded(lines) if not line.is_blank]


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines, start=1):
        if count > MOST_LINES or len(line.cells) > MOST_COLUMNS:
            message = _("The list has more than %(lines)s lines or %(columns)s columns.")
            raise _unreadable("too_long", message, lines=MOST_LINES, columns=MOST_COLUMNS)
        yield line


def _table(content: bytes) -> Iterator[Line]:
    text = _text(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text), delimiter=delimiter)
    try:
        for row in reader:
            yield Line(reader.line_num, tuple(cell.strip() for cell in row))
    except csv.Error as error:
        raise _unreadable("not_csv", _("Line %(line)s cannot be read as CSV."), line=reader.line_num) from error


def _text(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("unknown_encoding", _("The file is encoded neither in UTF-8 nor in GB18030."))


def _sheet(content: bytes, name: str) -> Iterator[Line]:
    try:
        with ZipFile(BytesIO(content)) as package:
            found = package_acceptable(name, package.infolist(), limits())
    except (BadZipFile, OSError, ValueError) as error:
        raise _damaged(name) from error
    if found:
        raise ListUnreadable(attr="file", refusals=[found])
    try:
        yield from _cells(content)
    except Exception as error:  # the library raises whatever its XML parser meets on the way
        raise _damaged(name) from error


def _cells(content: bytes) -> Iterator[Line]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says about its size need not be so
        rows = sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS + 1)
        for number, row in enumerate(rows, start=1):
            formulas = frozenset(index for index, cell in enumerate(row) if cell.data_type == "f")
            yield Line(number, _trimmed(tuple(_spelled(cell.value) for cell in row)), formulas)
    finally:
        book.close()


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the empty cells at the end, which a sheet may have without end."""
    used = max((index for index, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:used]


def _spelled(value: Any) -> str:
    """Return a cell's value as text; spreadsheets know whole numbers only as fractions without a remainder."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).strip()


def _damaged(name: str) -> ListUnreadable:
    return _unreadable("damaged", _("“%(name)s” is damaged or no XLSX file. Save it again."), name=name)


def _unreadable(code: str, message: Sentence, **params: Any) -> ListUnreadable:
    return ListUnreadable(attr="file", refusals=[Refusal(code, message, params, fix="file")])
