"""Every page × method × role, in scope and elsewhere: what `web.access` says is what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import Role
from tests.architecture.page_objects import arguments_of, is_about_an_object, sees
from tests.architecture.routes import OPERATORS, Scene, scene
from web import access
from web.roles import PUBLIC

# That somebody was here is noted with the session; nothing else may be written by reading.
WRITE = re.compile(r'\b(INSERT INTO|UPDATE (?!"usersessions_usersession")\S+ SET|DELETE FROM|MERGE INTO|TRUNCATE)\b')
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = [role for role in Role if role != Role.SYSTEM]
# Reading a notice marks it as read, and says so.
WRITES_BY_READING = {"web:notice"}
# Django's own redirect answers every method alike, and shows nothing.
NOT_OURS = {"web:account-notices"}


@pytest.fixture
def here(db: None) -> Scene:
    return scene()


@pytest.fixture
def there(db: None) -> Scene:
    return scene()


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


@pytest.mark.parametrize("role", ROLES)
def test_role_in_scope_may_do_what_is_declared(here: Scene, role: Role) -> None:
    client, failures = browser_of(here, role), []
    for page, methods in access.ACCESS.items():
        for method in methods:
            status = call(client, method, address(page, here))
            expected = expected_refusal(page, method, role)
            if status >= 500 or ((expected or status in {401, 403, 405}) and status != expected):
                failures.append((page, method, status, expected))

    assert failures == []


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


def test_reading_never_writes(here: Scene) -> None:
    written = []
    for role in here.people:
        client = browser_of(here, role)
        client.get("/")  # the session is entered at the first request
        for page in sorted(set(PAGES) - WRITES_BY_READING):
            if "GET" in access.ACCESS[page]:
                with CaptureQueriesContext(connection) as queries:
                    client.get(address(page, here))
                written += [(page, role, query["sql"][:80]) for query in queries if WRITE.match(query["sql"])]

    assert written == []


@pytest.mark.parametrize("role", ROLES)
def test_every_form_that_posts_carries_its_token(here: Scene, role: Role) -> None:
    client, bare = browser_of(here, role), []
    for page, methods in access.ACCESS.items():
        if "GET" in methods and access.allows(page, "GET", role):
            answer = client.get(address(page, here))
            shown = b"" if answer.streaming else answer.content
            forms = re.findall(r"<form\b[^>]*\bmethod=.post.*?</form>", shown.decode(errors="ignore"), re.DOTALL)
            bare += [(page, form[:120]) for form in forms if "csrfmiddlewaretoken" not in form]

    assert bare == []
