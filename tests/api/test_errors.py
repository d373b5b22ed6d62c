from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from rest_framework import exceptions as drf

from accounts.operations import RoleDoesNotFit, RolesExcludeEachOther
from api import problems, throttles
from api.errors import problem_of
from api.problems import TITLES, catalogue
from common.errors import DomainError
from common.refusals import Refusal
from tests.api.people import Person, Program
from workflow import errors

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.NotFound(), 404, "not_found"),
        (errors.UnknownMove(attr="name", name="fly"), 400, "unknown_transition"),
        (errors.KeyReused(), 422, "idempotency_key_reused"),
        (errors.StaleVersion(seen=1, current=2), 409, "stale_version"),
        (errors.WrongState(label="Submit", state="Draft"), 409, "wrong_state"),
        (errors.WrongRole(label="Submit", role="city_approver"), 403, "wrong_role"),
        (errors.MoveRefused(label="Submit"), 422, "refused"),
        (errors.Busy(), 409, "busy"),
        (RoleDoesNotFit(attr="role", role="a", kind="b"), 422, "role_does_not_fit"),
        (RolesExcludeEachOther(attr="role"), 409, "roles_exclude_each_other"),
        (drf.NotAuthenticated(), 401, "not_authenticated"),
        (drf.AuthenticationFailed(), 401, "invalid_token"),
        (drf.PermissionDenied(), 403, "permission_denied"),
        (drf.NotFound(), 404, "not_found"),
        (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (drf.UnsupportedMediaType("text/csv"), 415, "unsupported_media_type"),
        (drf.ParseError(), 400, "malformed"),
        (drf.ValidationError({"name": ["bad"]}), 400, "invalid"),
        (drf.Throttled(wait=7), 429, "throttled"),
        (ValidationError({"name": "bad"}), 400, "invalid"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (SuspiciousOperation(), 400, "malformed"),
        (RequestDataTooBig(), 413, "too_large"),
        (DataError(), 400, "malformed"),
        (IntegrityError(), 409, "conflict"),
        (OperationalError("the connection is lost"), 503, "unavailable"),
        (caused(OperationalError(), psycopg.errors.LockNotAvailable()), 409, "busy"),
        (caused(OperationalError(), psycopg.errors.DeadlockDetected()), 409, "busy"),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), 503, "unavailable"),
    ],
)
def test_error_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    problem = problem_of(error)

    assert problem is not None
    assert (problem.status, problem.code) == (status, code)
    assert set(problem.body()) == {"type", "title", "status", "code", "detail", "errors"}


def test_fault_of_ours_is_left_to_the_last_handler() -> None:
    assert problem_of(ZeroDivisionError()) is None


def test_refused_move_names_every_reason() -> None:
    reasons = [
        Refusal("form_incomplete", "“%(section)s” is not complete.", {"section": "Party"}, fix="party"),
        Refusal("seal_void", "Seal it again.", fix="sealed_copy"),
    ]

    body = problem_of(errors.MoveRefused(refusals=reasons, label="Submit")).body()  # type: ignore[union-attr]  # known

    assert body["refusals"] == [
        {
            "code": "form_incomplete",
            "message": "“Party” is not complete.",
            "params": {"section": "Party"},
            "fix": "party",
        },
        {"code": "seal_void", "message": "Seal it again.", "params": {}, "fix": "sealed_copy"},
    ]


def test_input_at_fault_is_named() -> None:
    with translation.override("en"):
        body = problem_of(errors.StaleVersion(attr="version", seen=1, current=2)).body()  # type: ignore[union-attr]

    assert body["errors"] == [{"code": "stale_version", "detail": body["detail"], "attr": "version"}]


def test_nested_input_at_fault_is_named_by_its_path() -> None:
    error = drf.ValidationError({"items": [{}, {"id": [drf.ErrorDetail("Bad.", code="invalid")]}]})

    body = problem_of(error).body()  # type: ignore[union-attr]  # known

    assert body["errors"] == [{"code": "invalid", "detail": "Bad.", "attr": "items.1.id"}]


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_speaks_both_languages(code: str) -> None:
    entry = catalogue()[code]

    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts[language] = [str(entry.sentence), str(TITLES[entry.status])]

    assert [bool(CHINESE.search(text)) for text in texts["zh-hans"]] == [True, True]
    assert [bool(CHINESE.search(text)) for text in texts["en"]] == [False, False]


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_keeps_its_places_in_translation(code: str) -> None:
    sentence = catalogue()[code].sentence
    with translation.override("en"):
        original = str(sentence)

    with translation.override("zh-hans"):
        translated = str(sentence)

    assert sorted(re.findall(r"%\(\w+\)s", translated)) == sorted(re.findall(r"%\(\w+\)s", original))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/"),
        ("GET", "/api/v1/"),
        ("GET", "/api/v1/nothing/"),
        ("GET", "/api/v1/me"),
        ("POST", "/api/v1/me"),
        ("GET", "/api/v2/me/"),
        ("GET", "/api/v1/tokens/x/"),
        ("GET", "/api/v1/tokens/99999999999999999999999999/"),
        ("GET", "/api/v1/problems/nothing/"),
        ("GET", "/api/v1/%00/"),
        ("GET", "/api/v1/%ff/"),
        ("GET", "/api/../admin/"),
        ("GET", "/api/v1/tokens/1/"),
    ],
)
def test_unknown_address_is_a_problem_document(person: Person, method: str, path: str) -> None:
    answer = person.program.call(method, path)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert answer.header("Content-Type") == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/me", "/api/"])
