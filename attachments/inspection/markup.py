"""The XML of an Office part: no declarations, and nothing that fetches when the file is opened.

Read to its end by expat, which the standard library keeps, for the directory of a package says nothing of what its text
asks for: fields (ECMA-376, part 1, 17.16), formulas (18.17), pictures drawn by address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from attachments.enums import Rejection
from attachments.errors import FileRefused
from attachments.limits import MEBIBYTE
from attachments.rules import refusal

_MOST_FIELDS = MEBIBYTE  # characters of all fields of a part
_BEGIN, _BREAK = "\1", "\2"
_FIELDS = frozenset({"instrText", "delInstrText"})
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
_PICTURED = frozenset({"imagedata", "fill", "stroke", "image", "use", "feImage"})
# What Word does with a field of these kinds is to read another file, or to ask another program.
_FETCHING_FIELD = re.compile(
    rf"{_BEGIN}[\s{_BEGIN}]*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD)\b", re.IGNORECASE
)
_FETCHING_CALL = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|IMPORT\w+)\s*\(",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_ELSEWHERE = re.compile(r"^\s*(?:[\\/]{2}|(?!data:)[a-z][a-z0-9+.-]+:)", re.IGNORECASE)
# Drawings of old are not always well-formed; a reader more patient than expat would go on behind the fault.
_PICTURE_ELSEWHERE = re.compile(rb"\bsrc\s*=\s*[\"'][^\"']*(?:[\\/]{2}|:|&#)", re.IGNORECASE)


@dataclass(slots=True)
class Budget:
    """How many elements may still be read of a file, all its parts together: bounds the time that it takes."""

    elements: int


def read_markup(chunks: Iterable[bytes], part: str, name: str, budget: Budget) -> None:
    """Read a part to its end; raises ``FileRefused`` for what declares or fetches, ``ExpatError`` for damage."""
    reader = _Reader(part, name, budget)
    for chunk in chunks:
        reader.parser.Parse(chunk, False)  # expat takes it by position
    reader.parser.Parse(b"", True)
    reader.judge_fields()


def read_drawing(chunks: Iterable[bytes], part: str, name: str, budget: Budget) -> None:
    """Read a drawing (VML) as far as it is well-formed, and look for pictures from elsewhere in all of it."""
    reader, is_sound, tail = _Reader(part, name, budget), True, b""
    for chunk in chunks:
        if _PICTURE_ELSEWHERE.search(tail + chunk):
            raise reader.refused("src")
        tail = chunk[-4096:]
        try:
            if is_sound:
                reader.parser.Parse(chunk, False)
        except expat.ExpatError:
            if not reader.has_begun:
                raise
            is_sound = False


class _Reader:
    """Listens to one part; what it hears is judged element by element, the fields of a part together."""

    def __init__(self, part: str, name: str, budget: Budget) -> None:
        self.part, self.name, self.budget, self.has_begun = part, name, budget, False
        self.heard: list[str] = []
        self.fields: list[str] = []
        self.length = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._forbid
        self.parser.StartElementHandler = self._start

    def refused(self, what: str) -> FileRefused:
        """Return the refusal of what draws on something outside the file."""
        return FileRefused(refusal(Rejection.OFFICE_EXTERNAL, self.name, part=f"{self.part}: {what}"))

    def judge_fields(self) -> None:
        """Refuse a part with a field that fetches; its instruction may be spread over any number of runs."""
        if found := _FETCHING_FIELD.search("".join(self.fields)):
            raise self.refused(found[1].upper())

    def _forbid(self, *declaration: object) -> None:
        raise FileRefused(refusal(Rejection.OFFICE_MARKUP, self.name, part=self.part))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.has_begun = True
        self.budget.elements -= 1
        if self.budget.elements < 0:
            raise FileRefused(refusal(Rejection.TOO_COMPLEX, self.name))
        kind = _local(tag)
        if kind in _FIELDS or kind in _FORMULAS:
            self._listen()
        elif kind == "fldChar":
            self._note(_BEGIN if _attribute(attributes, "fldCharType") == "begin" else _BREAK)
        elif kind == "fldSimple":
            self._note(f"{_BEGIN}{_attribute(attributes, 'instr')}{_BREAK}")
        elif kind in _PICTURED:
            self._judge_picture(attributes)

    def _listen(self) -> None:
        self.heard.clear()
        self.parser.CharacterDataHandler = self.heard.append
        self.parser.EndElementHandler = self._end

    def _end(self, tag: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        text = "".join(self.heard)
        if _local(tag) in _FIELDS:
            self._note(text)
        elif _local(tag) in _FORMULAS:
            self._judge_formula(text)

    def _note(self, text: str) -> None:
        self.fields.append(text)
        self.length += len(text)
        if self.length > _MOST_FIELDS:
            raise FileRefused(refusal(Rejection.TOO_COMPLEX, self.name))

    def _judge_formula(self, text: str) -> None:
        bare = _LITERAL.sub("'", text)
        if found := _FETCHING_CALL.search(bare):
            raise self.refused(found[1].upper())
        if "|" in bare:  # program|topic!item; nothing else in a formula is written with it
            raise self.refused("DDE")

    def _judge_picture(self, attributes: dict[str, str]) -> None:
        for attribute in ("src", "href"):
            if _ELSEWHERE.match(_attribute(attributes, attribute)):
                raise self.refused(attribute)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if _local(key) == name), "")
