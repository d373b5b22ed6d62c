"""YAML as plain values that know their lines; whatever YAML would quietly do otherwise is a fault here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence

MOST_BYTES = 1024 * 1024
MOST_LEVELS = 40
Path = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?\d{1,17}\.\d{1,17}")
# Marks that turn the direction of writing, or are not seen at all, could hide what a line says; half a character
# cannot be stored.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_YES = frozenset({"yes", "true", "on"})
_KINDS = frozenset({"null", "bool", "int", "float", "str", "timestamp"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which line; ``path`` names the entry, such as ``districts[2].code``."""

    line: int
    path: str
    code: str
    message: Sentence
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """The values of a file with the line of each entry, and what was wrong with the file as such."""

    values: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """Return the line of an entry, or of the nearest one above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, code: str, message: Sentence, **params: Any) -> Fault:
        """Return a fault at the line of ``path``."""
        return Fault(self.line_of(path), spelled(path), code, message, params)


def read(content: bytes) -> Document:
    """Return the document in ``content``, or what keeps it from being read."""
    if len(content) > MOST_BYTES:
        message = _("The file is larger than %(limit)s KB.")
        return Document(faults=[Fault(1, "", "too_large", message, {"limit": MOST_BYTES // 1024})])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Document(faults=[Fault(line, "", "not_utf8", _("The file is not encoded in UTF-8."))])
    return _composed(text)


def spelled(path: Path) -> str:
    """Return a path as people write it: ``districts[2].code``, counted from 1."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def _composed(text: str) -> Document:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        message = _("This is not valid YAML: %(problem)s.")
        return Document(faults=[Fault(_line_of(error, text), "", "not_yaml", message, {"problem": _problem(error)})])
    except RecursionError:
        return Document(faults=[Fault(1, "", "too_deep", _("The entries are nested too deeply."))])
    if root is None:
        return Document(faults=[Fault(1, "", "empty", _("The file is empty."))])
    document = Document()
    document.values = _Plain(document).value(root, ())
    return document


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)


class _Plain:
    """Turns nodes into values, keeping lines and collecting faults."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self.seen:
            return self._refuse(path, "alias", _("Aliases are not accepted here: write the entry out."))
        self.seen.add(id(node))
        if len(path) > MOST_LEVELS:
            return self._refuse(path, "too_deep", _("The entries are nested too deeply."))
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(part, (*path, index)) for index, part in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, part in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != f"{_TAG}str" or _HIDDEN.search(key.value):
                self.document.lines[(*path, "?")] = key.start_mark.line + 1
                self._refuse((*path, "?"), "key_not_text", _("The name of an entry must be text."))
                continue
            below = (*path, key.value)
            if key.value in values:
                self._repeated(key, below)
                continue
            self.document.lines[below] = key.start_mark.line + 1
            values[key.value] = self.value(part, below)
        return values

    def _repeated(self, key: yaml.ScalarNode, path: Path) -> None:
        message = _("“%(name)s” is given twice; the first time in line %(first)s.")
        params = {"name": key.value, "first": self.document.lines[path]}
        self.document.faults.append(Fault(key.start_mark.line + 1, spelled(path), "repeated", message, params))

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind, text = node.tag.removeprefix(_TAG), str(node.value)
        if kind not in _KINDS:
            return self._refuse(path, "unknown_tag", _("Values of the kind “%(tag)s” are not accepted."), tag=node.tag)
        if _HIDDEN.search(text):
            return self._refuse(path, "hidden_characters", _("The text contains hidden control characters."))
        return _plain(kind, text)

    def _refuse(self, path: Path, code: str, message: Sentence, **params: Any) -> None:
        self.document.faults.append(self.document.fault(path, code, message, **params))


def _plain(kind: str, text: str) -> Any:
    """Return a scalar's value; a number in another notation, such as 0x10 or 1:30, stays text and misses the schema."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _YES
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if kind == "float" and _DECIMAL.fullmatch(text) else text
