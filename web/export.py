"""Lists to take away: XLSX, written row by row, in which no cell of anybody's can become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from common.refusals import Sentence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CHARACTERS = 32_767  # what a cell holds
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WIDTHS = 22


def xlsx(name: str, head: Sequence[Sentence], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows below their heading as a workbook to be saved as ``name``.

    Text is written as text and marked to stay so (``quotePrefix``), whatever sign it begins with; numbers are numbers.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for column in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, title) for title in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = BytesIO()
    book.save(content)
    return download(content.getvalue(), f"{name}.xlsx", XLSX)


def download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file to be saved under a name that may be Chinese (RFC 6266, RFC 8187)."""
    response = HttpResponse(content, content_type=media_type)
    ending = name.rpartition(".")[2]
    response["Content-Disposition"] = f"attachment; filename=\"list.{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
    return response


def _heading(sheet: WriteOnlyWorksheet, title: Sentence) -> Any:
    cell = _cell(sheet, str(title))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    if isinstance(value, datetime):
        value = timezone.localtime(value, timezone.get_default_timezone()).replace(tzinfo=None)
    cell: Any = WriteOnlyCell(sheet)
    if value is None or isinstance(value, bool | int | float | date):
        cell.value = value
        return cell
    cell._value, cell.data_type = UNWRITABLE.sub("", str(value))[:MOST_CHARACTERS], "s"
    cell.quotePrefix = True
    return cell
