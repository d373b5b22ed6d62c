"""What people type is shown as text on every page, whatever it looks like: 150 strings, in every free-text field."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from accounts.enums import Role
from common.services import ROOT
from nominations.models import Nomination
from tests.architecture.routes import Scene, scene
from tests.architecture.test_pages import PAGES, address, browser_of
from web import access

CORPUS = (ROOT / "tests" / "corpus" / "hostile.txt").read_text(encoding="utf-8").splitlines()
SHORT, MARK = 60, "jiayuanRan"
ADDRESSES = {"href", "src", "action", "formaction", "srcdoc", "data", "hx-get", "hx-post"}
RUNS = {"iframe", "object", "embed", "base", "style", "math", "plaintext", "xmp", "marquee", "isindex", "keygen"}
DATA = {"type": "application/json"}  # what a page hands to its scripts: no browser runs such a block
NO_TEXT = ("password", "digest", "sha256", "email", "_id", "code")  # nobody types these, or not just anything
FEWEST = 40  # pages that show a hostile text to somebody


class Harm(HTMLParser):
    """Find in a page what could run, or what a text has become that is no text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element as a browser does."""
        given = dict(attrs)
        is_own = str(given.get("src", "")).startswith("/static/") or given == given | DATA
        if tag in RUNS or (tag == "script" and not is_own) or (tag == "meta" and "http-equiv" in given):
            self.found.append(f"<{tag}>")
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name.startswith(("on", "hx-on", "style"))
            or MARK in name
            or (name in ADDRESSES and not _is_harmless(value or ""))
        ]


def _is_harmless(value: str) -> bool:
    begins = ("/", "#", "?", "tel:", "mailto:", "http://", "https://")
    return not value or (value.startswith(begins) and not value.startswith("//"))


def harm(html: str) -> list[str]:
    """Return what a page holds that its templates did not write."""
    parser = Harm()
    parser.feed(html)
    return parser.found


def fields() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Yield every field of ours that takes free text."""
    for app in ("accounts", "nominations", "evaluation", "attachments", "notifications"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if (
                    is_text
                    and not field.name.endswith(NO_TEXT)
                    and not field.unique
                    and (field.max_length or SHORT) >= SHORT
                ):
                    yield model, field


def poison() -> int:
    """Write hostile text into every field that takes it, and return into how many."""
    written = 0
    for number, (model, field) in enumerate(fields()):
        text = "\n".join(CORPUS) if field.max_length is None else _short(number, field.max_length)
        try:
            with transaction.atomic():
                written += bool(model._default_manager.update(**{field.name: text}))
        except DatabaseError:
            continue  # a digest, a code, an event: the database itself refuses anything else there
    for nomination in Nomination.objects.all():
        form = {name: _filled(section) for name, section in nomination.form.items()}
        Nomination.objects.filter(pk=nomination.pk).update(form=form)
    return written


def _filled(section: Any) -> Any:
    if not isinstance(section, dict):
        return section
    return {name: CORPUS[0] if isinstance(value, str) else value for name, value in section.items()}


def _short(number: int, most: int) -> str:
    fitting = [text for text in CORPUS if len(text) <= most and MARK in text]
    return fitting[number * 7 % len(fitting)]


@pytest.mark.parametrize("text", CORPUS)
def test_escaped_text_is_no_harm(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#x27;")

    assert harm(f'<p title="{escaped}">{escaped}</p>') == []


def test_scripts_handlers_and_addresses_are_harm() -> None:
    page = "<script>a</script><img src=x onerror=a><a href=javascript:a>b</a><base href=//a/><p style=a>"
    data = '<script type="application/json" id="a">{}</script>'

    assert harm(data) == []
    assert harm(page) == [
        "<script>",
        "img src=x",
        "img onerror=a",
        "a href=javascript:a",
        "<base>",
        "base href=//a/",
        "p style=a",
    ]


def test_hostile_text_is_text_on_every_page(db: None) -> None:
    here: Scene = scene()
    written = poison()
    found: dict[tuple[str, Role], list[str]] = {}
    shown: set[str] = set()
    for role in [role for role in Role if role != Role.SYSTEM]:
        client = browser_of(here, role)
        for page, methods in access.ACCESS.items():
            if "GET" in methods and access.allows(page, "GET", role):
                answer = client.get(address(page, here))
                if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                    html = answer.content.decode()
                    shown |= {page} if MARK in html else set()
                    found |= {(page, role): what} if (what := harm(html)) else {}

    assert found == {}
    assert written > 30
    assert len(shown) >= FEWEST, sorted(set(PAGES) - shown)
