"""What the pages are about: which object of the scene each argument of an address names, and who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern

from accounts.enums import Role
from tests.architecture.routes import NOBODYS, SEES

# The kind of object that an argument of a page's address names.
KINDS: Mapping[str, str] = {
    "nomination_id": "nomination",
    "community_id": "community",
    "campaign_id": "campaign",
    "summary_id": "recommendation-summary",
    "work_report_id": "work-report",
    "selection_id": "selection",
    "report_id": "provincial-report",
    "extension_id": "extension",
    "assignment_id": "assignment",
    "sheet_id": "score-sheet",
    "notice_id": "notice",
    "visit_id": "visit",
    "evaluator_id": "evaluator",
    "declaration_id": "declaration",
}
# Arguments that choose among a few words; one of them is taken.
WORDS: Mapping[str, Any] = {
    "name": "in_hand",
    "token": "forged:link",
    "section": "basics",
    "move": "submit",
    "token_id": 2_000_000_007,
    "book": "company",
    "code": "YQ-2026-001",
    "number": 1,
}
# Pages that name, beside their object, a part of it that the scene does not have: nobody finds it.
UNFOUND = {"web:confirmation", "web:account:revoke-token"}
# A case is led to, not shown, where the desk has its own page: the page itself is asked for the object.
LEADS_ON = {"web:case"}


def arguments_of(page: str, pattern: URLPattern, objects: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a page's address about the scene's objects; parts that it lacks are nobody's."""
    names = pattern.pattern.converters
    return {name: _value(page, name, objects) for name in names}


def is_about_an_object(page: str, pattern: URLPattern) -> bool:
    """Tell whether an address names a row that belongs to somebody."""
    return page not in LEADS_ON and any(name in KINDS for name in pattern.pattern.converters)


def sees(page: str, role: Role) -> bool:
    """Tell whether the role, in scope, finds what the page is about; a page about no object is found by all."""
    from tests.architecture.test_pages import PAGES

    names = PAGES[page].pattern.converters
    if page in UNFOUND or any(name not in {*KINDS, *WORDS} for name in names):
        return False
    if page in LEADS_ON:
        return True
    return all(role in SEES[KINDS[name]] for name in names if name in KINDS)


def _value(page: str, name: str, objects: Mapping[str, Any]) -> Any:
    return WORDS[name] if name in WORDS else objects.get(KINDS.get(name, ""), NOBODYS)
