"""Hostile text never runs: every page that shows the corpus, opened in a browser that hears whatever would.

The pages are those of `tests.web.test_hostile_text`: its strings in every field that takes text, read by every role.
The browser gets each with its headers, so that its policy holds, and its scripts: what they make of the text counts.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Dialog, Page, Route

from accounts.enums import Role
from tests.architecture.routes import scene
from tests.architecture.test_pages import address, browser_of
from tests.web.test_hostile_text import FEWEST, MARK, poison
from web import access

ORIGIN = "https://hostile.test"
# What the corpus calls tells on itself; so does everything that the policy of a page had to stop.
EARS = f"""
window.{MARK} = () => console.error("{MARK}");
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`stopped: ${{event.violatedDirective}} ${{event.blockedURI}} ${{event.sample}}`));
"""
PLACES = "details:not([open])"


@dataclass(frozen=True)
class Answer:
    """A page as the product has answered it."""

    html: str
    headers: Mapping[str, str]


@pytest.fixture(scope="session")
def unblocked(browser: Browser) -> Iterator[None]:
    """Let Django work while the browser runs: it takes the browser's driver for an event loop that it might block.

    Asked for before the browser, the database would be left over another connection than it was made over.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def database(unblocked: None, django_db_setup: None) -> None:
    """Make the tests' own database."""


@pytest.fixture
def answers(database: None, db: None) -> dict[str, Answer]:
    """Return every page that shows a hostile text, as the first role that gets to read it there."""
    here = scene()
    poison()
    found: dict[str, Answer] = {}
    for role in [role for role in Role if role != Role.SYSTEM]:
        client = browser_of(here, role)
        for name, methods in access.ACCESS.items():
            if name not in found and "GET" in methods and access.allows(name, "GET", role):
                answer = client.get(address(name, here))
                if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                    html = answer.content.decode()
                    found |= {name: Answer(html, dict(answer.headers))} if MARK in html else {}
    return found


@pytest.fixture
def heard() -> list[str]:
    """Return what the browser has heard, filled as it listens."""
    return []


@pytest.fixture
def page(browser: Browser, heard: list[str]) -> Iterator[Page]:
    """Return a page that hears dialogs, errors, and what the policy stops."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(EARS)
    opened = context.new_page()
    opened.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("dialog", lambda dialog: note(dialog, heard))
    yield opened
    context.close()


def note(dialog: Dialog, heard: list[str]) -> None:
    """Note what a dialog asked, and close it."""
    heard.append(dialog.message)
    dialog.dismiss()


def show(page: Page, answer: Answer) -> None:
    """Open a page, and everything that is folded on it."""
    page.goto("about:blank")
    page.unroute_all(behavior="wait")
    page.route("**/*", lambda route: deliver(route, answer))
    page.goto(f"{ORIGIN}/page/")
    page.evaluate(f"document.querySelectorAll('{PLACES}').forEach((fold) => {{ fold.open = true; }})")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def deliver(route: Route, answer: Answer) -> None:
    """Answer the browser: with the page, with our own files, with nothing else."""
    path = urlsplit(route.request.url).path
    if route.request.is_navigation_request():
        route.fulfill(body=answer.html, headers=dict(answer.headers))
    elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
        route.fulfill(path=str(found), content_type=mimetypes.guess_type(path)[0] or "")
    else:
        route.fulfill(status=204)


def test_hostile_text_never_runs(answers: dict[str, Answer], page: Page, heard: list[str]) -> None:
    told: dict[str, list[str]] = {}

    for name, answer in answers.items():
        show(page, answer)
        told |= {name: [*heard]} if heard else {}
        heard.clear()

    assert told == {}
    assert len(answers) >= FEWEST


@pytest.mark.parametrize(
    ("policy", "words"), [({}, [MARK, "asked"]), ({"Content-Security-Policy": "default-src 'self'"}, ["stopped"])]
)
def test_browser_hears_what_runs_and_what_is_stopped(
    page: Page, heard: list[str], policy: dict[str, str], words: list[str]
) -> None:
    html = f"<!doctype html><script>{MARK}()</script><img src=/x onerror=\"alert('asked')\">"

    show(page, Answer(html, {"Content-Type": "text/html", **policy}))

    assert [word for word in words if not any(word in one for one in heard)] == []
