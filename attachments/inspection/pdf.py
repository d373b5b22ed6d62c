"""PDF: whole, unprotected, and dead matter: no scripts, no actions that reach outside, no files inside.

Read by pikepdf (qpdf underneath, MPL-2.0): native, parsing strictly if asked to, and with caps of its own on what a
stream may unpack to; pypdf does the same work in Python, byte by byte.
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

from attachments.enums import Rejection
from attachments.errors import FileRefused
from attachments.limits import MEBIBYTE, Limits, limits
from attachments.rules import is_plain_address, refusal, within_pages

TAIL = 1024
_HEADER = re.compile(rb"%PDF-[12]\.\d")
_NOTHING = b"\0\t\n\f\r "
# Values of /S, /Type or /Subtype that make a document act (ISO 32000-2, 12.6.4, 12.5.6, 7.11.4).
_SCRIPT = {"/JavaScript"}
_ACTION = {"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound", "/RichMedia"}
_EMBEDDED = {"/EmbeddedFile", "/FileAttachment"}
_VERDICTS = {
    **dict.fromkeys(_SCRIPT, Rejection.PDF_SCRIPT),
    **dict.fromkeys(_ACTION, Rejection.PDF_ACTION),
    **dict.fromkeys(_EMBEDDED, Rejection.PDF_EMBEDDED_FILE),
}
_KEYS = {"/EF": Rejection.PDF_EMBEDDED_FILE, "/XFA": Rejection.PDF_SCRIPT}
# What happens without a click (12.6.3), and the one kind of action that is harmless then: another view of these pages.
_BY_ITSELF, _HARMLESS = ("/OpenAction", "/AA"), {"/GoTo"}
_MOST_ACTIONS = 100
# Of a stream: its content lies in another file, or on a page or a picture of another file (7.3.8.2, 8.10.4, 14.11.7).
_ELSEWHERE = ("/F", "/Ref", "/OPI")
# qpdf writes names in their one canonical spelling, so that /J#61vaScript is found as well.
_SUSPECT = re.compile("|".join(rf"{name}\b" for name in [*_VERDICTS, *_KEYS, *_BY_ITSELF, "/URL", "/URI"]).encode())


def tame_parser() -> None:
    """Cap what qpdf may unpack or collect; process-wide, so it is done once, at start-up.

    Its log is silenced: what is wrong with a file is told to its uploader, not to the operator.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    set_qpdf_limits(
        doc_max_warnings=100,
        flate_max_memory=8 * MEBIBYTE,
        png_max_memory=8 * MEBIBYTE,
        tiff_max_memory=8 * MEBIBYTE,
        run_length_max_memory=8 * MEBIBYTE,
        dct_max_memory=8 * MEBIBYTE,
    )


def glance_pdf(stream: IO[bytes], name: str) -> None:
    """Refuse a PDF that does not begin with its header and end with its end mark, or that is an archive as well.

    Raises ``FileRefused``.
    """
    stream.seek(0)
    if not _HEADER.match(stream.read(8)):
        raise FileRefused(refusal(Rejection.DAMAGED, name))
    size = stream.seek(0, 2)
    stream.seek(max(size - TAIL, 0))
    _, mark, rest = stream.read().rpartition(b"%%EOF")
    if not mark and not _is_archive(stream):
        raise FileRefused(refusal(Rejection.DAMAGED, name))
    if rest.strip(_NOTHING) or _is_archive(stream):
        raise FileRefused(refusal(Rejection.MIXED, name))


def examine_pdf(path: Path, name: str) -> int:
    """Return the number of pages of a PDF in which nothing can act; raises ``FileRefused`` with the reason."""
    caps = limits()
    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            found = Rejection.PDF_ENCRYPTED if pdf.is_encrypted else _first_objection(pdf, caps)
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise FileRefused(refusal(Rejection.PDF_ENCRYPTED, name)) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise FileRefused(refusal(Rejection.DAMAGED, name)) from error
    objection = refusal(found, name) if found else within_pages(name, pages, caps)
    if objection:
        raise FileRefused(objection)
    return pages


def _is_archive(stream: IO[bytes]) -> bool:
    return zipfile.is_zipfile(stream)


