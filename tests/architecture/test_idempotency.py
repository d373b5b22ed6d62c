"""Every command of the interface takes an idempotency key, or stands here with the reason why not."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.enums import Role
from api import access
from api.idempotency import COMMANDS
from api.uploads import UploadView
from tests.api.people import Answer, Person
from tests.architecture.routes import Scene, kind_of, methods_of, names_part, routes, scene, view_of
from workflow.models import CommandKey

BY_THE_ENGINE = {
    "nomination-transitions": "the statement that writes the move keeps its key",
    "nomination-bulk-transitions": "the same, for many",
    "recommendation-summary-transitions": "as above",
    "work-report-transitions": "as above",
    "selection-transitions": "as above",
    "provincial-report-transitions": "as above",
}
REFUSED = {
    "tokens": "the first answer holds a secret, which is kept nowhere",
    "my-calendar": "as above",
    "campaign-ranking-export": "a table is handed out, and each time is a line in the log of exports",
}


@pytest.fixture
def here(db: None) -> Scene:
    return scene()


def commands() -> list[tuple[str, str]]:
    return [(route, method) for route in routes() for method in sorted(methods_of(route) & COMMANDS)]


def test_every_command_takes_a_key_or_is_listed_with_the_reason() -> None:
    kept_with_answers = {route for route, _method in commands() if view_of(route).keeps_answers}
    taking_none = {route for route, _method in commands() if not view_of(route).takes_key}

    assert {route for route, _method in commands()} - kept_with_answers == {*BY_THE_ENGINE, *REFUSED}
    assert taking_none == set(REFUSED)


def test_key_of_another_command_is_refused_at_every_address(here: Scene) -> None:
    failures = []
    for route, method in commands():
        if route not in {*BY_THE_ENGINE, *REFUSED}:
            person = somebody_for(here, route, method)
            use_up("spent", person)
            answer = send(person, method, here.address(route, Role(person.membership.role)), view_of(route))
            if (answer.status, answer.body["code"]) not in expected(here, route):
                failures.append((route, method, answer.status, answer.body["code"]))

    assert failures == []


def send(person: Person, method: str, address: str, view: type) -> Answer:
    if issubclass(view, UploadView):
        return person.program.upload(address, {}, Idempotency_Key="spent")
    return person.program.call(method, address, {}, Idempotency_Key="spent")


def expected(here: Scene, route: str) -> set[tuple[int, str]]:
    """Return what may be answered: what the scene has nothing of is not found, before its key is looked at."""
    reused = (422, "idempotency_key_reused")
    exists = not kind_of(route) or kind_of(route) == "token" or here.objects[kind_of(route)].int != 7
    return {reused} if exists and not names_part(route) else {reused, (404, "not_found")}


def somebody_for(here: Scene, route: str, method: str) -> Person:
    role = min(access.roles_for(route, method) & set(here.people))
    return here.people[Role(role)]


def use_up(key: str, person: Person) -> None:
    CommandKey.objects.get_or_create(
        owner=f"user:{person.user.pk}",
        key=key,
        defaults={"request_digest": "0" * 64, "events": [], "created_at": timezone.now()},
    )
