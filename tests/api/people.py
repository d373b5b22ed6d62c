"""People in their capacities, and programs that call the interface in their name."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from accounts.enums import ROLES_OF_KIND, OrganizationKind, Role
from accounts.models import District, Membership, Organization, User
from accounts.operations import grant, issue_token
from accounts.queries import as_actor
from tests.api import contract

KIND_OF_ROLE = {role: kind for kind, roles in ROLES_OF_KIND.items() for role in sorted(roles)}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """A response with its JSON, if it has any."""

    response: Any
    content: bytes

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @cached_property
    def body(self) -> Any:
        return json.loads(self.content)

    def header(self, name: str) -> str:
        return str(self.response.headers.get(name, ""))

    @property
    def error_codes(self) -> dict[str, str]:
        return {error["attr"]: error["code"] for error in self.body["errors"]}

    @property
    def refusal_codes(self) -> list[str]:
        return [refusal["code"] for refusal in self.body["refusals"]]


class Program:
    """Calls addresses below ``/api/v1/``, by default without saying who it is."""

    def __init__(self, secret: str = "", *, language: str = "en") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Accept-Language": language} | ({"Authorization": f"Token {secret}"} if secret else {})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        kind = headers.pop("content_type", "application/json")
        extra = {"CONTENT_LENGTH": headers.pop("CONTENT_LENGTH")} if "CONTENT_LENGTH" in headers else {}
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        generic: Any = self.client.generic
        response = generic(method, address, content, content_type=kind, headers=sent, **extra)
        if method != "HEAD" and response.headers.get("Content-Type", "").endswith("json"):
            contract.check(
                method,
                response.request["PATH_INFO"],
                response.status_code,
                response.headers["Content-Type"],
                response.json(),
            )
        return Answer(response, _bytes_of(response))

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, {} if body is None else body, **headers)

    def upload(self, path: str, fields: Any, **headers: str) -> Answer:
        body = encode_multipart(BOUNDARY, fields)
        return self.call("POST", path, body, content_type=MULTIPART_CONTENT, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, **headers)


def _bytes_of(response: Any) -> bytes:
    """Return what was answered; the test client closes a file once it is read to its end."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


@dataclass(frozen=True)
class Person:
    """A membership with a token."""

    membership: Membership
    secret: str

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def actor(self) -> Actor:
        return as_actor(self.membership)

    @cached_property
    def program(self) -> Program:
        return Program(self.secret)


def make_district() -> District:
    number = next(_numbers)
    return District.objects.create(code=f"99{number:04}", name=f"示例{number}区")


def make_organization(
    kind: OrganizationKind = OrganizationKind.COMPANY, *, name: str = "", parent: Organization | None = None
) -> Organization:
    """Return a new organization; a district bureau gets a district and, where none is given, a city of its own."""
    district = None
    if kind == OrganizationKind.DISTRICT:
        district, parent = make_district(), parent or make_organization(OrganizationKind.CITY)
    name = name or f"示例{kind.value}{next(_numbers)}"
    return Organization.objects.create(kind=kind, name=name, parent=parent, district=district)


def make_user(name: str = "") -> User:
    number = next(_numbers)
    return User.objects.create_user(
        username=f"holder{number}", email=f"holder{number}@example.com", name=name or f"示例人{number}"
    )


def make_person(
    role: Role = Role.COMPANY_ADMIN,
    *,
    organization: Organization | None = None,
    user: User | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Person:
    """Return somebody who holds ``role`` since yesterday, with a token for a month."""
    now = timezone.now()
    membership = grant(
        user=user or make_user(),
        organization=organization or make_organization(KIND_OF_ROLE[role]),
        role=role,
        at=since or now - timedelta(days=1),
        until=until,
        by=SYSTEM,
    )
    _token, secret = issue_token(membership=membership, label="test", at=now, expires_at=now + timedelta(days=30))
    return Person(membership, secret)


def person_as(actor: Actor) -> Person:
    """Return somebody of a test's programme with a token for the capacity they act in."""
    now = timezone.now()
    assert actor.membership_id is not None
    membership = Membership.objects.select_related("user", "organization").get(pk=actor.membership_id)
    _token, secret = issue_token(membership=membership, label="test", at=now, expires_at=now + timedelta(days=30))
    return Person(membership, secret)


def program_of(actor: Actor) -> Program:
    """Return a program that calls in the name of somebody of a test's programme."""
    return person_as(actor).program
