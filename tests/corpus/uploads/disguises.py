"""Files of one kind under the name of another."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from functools import partial

from attachments.enums import Rejection
from tests.corpus.uploads.offices import docx, xlsx
from tests.corpus.uploads.pdfs import pdf
from tests.corpus.uploads.pictures import heic, jpeg, png, scene
from tests.corpus.uploads.specimen import Build, Specimen, at_upload

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def disguises() -> Iterator[Specimen]:
    """Yield every disguise of the corpus."""
    yield from _accepted_kinds_misnamed()
    yield from _markup()
    yield from _other_kinds()
    yield from _sizes()


def _accepted_kinds_misnamed() -> Iterator[Specimen]:
    builds: dict[str, Build] = {"pdf": pdf, "jpg": jpeg, "png": png, "heic": heic, "docx": docx, "xlsx": xlsx}
    endings = list(builds)
    for at, (true, build) in enumerate(builds.items()):
        for false in (endings[at - 1], endings[at - 2]):
            yield at_upload(f"{true}_as_{false}", f"a.{false}", build, Rejection.KIND_MISMATCH)


def _markup() -> Iterator[Specimen]:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    texts: dict[str, bytes] = {
        "svg": svg.encode(),
        "svg_with_declaration": b'<?xml version="1.0"?>' + svg.encode(),
        "svg_after_blanks": b"\n\n   " + svg.encode(),
        "svg_with_mark": b"\xef\xbb\xbf" + svg.encode(),
        "svg_in_utf_16": svg.encode("utf-16"),
        "svg_in_utf_16_big_endian": b"\xfe\xff" + svg.encode("utf-16-be"),
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "html_in_capitals": b"<HTML><BODY ONLOAD=alert(1)>",
    }
    for (key, text), ending in zip(texts.items(), ("png", "jpg", "pdf", "heic") * 2, strict=True):
        yield at_upload(f"{key}_as_{ending}", f"a.{ending}", partial(bytes, text), Rejection.MARKUP)


def _other_kinds() -> Iterator[Specimen]:
    contents: dict[str, bytes] = {
        "gif": b"GIF89a\1\0\1\0\0\0\0;",
        "bitmap": _saved("BMP"),
        "tiff": _saved("TIFF"),
        "webp": b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(20),
        "avif": struct.pack(">I", 28) + b"ftypavif\0\0\0\0avifmif1miaf" + bytes(60),
        "video": struct.pack(">I", 24) + b"ftypisom\0\0\0\0isommp42" + bytes(60),
        "program": b"MZ\x90\0" + bytes(200),
        "linux_program": b"\x7fELF\2\1\1" + bytes(200),
        "script": b"#!/bin/sh\nrm -rf /\n",
        "text": "小区物业管理".encode(),
        "rtf": rb"{\rtf1\ansi hello}",
        "gzip": b"\x1f\x8b\x08" + bytes(30),
        "zeros": bytes(1_000),
        "one_byte": b"x",
    }
    for (key, content), ending in zip(contents.items(), ("png", "jpg", "pdf", "heic") * 4, strict=False):
        yield at_upload(f"{key}_as_{ending}", f"a.{ending}", partial(bytes, content), Rejection.KIND_UNKNOWN)
    for ending in ("docx", "xlsx", "pdf"):
        yield at_upload(f"old_office_as_{ending}", f"a.{ending}", partial(bytes, OLE), Rejection.LEGACY_OFFICE)


def _sizes() -> Iterator[Specimen]:
    for ending in ("pdf", "jpg", "png", "heic", "docx", "xlsx"):
        yield at_upload(f"empty_{ending}", f"a.{ending}", bytes, Rejection.EMPTY)
    one_too_many = partial(bytes, 20 * 1024 * 1024 + 1)
    yield at_upload("one_byte_too_many", "a.pdf", one_too_many, Rejection.TOO_LARGE)


def _saved(form: str) -> bytes:
    target = io.BytesIO()
    scene().save(target, form)
    return target.getvalue()
