"""Every page, as somebody who may see it: accessible, whole on a telephone and on a desk, and in one language.

Each kind of page is found by following the links (see `walk`), read in both languages and looked at with axe in both
sizes of each; its four pictures stand in ``var/screenshots/``.
"""

from __future__ import annotations

import pytest

from tests.browser.visitor import PHONE, Visitor
from tests.browser.walk import READERS, Stop, stops
from web import access

# Pages of others, and the demo's own inbox: not ours to translate.
FOREIGN = ("api:", "demo:")
# Addresses that answer with a file, lead on, or are posted to: nothing to look at.
NO_PAGE = {
    "web:account-notices",
    "web:city:case-file",
    "web:city:report-current",
    "web:city:report-file",
    "web:city:sheet-photo",
    "web:city:summary-file",
    "web:city:third-party-report",
    "web:city:work-report-file",
    "web:company:file",
    "web:district:case-file",
    "web:district:summaries",
    "web:district:summary-file",
    "web:district:third-party-report",
    "web:district:work-report-file",
    "web:district:work-reports",
    "web:evaluator:device",
    "web:evaluator:photo",
    "web:evaluator:worker",
    "web:notice",
}
# Pages that the demo's day does not always lead to, or that a link from a mail does; the tests of their desk open them.
OPENED_ELSEWHERE = {
    "web:audit:exports-table",
    "web:case",
    "web:city:declaration-lift",
    "web:city:discrepancy",
    "web:city:evaluator-confirm",
    "web:city:evaluator-resume",
    "web:city:finding",
    "web:city:honors-new",
    "web:city:proposal",
    "web:city:proposal-deploy",
    "web:city:ranking-freeze",
    "web:city:report-move",
    "web:city:selection-begin",
    "web:city:summary-move",
    "web:city:third-party-new",
    "web:confirmation",
    "web:district:case-complete",
    "web:district:case-reopen",
    "web:district:summary-move",
    "web:district:summary-row",
    "web:district:third-party-record",
    "web:district:third-party-table",
    "web:district:work-report-move",
    "web:evaluator:conflict",
    "web:evaluator:decline",
    "web:evaluator:hand-in",
    "web:evaluator:paper",
    "web:evaluator:revoke-calendar",
    "web:public:kit",
    "web:public:verification",
}


@pytest.fixture(scope="module")
def found() -> dict[str, Stop]:
    """Return the page that stands for each kind, filled reader by reader."""
    return {}


@pytest.mark.parametrize("reader", READERS)
def test_every_page_of_a_reader_is_whole(visitor: Visitor, found: dict[str, Stop], reader: str) -> None:
    page = visitor.open(reader, width=PHONE)
    walked = [stop for stop in stops(reader, page.request) if not stop.kind.startswith(FOREIGN)]
    new = [stop for stop in walked if stop.kind not in found]
    assert walked
    found |= {stop.kind: stop for stop in new}

    faults = {stop.kind: what for stop in new if (what := visitor.look_over(page, stop.address, picture_of(stop)))}
    assert faults == {}


def picture_of(stop: Stop) -> str:
    """Return the name of the pictures of a page."""
    return "page." + stop.kind.removeprefix("web:").replace(":", ".").replace(" ", ".")


def test_walk_comes_to_every_page(found: dict[str, Stop]) -> None:
    pages = {name for name, methods in access.ACCESS.items() if "GET" in methods}
    met = {kind.partition(" ")[0] for kind in found}

    assert pages - met - OPENED_ELSEWHERE == NO_PAGE
    assert pages >= OPENED_ELSEWHERE