def _first_objection(pdf: pikepdf.Pdf, caps: Limits) -> Rejection | None:
    read = 0
    for count, item in enumerate(_objects(pdf, int(pdf.trailer["/Size"]))):
        if item is None and (cause := _unreadable(pdf)):
            return cause
        text = _text(item)
        read += len(text)
        if read > caps.max_pdf_text or count >= caps.max_pdf_objects:
            return Rejection.TOO_COMPLEX
        if isinstance(item, pikepdf.Stream) and any(key in item for key in _ELSEWHERE):
            return Rejection.PDF_ACTION
        if _SUSPECT.search(text) and (found := _objection(item)):
            return found
    return None


def _objects(pdf: pikepdf.Pdf, size: int) -> Iterator[Any]:
    """Yield every object, reading one at a time, so that the reader can stop at the first that is too much.

    Those that the trailer does not count, or that have a generation, are rare and come last, read all at once.
    """
    for number in range(1, size):
        yield pdf.get_object(number, 0)
    everything: Iterable[Any] = pdf.objects
    for item in everything:
        if item is None or item.objgen[0] >= size or item.objgen[1] > 0:
            yield item


def _unreadable(pdf: pikepdf.Pdf) -> Rejection | None:
    """Refuse a PDF in which qpdf took an object for null because it could not read it: a laxer reader might.

    A null that the author wrote, and a number without an object, come without a warning.
    """
    causes = " ".join(text for text in map(str, pdf.get_warnings()) if not text.endswith("repairing"))
    if not causes:
        return None
    return Rejection.TOO_COMPLEX if "bad_alloc" in causes else Rejection.DAMAGED


def _text(item: Any) -> bytes:
    """Return an object as PDF writes it, without the content of streams; unused numbers and plain values are empty."""
    if isinstance(item, pikepdf.Stream):
        return item.stream_dict.unparse()
    return item.unparse(resolved=True) if isinstance(item, pikepdf.Object) else b""


def _objection(item: Any) -> Rejection | None:
    """Look closely at an object whose text looks suspicious: the word may stand in a title and mean nothing."""
    if isinstance(item, pikepdf.Name):
        return _VERDICTS.get(str(item))  # a dictionary elsewhere may refer to it
    return next((found for part in _dictionaries(item) if (found := _verdict(part))), None)


def _verdict(part: Any) -> Rejection | None:
    for key in ("/S", "/Type", "/Subtype"):
        if (found := _VERDICTS.get(str(part.get(key, "")))) is not None:
            return found
    if str(part.get("/S", "")) == "/URI" and not is_plain_address(str(part.get("/URI", ""))):
        return Rejection.PDF_ACTION
    if str(part.get("/FS", "")) == "/URL":
        return Rejection.PDF_ACTION
    return next((found for key, found in _KEYS.items() if key in part), None) or _act_by_itself(part)


def _act_by_itself(part: Any) -> Rejection | None:
    """Refuse what does more than turn to another view when the document, a page or a field is opened or left."""
    opening, events = part.get("/OpenAction"), part.get("/AA")
    waiting: list[Any] = (
        [opening] if isinstance(opening, pikepdf.Dictionary) else []
    )  # else it is a place in the document
    waiting += [event for _, event in events.items()] if isinstance(events, pikepdf.Dictionary) else []
    for _ in range(_MOST_ACTIONS):
        if not waiting:
            return None
        action = waiting.pop()
        kind = str(action.get("/S", "")) if isinstance(action, pikepdf.Dictionary) else ""
        if kind not in _HARMLESS:
            return _VERDICTS.get(kind, Rejection.PDF_ACTION)
        after = action.get("/Next")
        waiting += list(after) if isinstance(after, pikepdf.Array) else [after] if after is not None else []
    return Rejection.TOO_COMPLEX


def _dictionaries(item: Any) -> Iterator[Any]:
    """Yield the dictionaries of one object, however deep; what it refers to is an object of its own."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            waiting.extend(value for _, value in part.items() if _is_direct(value))
        elif isinstance(part, pikepdf.Array):
            waiting.extend(value for value in part if _is_direct(value))


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect
