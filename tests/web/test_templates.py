"""What every template must keep to, whatever it shows."""

from __future__ import annotations

import re

import pytest

from common.services import ROOT

TEMPLATES = ROOT / "web" / "templates"
APART = re.compile(r'{% include "([^"]+)"[^%]* only %}')
INCLUDED = re.compile(r'{% include "([^"]+)"')
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
TOKEN = "{% csrf_token %}"
SOURCES = {
    str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.html"))
}


def spelled(text: str) -> str:
    """Return a piece of a template with what it includes behind it."""
    return text + "".join(spelled(SOURCES[part]) for part in INCLUDED.findall(text) if part in SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_every_form_that_writes_carries_its_token(name: str) -> None:
    assert [form for form in FORM.findall(SOURCES[name]) if TOKEN not in spelled(form)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_no_form_is_included_apart_from_its_request(name: str) -> None:
    """``only`` takes the request away, and the token with it: whoever presses the button is refused."""
    assert [part for part in APART.findall(SOURCES[name]) if TOKEN in spelled(SOURCES[part])] == []
