"""What a page says, and in which language: each text with the language that its place declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from django.utils.translation import trans_real

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"script", "style", "code", "kbd", "pre"}
SPOKEN = (
    "aria-label",
    "alt",
    "title",
    "placeholder",
    "data-saving",
    "data-broken",
    "data-retry",
    "data-words",
    "data-head",
)
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]{2}"), re.compile(r"[A-Za-z]{2}")
PROSE = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


class Spoken(HTMLParser):
    """Collect every text of a page, of its attributes too, with its language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language of an element, and what its attributes say."""
        given = dict(attrs)
        language = given.get("lang") or self.open[-1][1]
        self.texts += [(language, text) for name in SPOKEN if (text := given.get(name))]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that need no end of their own."""
        if any(name == tag for name, _language in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip() and not SILENT & {name for name, _language in self.open}:
            self.texts.append((self.open[-1][1], " ".join(data.split())))


def spoken(html: str) -> list[tuple[str, str]]:
    """Return each text of a page with the language of its place."""
    parser = Spoken()
    parser.feed(html)
    return parser.texts


def untranslated(html: str, language: str) -> list[str]:
    """Return what a page says in the other language although the catalogue has it in the page's own.

    Names and what people have written stay in their language; a sentence of the product does not.
    """
    found = {text for place, text in spoken(html) if place.lower()[:2] == language[:2]}
    sentences = _sentences(language)
    return sorted(text for text in found if _is_prose(text, language) or any(one.fullmatch(text) for one in sentences))


def _is_prose(text: str, language: str) -> bool:
    """Tell whether a Chinese page says three English words in a row."""
    return language != "en" and bool(PROSE.search(text))


@cache
def _sentences(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the catalogue's sentences in the language that a page does not speak, as patterns."""
    return tuple(_patterns(language))


def _patterns(language: str) -> Iterator[re.Pattern[str]]:
    for key, translated in trans_real.translation("zh-hans")._catalog.items():  # type: ignore[attr-defined]  # untyped
        message = str(key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
        shown, word = (translated, CHINESE) if language == "en" else (message, LATIN)
        parts = PLACE.split(" ".join(shown.split()))
        if key and message != translated and any(word.search(part) for part in parts):
            yield re.compile(".+".join(map(re.escape, parts)))
