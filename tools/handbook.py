"""Render the handbook: `handbook.py render | check`.

It is written as Markdown in ``docs/handbook/<language>/<role>.md`` and shown by the product as pages. What a page needs
is made here and committed, so that neither the demo nor production carries a renderer. Every page has the same five
headings in the same order; their anchors are the same in every language, so that any page can link to one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "docs" / "handbook"
PAGES = ROOT / "web" / "templates" / "handbook"
LANGUAGES = ("zh-Hans", "en")
ROLES = ("company", "committee", "district", "city", "evaluator", "auditor", "administrator")
ANCHORS = ("waiting", "doing", "trouble", "until", "account")
HEAD = "{# Written by tools/handbook.py from docs/handbook; change it there. #}\n{% load static %}\n"
PICTURE = re.compile(r'<img src="([^"]+)" alt="([^"]*)" />')


def rendered(source: str) -> str:
    """Return a page's part of a template; raise ``ValueError`` when its headings are not the agreed five."""
    renderer = MarkdownIt("commonmark", {"html": False})
    tokens = renderer.parse(source)
    headings = [token for token in tokens if token.type == "heading_open" and token.tag == "h2"]
    if len(headings) != len(ANCHORS):
        raise ValueError(f"a page of the handbook has {len(ANCHORS)} headings, this one {len(headings)}")
    for token, anchor in zip(headings, ANCHORS, strict=True):
        token.attrSet("id", anchor)
    html = renderer.renderer.render(_without_title(tokens), renderer.options, {})
    return HEAD + PICTURE.sub(_picture, html.replace("{", "&#123;"))


def pages() -> Iterator[tuple[Path, Path]]:
    """Yield every source with the template that is made of it."""
    for language in LANGUAGES:
        for role in ROLES:
            yield SOURCES / language / f"{role}.md", PAGES / language / f"{role}.html"


def render() -> list[str]:
    """Write every page anew."""
    for source, page in pages():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(rendered(source.read_text(encoding="utf-8")), encoding="utf-8")
    return []


def check() -> list[str]:
    """Return the pages that are not what their source says."""
    return [
        f"{page.relative_to(ROOT)} is stale: run tools/handbook.py render"
        for source, page in pages()
        if not page.exists() or page.read_text(encoding="utf-8") != rendered(source.read_text(encoding="utf-8"))
    ]


def _without_title(tokens: Sequence[Token]) -> list[Token]:
    """Leave the title to the page around it."""
    end = next(number for number, token in enumerate(tokens) if token.type == "heading_close")
    return list(tokens[end + 1 :])


def _picture(found: re.Match[str]) -> str:
    source, words = found.groups()
    return f'<img class="jy-picture" src="{{% static \'handbook/{source}\' %}}" alt="{words}" loading="lazy">'


if __name__ == "__main__":
    problems = {"render": render, "check": check}[sys.argv[1] if len(sys.argv) > 1 else "check"]()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
