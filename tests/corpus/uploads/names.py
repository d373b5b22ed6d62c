"""Names that were meant for somebody else's file system, screen or header."""

from __future__ import annotations

from collections.abc import Iterator

from attachments.enums import AttachmentKind, Rejection
from tests.corpus.uploads.pdfs import pdf
from tests.corpus.uploads.specimen import Specimen, at_upload, clean

SHOWN = {
    "../../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\evil.pdf": "evil.pdf",
    "C:\\fakepath\\自荐表.pdf": "自荐表.pdf",
    "/absolute/path.pdf": "path.pdf",
    "zero\0byte.pdf": "zerobyte.pdf",
    "report\u202efdp.exe.pdf": "reportfdp.exe.pdf",
    "\u200bzero\u200dwidth\ufeff.pdf": "zerowidth.pdf",
    "line\r\nX-Injected: yes.pdf": "line X-Injected_ yes.pdf",
    'quo"te;semi%20.pdf': "quo_te;semi%20.pdf",
    "<script>alert(1)<.pdf": "_script_alert(1)_.pdf",
    "  many   spaces\u3000 .pdf": "many spaces.pdf",
    "dots....pdf": "dots.pdf",
    "ending.PDF": "ending.PDF",
    "ending.pdf.": "ending.pdf",
    ".pdf": "file.pdf",
    "\u202e.pdf": "file.pdf",
    "堃䶮𬭳.pdf": "堃䶮𬭳.pdf",
    "照片📷.pdf": "照片📷.pdf",
    "cafe\u0301.pdf": "café.pdf",
    "汉" * 251 + ".pdf": "汉" * 65 + ".pdf",
    "汉" * 255 + ".pdf": "汉" * 65 + ".pdf",
}
REFUSED = [
    "no ending",
    "a.exe",
    "a.pdf.exe",
    "report\u202efdp.exe",
    "a.svg",
    "a.html",
    "a.doc",
    "a.docm",
    "a.xls",
    "a.zip",
    "a.pdf\0.exe",
    "a．ｐｄｆ",
    "a.",
    "a." + "x" * 300,
]


def names() -> Iterator[Specimen]:
    """Yield every name of the corpus, each on a good PDF."""
    for at, (name, shown) in enumerate(SHOWN.items()):
        yield clean(f"name_{at}", name, pdf, AttachmentKind.PDF, shown)
    for at, name in enumerate(REFUSED):
        yield at_upload(f"name_refused_{at}", name, pdf, Rejection.EXTENSION)
