"""Every page × method × role, in scope and elsewhere: what `web.access` says is what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import Role
from tests.architecture.page_objects import arguments_of, is_about_an_object, sees
from tests.architecture.routes import OPERATORS, Scene
from web import access
from web.roles import PUBLIC

FORM = re.compile(r"<form\b[^>]*\bmethod=.post.*?</form>", re.DOTALL)
# That somebody was here is noted with the session; nothing else may be written by reading.
WRITE = re.compile(r'\b(INSERT INTO|UPDATE (?!"usersessions_usersession")\S+ SET|DELETE FROM|MERGE INTO|TRUNCATE)\b')
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = [role for role in Role if role != Role.SYSTEM]
# Reading a notice marks it as read, and says so.
WRITES_BY_READING = {"web:notice"}
# Django's own redirect answers every method alike, and shows nothing.
NOT_OURS = {"web:account-notices"}

pytestmark = pytest.mark.django_db


def pages() -> Iterator[tuple[str, URLPattern]]:
    """Yield every page with the name by which the table of access knows it."""
    [web] = [entry for entry in get_resolver().url_patterns if getattr(entry, "app_name", "") == "web"]
    yield from _below(web, "web")


def _below(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry, f"{namespace}:{entry.namespace}")
        else:
            yield f"{namespace}:{entry.name}", entry


PAGES = dict(pages())


def address(page: str, scene: Scene) -> str:
    """Return the address of a page about this scene's objects."""
    return reverse(page, kwargs=arguments_of(page, PAGES[page], scene.objects))


def browser_of(scene: Scene, role: Role) -> Client:
    """Return the browser of somebody in this role."""
    client = Client()
    client.force_login(scene.people[role].user)
    return client


def call(client: Client, method: str, address: str) -> int:
    """Return the status of a request without any content."""
    return int(client.generic(method, address).status_code)


def test_every_page_is_declared() -> None:
    assert set(access.ACCESS) == set(PAGES)


def test_method_that_is_not_declared_is_not_offered(here: Scene) -> None:
    client = browser_of(here, Role.CITY_REVIEWER)
    offered = [
        (page, method)
        for page in sorted(set(PAGES) - NOT_OURS)
        for method in sorted(set(METHODS) - set(access.ACCESS[page]))
        if call(client, method, address(page, here)) != 405
    ]

    assert offered == []


def test_stranger_is_sent_to_the_sign_in(here: Scene) -> None:
    failures = []
    for page, methods in access.ACCESS.items():
        for method, roles in methods.items():
            answer = Client().generic(method, address(page, here))
            is_sent = answer.headers.get("Location", "").startswith(reverse("account_login"))
            if answer.status_code >= 500 or is_sent is (roles is PUBLIC):
                failures.append((page, method, answer.status_code))

    assert failures == []


@dataclass(frozen=True)
class Reading:
    """What came of asking for a page: the status, what was written by it, and the forms that carry no token."""

    status: int
    written: tuple[str, ...]
    bare: tuple[str, ...]


def read(client: Client, address: str) -> Reading:
    """Ask for a page and look at what happened."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    shown = "" if answer.streaming else answer.content.decode(errors="ignore")
    return Reading(
        answer.status_code,
        tuple(query["sql"][:80] for query in queries if WRITE.match(query["sql"])),
        tuple(form[:120] for form in FORM.findall(shown) if "csrfmiddlewaretoken" not in form),
    )


@pytest.mark.parametrize("role", ROLES)
def test_role_in_scope_reads_what_is_declared_and_reading_writes_nothing(here: Scene, role: Role) -> None:
    client = browser_of(here, role)
    client.get("/")  # the session is entered at the first request
    found = {page: read(client, address(page, here)) for page, to in access.ACCESS.items() if "GET" in to}

    statuses = [(page, one.status, expected_refusal(page, "GET", role)) for page, one in found.items()]
    assert [row for row in statuses if is_amiss(*row[1:])] == []
    assert [(page, one.written) for page, one in found.items() if one.written and page not in WRITES_BY_READING] == []
    assert [(page, one.bare) for page, one in found.items() if one.bare] == []


@pytest.mark.parametrize("role", ROLES)
def test_role_in_scope_may_do_what_is_declared(here: Scene, role: Role) -> None:
    client, failures = browser_of(here, role), []
    for page, methods in access.ACCESS.items():
        for method in set(methods) - {"GET"}:
            status, expected = call(client, method, address(page, here)), expected_refusal(page, method, role)
            if is_amiss(status, expected):
                failures.append((page, method, status, expected))

    assert failures == []


def is_amiss(status: int, expected: int | None) -> bool:
    """Tell whether a status is neither the refusal that is due nor, where none is, anything but a refusal."""
    return status >= 500 or (status != expected and (expected is not None or status in {401, 403, 405}))


def expected_refusal(page: str, method: str, role: Role) -> int | None:
    """Return the status that the role must be refused with, ``None`` when it must not be refused."""
    if not access.allows(page, method, role):
        return 403
    return None if sees(page, role) else 404


@pytest.mark.parametrize("role", [role for role in ROLES if role not in OPERATORS])
def test_same_role_elsewhere_finds_nothing(here: Scene, there: Scene, role: Role) -> None:
    client, failures = browser_of(there, role), []
    for page, methods in access.ACCESS.items():
        for method in methods:
            if is_about_an_object(page, PAGES[page]) and access.allows(page, method, role):
                status = call(client, method, address(page, here))
                if status != 404:
                    failures.append((page, method, status))

    assert failures == []
