"""From a letter to the two parts of a mail; the frame is compiled from MJML once per process."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any

import mrml
from django.conf import settings
from django.template import Context, Engine, Template
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from notifications.letters import Letter

FRAME = "notifications/mail/frame"
# Names stay Chinese in an English mail; a reader's software is told so (WCAG 2.2, 3.1.2).
_FOREIGN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
# What stands in an attribute or a title takes no marks.
PLAIN = frozenset({"language", "subject", "preheader", "url", "settings_url"})
# Places for what differs from reader to reader, in characters for private use, which no name is written with.
GREETING, ADDRESS = "\ue000", "\ue001"
_TAGS = {"zh-hans": "zh-Hans", "en": "en"}
_PLACE = re.compile(r"\{\{ (\w+) \}\}")
_TAG = re.compile(r"<!--(\{%.*?%\})-->")
DEMO = _("Demonstration: the city is invented, and this mail is no basis for any decision.")


@cache
def html_frame(language: str, demo: bool) -> Template:
    """Return the frame as Django's template, with what every mail of one language says alike filled in.

    Its tags stand in comments, because an HTML parser, and MJML uses one, moves other text out of a table.
    """
    compiled = _TAG.sub(r"\1", mrml.to_html(_source("mjml")).content)
    return _with_fixed_words(compiled, language, demo, escape)


@cache
def text_frame(language: str, demo: bool) -> Template:
    """Return the frame of the text part, likewise."""
    return _with_fixed_words(_source("txt"), language, demo, str)


def render_html(letter: Letter) -> str:
    """Return the HTML part; every value is escaped."""
    greeting = letter.greeting if letter.language == "zh-hans" else _span(letter.greeting)
    html = _shared_html(_without_reader(letter), settings.DEMO)
    return html.replace(GREETING, conditional_escape(greeting)).replace(ADDRESS, conditional_escape(letter.url))


def render_text(letter: Letter) -> str:
    """Return the text part."""
    text = _shared_text(_without_reader(letter), settings.DEMO)
    return text.replace(GREETING, letter.greeting).replace(ADDRESS, letter.url)


def _without_reader(letter: Letter) -> Letter:
    """Return what the readers of one event in one office are told alike: it is laid out once for all of them."""
    return replace(letter, greeting=GREETING, url=ADDRESS)


@lru_cache(maxsize=32)
def _shared_html(letter: Letter, demo: bool) -> str:
    values = _values(letter)
    if letter.language != "zh-hans":
        values = {name: _kept(name, value) for name, value in values.items()}
    return html_frame(letter.language, demo).render(Context(values))


@lru_cache(maxsize=32)
def _shared_text(letter: Letter, demo: bool) -> str:
    return text_frame(letter.language, demo).render(Context(_values(letter), autoescape=False))


def _values(letter: Letter) -> dict[str, Any]:
    values = {field.name: getattr(letter, field.name) for field in fields(letter)}
    return {**values, "preheader": "".join(letter.body[:1])}


def _source(extension: str) -> str:
    return str(get_template(f"{FRAME}.{extension}").template.source)  # type: ignore[attr-defined]  # Django's own has it


def _with_fixed_words(source: str, language: str, demo: bool, clean: Callable[[str], str]) -> Template:
    with override(language):
        words = {
            "language": _TAGS.get(language, language),
            "demo": str(DEMO),
            "product": str(_("Jiayuan")),
            "then_heading": str(_("What comes next")),
            "fallback": str(_("If the button does not open, sign in with your browser and go to:")),
            "fallback_open": str(_("If the button does not open, go to this address with your browser:")),
            "settings_url": f"{settings.SITE_URL}/account/notices/",
            "settings_label": str(_("Notice settings")),
            "colon": str(_(": ")),
        }
    source = source.replace("{% if demo %}", f"{{% if {demo} %}}")
    return Template(_PLACE.sub(lambda place: clean(words.get(place[1], "")) or place[0], source), engine=Engine())


def _marked(value: Any) -> Any:
    """Return ``value`` escaped, with runs of Chinese marked as such in a mail of another language."""
    if is_dataclass(value):
        return {part.name: _kept(part.name, getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_marked(part) for part in value]
    return _span(value) if isinstance(value, str) else value


def _kept(name: str, value: Any) -> Any:
    return value if name in PLAIN else _marked(value)


def _span(text: str) -> SafeString:
    escaped = conditional_escape(text)
    return mark_safe(_FOREIGN.sub(r'<span lang="zh-Hans">\g<0></span>', escaped))  # noqa: S308  # escaped just above
