"""Every address × method × role, in scope and elsewhere: what `api.access` says is what is answered."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from api import access
from tests.api.people import Answer, Program
from tests.architecture.routes import (
    METHODS,
    OPERATORS,
    PATTERNS,
    SEES,
    Scene,
    kind_of,
    methods_of,
    names_part,
    routes,
    view_of,
)

WRITE = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM|MERGE INTO|TRUNCATE)\b", re.IGNORECASE)

# What a stranger may read outside the interface; every other page asks for the sign-in or is not there.
OPEN_PAGES = {
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/account/login/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/admin/login/",
    "/demo/inbox/",
    "/demo/kit/",
    "/display/",
    "/evaluator/sw.js",
    "/help/",
    "/verify/",
}

pytestmark = pytest.mark.django_db


def test_every_route_is_declared_with_its_methods() -> None:
    implemented = {route: methods_of(route) for route in routes()}

    assert {route: set(methods) for route, methods in access.ACCESS.items()} == implemented


def test_every_object_has_its_readers_declared() -> None:
    about_objects = [route for route in routes() if "<" in str(PATTERNS[route].pattern)]

    assert [route for route in about_objects if not kind_of(route)] == ["problem", "calendar"]


def test_public_routes_and_only_they_ask_for_no_sign_in() -> None:
    public = {route for route, methods in access.ACCESS.items() if access.PUBLIC in methods.values()}

    unsigned = {route for route in routes() if not view_of(route).authentication_classes}

    assert public == unsigned


def test_stranger_is_asked_to_sign_in(here: Scene) -> None:
    program, failures = Program(), []
    for route in routes():
        for method in access.ACCESS[route]:
            expected = 200 if access.roles_for(route, method) is access.PUBLIC else 401
            answer = program.call(method, here.address(route))
            if answer.status != expected:
                failures.append((route, method, answer.status))

    assert failures == []


def test_method_that_is_not_declared_is_not_offered(here: Scene) -> None:
    program, failures = here.people[Role.CITY_REVIEWER].program, []
    for route in routes():
        for method in set(METHODS) - set(access.ACCESS[route]):
            answer = program.call(method, here.address(route, Role.CITY_REVIEWER))
            if answer.status != 405:
                failures.append((route, method, answer.status))

    assert failures == []


def expected_refusal(route: str, method: str, role: Role) -> int | None:
    """Return the status that the role must be refused with, ``None`` when it must not be refused."""
    if kind_of(route) and role not in SEES[kind_of(route)]:
        return 404
    return None if access.allows(route, method, role) else 403


# What is not there, or not to be had so, whoever asks.
NOBODYS_FAULT = {"token_makes_no_token", "ranking_missing", "no_sealed_copy"}


def is_refused(answer: Answer) -> bool:
    """Tell whether somebody was turned away for who they are; a token that makes no token is another matter."""
    turned_away = answer.status in {401, 403, 404, 405}
    return answer.status >= 500 or (turned_away and answer.body["code"] not in NOBODYS_FAULT)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM])
def test_role_in_scope_may_do_what_is_declared_and_reading_writes_nothing(here: Scene, role: Role) -> None:
    program, failures, written = here.people[role].program, [], []
    for route in routes():
        for method in access.ACCESS[route]:
            address = here.address(route, role)
            with CaptureQueriesContext(connection) as queries:
                answer = program.call(method, address, None if method == "GET" else {})
            if method == "GET":
                written += [(route, query["sql"][:80]) for query in queries if WRITE.match(query["sql"])]
            expected = expected_refusal(route, method, role)
            if names_part(route) and answer.status == 404:
                continue
            if (expected or is_refused(answer)) and answer.status != expected:
                failures.append((route, method, answer.status, expected))

    assert (failures, written) == ([], [])


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, *OPERATORS}])
def test_same_role_elsewhere_finds_nothing(here: Scene, there: Scene, role: Role) -> None:
    program, failures = there.people[role].program, []
    for route in routes():
        for method in access.ACCESS[route]:
            if kind_of(route):
                owner = Role.AUDITOR if role != Role.AUDITOR else Role.CITY_REVIEWER
                answer = program.call(method, here.address(route, owner), None if method == "GET" else {})
                if answer.status != 404:
                    failures.append((route, method, answer.status))

    assert failures == []


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, *OPERATORS}])
def test_lists_elsewhere_show_nothing_of_here(here: Scene, there: Scene, role: Role) -> None:
    program, shown = there.people[role].program, []
    for route in routes():
        if "GET" in access.ACCESS[route] and not kind_of(route):
            content = program.get(there.address(route, role)).content.decode()
            shown += [(route, kind) for kind, pk in here.objects.items() if str(pk) in content]

    assert shown == []


def pages(resolver: URLResolver, prefix: str = "/") -> list[str]:
    """Return the addresses without parameters below a resolver, those of the interface excepted."""
    found = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver) and not address.startswith("/api/"):
            found += pages(entry, address)
        elif isinstance(entry, URLPattern) and not re.search(r"[<(\\*]", address):
            found.append(address)
    return found


@pytest.mark.django_db
def test_stranger_reads_only_the_open_pages() -> None:
    client = Client()

    answers = {address: client.get(address).status_code for address in pages(get_resolver())}

    assert {address for address, status in answers.items() if status >= 500} == set()
    assert {address for address, status in answers.items() if status == 200} <= OPEN_PAGES
