"""PDF: honest ones, acting ones, broken ones and bombs, written object by object."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial

import pikepdf

from attachments.enums import AttachmentKind, Rejection
from tests.corpus.uploads.specimen import Build, Specimen, at_inspection, at_upload, clean

MEBIBYTE = 1024 * 1024
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>%s>>"


def pdf(*more: bytes, catalog: bytes = b"", page: bytes = b"", pages: int = 1, header: bytes = HEADER) -> bytes:
    """Return a PDF of ``pages`` equal pages; ``more`` objects are numbered from 3 + pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        *[PAGE % page] * pages,
        *more,
    ]
    return _with_table(objects, header)


def stream(entries: bytes, content: bytes) -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def deflated_spaces(mebibytes: int, head: bytes = b"") -> bytes:
    """Return a few kilobytes that unpack to mebibytes."""
    packer = zlib.compressobj(9)
    blank = b" " * MEBIBYTE
    return packer.compress(head) + b"".join(packer.compress(blank) for _ in range(mebibytes)) + packer.flush()


def packed(document: bytes, **options: object) -> bytes:
    """Return the same document as qpdf writes it, for instance with object streams or encryption."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as source:
        source.save(target, static_id=True, **options)  # type: ignore[arg-type]  # the options of one call
    return target.getvalue()


def encrypted(user: str) -> bytes:
    """Return a PDF under a user password, or under permissions alone when it is empty."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as source:
        source.save(target, encryption=pikepdf.Encryption(user=user, owner="owner", R=6))
    return target.getvalue()