def test_unknown_address_is_a_problem_document_for_a_browser_without_a_form_too(path: str) -> None:
    """Not the page that tells of a form without its token: there is nothing here to forge."""
    answer = Client(enforce_csrf_checks=True).post(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "OPTIONS", "TRACE", "PROPFIND"])
def test_method_that_is_not_offered_is_a_problem_document(person: Person, method: str) -> None:
    answer = person.program.call(method, "me/")

    assert (answer.status, answer.body["code"]) == (405, "method_not_allowed")
    assert answer.header("Content-Type") == "application/problem+json"
    assert answer.header("Allow") == "GET, HEAD, PATCH"


@pytest.mark.django_db
def test_wish_for_html_is_answered_in_json(person: Person) -> None:
    answer = person.program.get("me/", Accept="text/html")

    assert (answer.status, answer.header("Content-Type")) == (200, "application/json")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('application/json; charset="UTF-8"', 200),
        ("application/json; charset=gb18030", 415),
        ("application/json; charset=utf-16", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/xml", 415),
        ("x" * 5000, 415),
    ],
)
def test_only_json_in_utf8_is_taken(person: Person, content_type: str, status: int) -> None:
    answer = person.program.patch("me/", {"language": "en"}, content_type=content_type)

    assert answer.status == status


@pytest.mark.django_db
def test_answer_is_kept_by_no_cache_on_the_way(person: Person, anonymous: Program) -> None:
    answers = [person.program.get("me/"), anonymous.get("me/")]

    assert [answer.header("Cache-Control") for answer in answers] == ["private, no-store"] * 2


@pytest.mark.django_db
def test_head_is_a_get_without_its_body(person: Person) -> None:
    answer = person.program.call("HEAD", "me/")

    assert (answer.status, answer.content) == (200, b"")


@pytest.mark.django_db
def test_body_too_large_is_not_read(person: Person, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = person.program.patch("me/", {"language": "x" * 1000})

    assert (answer.status, answer.body["code"]) == (413, "too_large")
    assert "1000" in answer.body["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"language": "required"}),
        ({"language": None}, {"language": "null"}),
        ({"language": ""}, {"language": "blank"}),
        ({"language": {}}, {"language": "invalid"}),
        ({"language": True}, {"language": "invalid"}),
        ({"language": "x" * 11}, {"language": "max_length"}),
        ({"language": "en", "name": "x"}, {"name": "unknown_field"}),
        ({"Language": "en"}, {"Language": "unknown_field", "language": "required"}),
        ({"language": "\0"}, {"language": "bad_character"}),
        (b'{"language": "en", "language": "en"}', {"language": "duplicate_member"}),
        (b'{"language": 1e400}', {"": "not_a_number"}),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_bad_input_is_named_in_both_languages(person: Person, body: Any, named: dict[str, str], language: str) -> None:
    answer = Program(person.secret, language=language).patch("me/", body)

    assert (answer.status, answer.error_codes) == (400, named)
    for error in answer.body["errors"]:
        assert bool(CHINESE.search(error["detail"])) == (language == "zh-hans")


@pytest.mark.django_db
def test_program_without_a_wish_is_answered_in_its_holders_language(person: Person) -> None:
    person.user.language = "en"
    person.user.save()
    program = Program(person.secret)
    del program.headers["Accept-Language"]

    answer = program.patch("me/", {})

    assert answer.header("Content-Language") == "en"
    assert answer.body["title"] == "The request is malformed"


@pytest.mark.django_db
def test_fault_of_ours_shows_no_trace(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "require_patience", lambda *args, **kwargs: 1 / 0)
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})

    response = client.get("/api/v1/me/", headers={"Authorization": f"Token {person.secret}"})

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["X-Request-ID"] in response.json()["detail"]
    assert "ZeroDivisionError" not in response.content.decode()


@pytest.mark.django_db
def test_wrong_host_is_a_problem_document(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["jiayuan.example.com"]

    response = Client(headers={"Host": "elsewhere.example.com"}).get("/api/v1/me/")

    assert (response.status_code, response.json()["code"]) == (400, "malformed")


@pytest.mark.django_db
def test_codes_are_listed_for_everybody(anonymous: Program) -> None:
    answer = anonymous.get("problems/")

    assert [entry["code"] for entry in answer.body] == sorted(catalogue())
    assert {entry["status"] for entry in answer.body} <= set(TITLES)


@pytest.mark.django_db
def test_type_of_a_problem_leads_to_its_explanation(anonymous: Program) -> None:
    problem = anonymous.get("me/").body

    explained = anonymous.get(problem["type"])

    assert explained.body["code"] == problem["code"] == "not_authenticated"
    assert set(explained.body["detail"]) == {"zh-hans", "en"}


def test_codes_of_this_layer_are_not_taken_twice() -> None:
    declared = [kind.code for kind in problems._descendants(DomainError)]

    assert set(declared) & set(problems.SENTENCES) == {"invalid", "not_found"}
