"""What is different between two versions of the form, down to the words (row S-06). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from nominations.rules.form import SECTIONS, Field, Form, Section

SAME, GONE, NEW = "same", "gone", "new"
# Fewer characters in common than this in one piece are chance, and only make a difference hard to read.
SHORTEST_MATCH = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that both versions have, or only the earlier, or only the later one."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else than before."""

    section: Section
    field: Field
    before: Any
    after: Any

    @property
    def parts(self) -> list[Part]:
        """Return both versions woven into one text."""
        return woven(_text(self.before), _text(self.after))


def differences(before: Form, after: Form) -> list[Difference]:
    """Return the fields that differ, in the order of the paper; an empty value is the same as none."""
    return [
        Difference(section, field, old, new)
        for section in SECTIONS
        for field in section.fields
        if _text(old := before.get(section.name, {}).get(field.name))
        != _text(new := after.get(section.name, {}).get(field.name))
    ]


def told(one: Difference, spell: Callable[[Field, Any], Any]) -> list[Part]:
    """Return both versions woven into one text, or one after the other where the value is a figure or a choice."""
    if one.field.kind == "text":
        return one.parts
    before, after = (str(spell(one.field, value)) for value in (one.before, one.after))
    return [part for part in (Part(GONE, before), Part(NEW, after)) if part.text]


def woven(before: str, after: str) -> list[Part]:
    """Return two texts as stretches in common, gone and new; character by character, as Chinese is written."""
    return list(_joined(_stretches(before, after)))


def _stretches(before: str, after: str) -> Iterator[Part]:
    old, new = 0, 0
    for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if match.size and match.size < SHORTEST_MATCH:
            continue
        yield Part(GONE, before[old : match.a])
        yield Part(NEW, after[new : match.b])
        yield Part(SAME, before[match.a : match.a + match.size])
        old, new = match.a + match.size, match.b + match.size


def _joined(stretches: Iterator[Part]) -> Iterator[Part]:
    return (part for part in stretches if part.text)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