def archive(comment: bytes = b"") -> bytes:
    """Return a small ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("hidden.txt", "behind the pages")
        package.comment = comment
    return target.getvalue()


def pdfs() -> Iterator[Specimen]:
    """Yield every PDF of the corpus."""
    yield from _honest()
    yield from _protected()
    yield from _acting()
    yield from _mixed()
    yield from _broken()
    yield from _excessive()


def _honest() -> Iterator[Specimen]:
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.com)>>>>]"
    builds: dict[str, Build] = {
        "plain": pdf,
        "version_2": partial(pdf, header=b"%PDF-2.0\n"),
        "three_pages": partial(pdf, pages=3),
        "with_content": partial(pdf, stream(b"", b"BT ET"), page=b"/Contents 4 0 R"),
        "with_link": partial(pdf, page=link),
        "link_in_an_action_of_its_own": partial(
            pdf,
            b"<</S/URI/URI(https://example.com)>>",
            page=b"/Annots[<</Type/Annot/Subtype/Link/F 4/Rect[0 0 9 9]/A 4 0 R>>]",
        ),
        "link_to_a_mailbox": partial(pdf, b"<</S/URI/URI(mailto:a@example.com)>>"),
        "opened_at_a_page": partial(pdf, catalog=b"/OpenAction[3 0 R/Fit]"),
        "goto_action": partial(pdf, catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"),
        "title_about_scripts": partial(pdf, b"<</Title(All about /JavaScript and /Launch)>>"),
        "object_streams": lambda: packed(pdf(), object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "linearized": lambda: packed(pdf(pages=4), linearize=True),
        "blank_lines_at_end": lambda: pdf() + b"\r\n\r\n\0",
        "content_that_unpacks_to_200_mb": lambda: pdf(
            stream(b"/Filter/FlateDecode", deflated_spaces(200)), page=b"/Contents 4 0 R"
        ),
        "of_20_mb_exactly": _twenty_mebibytes,
    }
    for key, build in builds.items():
        yield clean(f"pdf_{key}", f"{key}.pdf", build, AttachmentKind.PDF)
    yield clean("pdf_updated", "updated.pdf", lambda: pdf() + _appended_revision(), AttachmentKind.PDF)


def _protected() -> Iterator[Specimen]:
    yield at_inspection("pdf_password", "a.pdf", partial(encrypted, "secret"), Rejection.PDF_ENCRYPTED)
    yield at_inspection("pdf_permissions", "a.pdf", partial(encrypted, ""), Rejection.PDF_ENCRYPTED)


def _acting() -> Iterator[Specimen]:
    script = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    scripts: dict[str, Build] = {
        "on_open": partial(pdf, catalog=b"/OpenAction" + script),
        "in_names": partial(pdf, catalog=b"/Names<</JavaScript<</Names[(a) %s]>>>>" % script),
        "on_page": partial(pdf, page=b"/AA<</O%s>>" % script),
        "of_another_object": partial(pdf, script, catalog=b"/OpenAction 4 0 R"),
        "spelled_in_hex": partial(pdf, catalog=b"/OpenAction<</S/J#61vaScript/JS(1)>>"),
        "named_elsewhere": partial(pdf, b"/JavaScript", catalog=b"/OpenAction<</S 4 0 R/JS(1)>>"),
        "in_a_stream": partial(pdf, stream(b"/A" + script, b"")),
        "in_an_array": partial(pdf, b"[[[%s]]]" % script),
        "in_object_streams": lambda: packed(
            pdf(catalog=b"/OpenAction" + script), object_stream_mode=pikepdf.ObjectStreamMode.generate
        ),
        "uncounted": lambda: pdf(script, catalog=b"/OpenAction 4 0 R").replace(b"/Size 5", b"/Size 2"),
        "of_a_later_generation": lambda: _regenerated(pdf(script, catalog=b"/OpenAction 4 1 R")),
        "xfa": partial(pdf, catalog=b"/AcroForm<</Fields[]/XFA(form)>>"),
    }
    for key, build in scripts.items():
        yield at_inspection(f"pdf_script_{key}", "a.pdf", build, Rejection.PDF_SCRIPT)
    for action in (b"Launch", b"SubmitForm", b"ImportData", b"GoToR", b"GoToE", b"Rendition", b"Movie", b"Sound"):
        build = partial(pdf, catalog=b"/OpenAction<</S/%s/F(x)>>" % action)
        yield at_inspection(f"pdf_action_{action.decode()}", "a.pdf", build, Rejection.PDF_ACTION)
    yield from (
        at_inspection(f"pdf_action_{key}", "a.pdf", build, Rejection.PDF_ACTION) for key, build in _fetching().items()
    )
    media = partial(pdf, page=b"/Annots[<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>]")
    yield at_inspection("pdf_action_RichMedia", "a.pdf", media, Rejection.PDF_ACTION)
    inside: dict[str, Build] = {
        "file": partial(pdf, b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>", stream(b"/Type/EmbeddedFile", b"MZ")),
        "file_unlisted": partial(pdf, stream(b"/Type/EmbeddedFile", b"MZ")),
        "annotation": partial(pdf, page=b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]>>]"),
    }
    for key, build in inside.items():
        yield at_inspection(f"pdf_embedded_{key}", "a.pdf", build, Rejection.PDF_EMBEDDED_FILE)


def _fetching() -> dict[str, Build]:
    """Return what asks somebody elsewhere without a click: by an action, by a stream, by an address."""
    link = b"<</S/URI/URI(https://example.com)>>"
    return {
        "uri_on_open": partial(pdf, catalog=b"/OpenAction" + link),
        "uri_of_another_object": partial(pdf, link, catalog=b"/OpenAction 4 0 R"),
        "uri_spelled_in_hex": partial(pdf, catalog=b"/Open#41ction" + link),
        "uri_on_page": partial(pdf, page=b"/AA<</O%s>>" % link),
        "uri_on_close": partial(pdf, catalog=b"/AA<</WC%s>>" % link),
        "uri_after_a_view": partial(pdf, catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[%s]>>" % link),
        "uri_in_object_streams": lambda: packed(
            pdf(catalog=b"/OpenAction" + link), object_stream_mode=pikepdf.ObjectStreamMode.generate
        ),
        "link_to_a_file": partial(pdf, b"<</S/URI/URI(file:///C:/a.exe)>>"),
        "link_to_a_share": partial(pdf, b"<</S/URI/URI(\\\\\\\\server\\\\a)>>"),
        "link_that_is_a_script": partial(pdf, b"<</S/URI/URI(JavaScript:app.alert\\(1\\))>>"),
        "stream_from_a_share": partial(pdf, stream(b"/F(//server/share/a)", b""), page=b"/Contents 4 0 R"),
        "page_of_another_file": partial(
            pdf, stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(a)/Page 0>>", b"")
        ),
        "file_by_address": partial(pdf, b"<</Type/Filespec/FS/URL/F(https://example.com/a)>>"),
    }


def _mixed() -> Iterator[Specimen]:
    builds: dict[str, Build] = {
        "junk_before": lambda: b"junk\n" + pdf(),
        "byte_order_mark_before": lambda: b"\xef\xbb\xbf" + pdf(),
        "archive_behind": lambda: pdf() + archive(),
        "archive_whose_comment_ends_it": lambda: pdf() + archive(b"\n%%EOF"),
        "program_behind": lambda: pdf() + b"MZ\x90\0" * 20,
        "page_behind": lambda: pdf() + b"<html><script>alert(1)</script></html>",
        "second_half_a_page": lambda: pdf() + b"<script>" + b"x" * 2000 + b"</script>%%EOF\nx",
    }
    for key, build in builds.items():
        yield at_upload(f"pdf_mixed_{key}", "a.pdf", build, Rejection.MIXED)


def _broken() -> Iterator[Specimen]:
    at_once: dict[str, Build] = {
        "half": lambda: pdf(pages=40)[: len(pdf(pages=40)) // 2],
        "last_line_missing": lambda: pdf().rpartition(b"%%EOF")[0],
        "header_only": lambda: HEADER,
        "version_nonsense": lambda: b"%PDF-x.y\n" + pdf(),
    }
    for key, build in at_once.items():
        yield at_upload(f"pdf_broken_{key}", "a.pdf", build, Rejection.DAMAGED)
    later: dict[str, Build] = {
        "table_displaced": lambda: pdf().replace(b"startxref\n", b"startxref\n9"),
        "table_missing": lambda: pdf().replace(b"xref", b"ferx"),
        "middle_cut_out": lambda: pdf(pages=40)[:900] + pdf(pages=40)[2000:],
        "no_pages": partial(pdf, pages=0),
        "no_catalog": lambda: pdf().replace(b"/Root 1 0 R", b"/Root 9 0 R"),
        "noise": lambda: HEADER + random.Random(7).randbytes(20_000) + b"\n%%EOF\n",
        "nested_too_deeply": partial(pdf, b"[" * 5_000 + b"]" * 5_000),
        "table_that_unpacks_to_100_mb": _bloated_table,
        "object_stream_that_unpacks_to_100_mb": _bloated_object_stream,
    }
    for key, build in later.items():
        yield at_inspection(f"pdf_broken_{key}", "a.pdf", build, Rejection.DAMAGED)


def _excessive() -> Iterator[Specimen]:
    yield at_inspection("pdf_1001_pages", "a.pdf", partial(pdf, pages=1001), Rejection.TOO_MANY_PAGES)
    yield at_inspection("pdf_100001_objects", "a.pdf", lambda: pdf(*[b"0"] * 100_001), Rejection.TOO_COMPLEX)
    yield at_inspection(
        "pdf_9_mb_of_text", "a.pdf", lambda: pdf(b"(%s)" % (b"x" * 9 * MEBIBYTE)), Rejection.TOO_COMPLEX
    )
    numbers = b"[" + b"1 " * 100_000 + b"]"
    yield at_inspection("pdf_5_million_numbers", "a.pdf", lambda: pdf(*[numbers] * 50), Rejection.TOO_COMPLEX)


def _regenerated(document: bytes) -> bytes:
    """Let the last object be its second generation (7.3.10)."""
    before, _mark, after = document.rpartition(b" 00000 n ")
    return (before + b" 00001 n " + after).replace(b"\n4 0 obj", b"\n4 1 obj")


def _twenty_mebibytes() -> bytes:
    """Fill one stream until the file has the size of the cap to the byte."""
    frame = len(pdf(stream(b"", b"0" * 20_900_000))) - 20_900_000
    return pdf(stream(b"", b"0" * (20 * MEBIBYTE - frame)))


def _appended_revision() -> bytes:
    """Return an incremental update that replaces the page (ISO 32000-2, 7.5.6)."""
    before = pdf()
    offset = len(before)
    replaced = b"3 0 obj\n" + PAGE % b"/Rotate 90" + b"\nendobj\n"
    previous = int(before.rpartition(b"startxref\n")[2].split()[0])
    table = b"xref\n3 1\n%010d 00000 n \n" % offset
    trailer = b"trailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (previous, offset + len(replaced))
    return replaced + table + trailer


def _bloated_table() -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", PAGE % b""]
    return _with_table_stream(objects, padding=100)


def _bloated_object_stream() -> bytes:
    """Hide an object in a stream that no cap lets us unpack; a laxer reader would find it."""
    hidden = stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", deflated_spaces(100, b"5 0 <</S/JavaScript>>"))
    objects = [b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", PAGE % b"", hidden]
    return _with_table_stream(objects, hidden_in=4)


def _with_table(objects: Sequence[bytes], header: bytes) -> bytes:
    body, offsets = _body(objects, header)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + tail % (size, table, size, len(body))


def _with_table_stream(objects: Sequence[bytes], padding: int = 0, hidden_in: int = 0) -> bytes:
    """Write a cross-reference stream (7.5.8), with mebibytes of padding, or with one more object inside another."""
    body, offsets = _body(objects, HEADER)
    rows = [b"\0\0\0\0\0\xff", *[b"\1" + offset.to_bytes(4, "big") + b"\0" for offset in offsets]]
    if hidden_in:
        rows.append(b"\2" + hidden_in.to_bytes(4, "big") + b"\0")
    rows.append(b"\1" + len(body).to_bytes(4, "big") + b"\0")
    content = deflated_spaces(padding, b"".join(rows))
    entries = b"/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode" % len(rows)
    table = b"%d 0 obj\n%s\nendobj\n" % (len(rows) - 1, stream(entries, content))
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _body(objects: Sequence[bytes], header: bytes) -> tuple[bytes, list[int]]:
    parts, offsets, length = [header], [], len(header)
    for number, item in enumerate(objects, start=1):
        offsets.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, item))
        length += len(parts[-1])
    return b"".join(parts), offsets
