"""What the log says, and what it never says."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from pytest_django import Settings
from structlog.testing import capture_logs

from common import services
from common.request_id import RequestIdMiddleware, request_id_of
from config.access_log import AccessLogMiddleware, client_of

SCRIPT = """
import logging, logging.config, structlog
from config import logs

logging.config.dictConfig(logs.to_standard_output(as_json=True, level="INFO"))
with structlog.contextvars.bound_contextvars(request_id="abc"):
    structlog.get_logger("ours").info("moved", name="submit", password="hunter2", token="t")
    logging.getLogger("theirs").warning("slow %s", "query")
    try:
        local_secret = "hunter2"
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("ours").exception("broken")
    structlog.get_logger("ours").debug("not this")
    logging.getLogger("celery.beat").info("nor this")
"""


def log_lines() -> list[dict[str, Any]]:
    """Run the script in a process of its own, for logging is set up once per process."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=services.ROOT, check=True, capture_output=True, text=True)
    assert "hunter2" not in done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ours_and_theirs_come_as_json_with_the_request_id() -> None:
    moved, slow, broken = log_lines()

    for line in (moved, slow, broken):
        assert line.pop("timestamp")
    exception = broken.pop("exception")
    assert moved == {"event": "moved", "name": "submit", "request_id": "abc", "logger": "ours", "level": "info"}
    assert slow == {"event": "slow query", "request_id": "abc", "logger": "theirs", "level": "warning"}
    assert broken == {"event": "broken", "request_id": "abc", "logger": "ours", "level": "error"}
    assert (exception[0]["exc_type"], exception[0]["exc_value"]) == ("ValueError", "no")


def answer(request: HttpRequest) -> HttpResponse:
    request.resolver_match = resolve(request.path_info)
    return HttpResponse(status=204)


def test_access_log_names_the_route_and_not_the_query(rf: RequestFactory) -> None:
    request = rf.get("/demo/inbox/20230731T160000.eml/", {"before": "secret"}, REMOTE_ADDR="10.0.0.7")
    request.user = AnonymousUser()

    with capture_logs() as lines:
        AccessLogMiddleware(answer)(request)

    assert lines[0].pop("milliseconds") >= 0
    assert lines == [
        {
            "event": "request",
            "log_level": "info",
            "method": "GET",
            "route": "demo/inbox/(?P<name>[0-9A-Za-z][0-9A-Za-z.-]*\\.eml)/$",
            "name": "20230731T160000.eml",
            "status": 204,
            "user": "",
            "client": "10.0.0.7",
        }
    ]


def test_access_log_keeps_the_secret_of_a_calendar_out(rf: RequestFactory) -> None:
    request = rf.get("/api/v1/calendars/Zm9yIG5vYm9keQ/visits.ics")
    request.user = AnonymousUser()

    with capture_logs() as lines:
        AccessLogMiddleware(answer)(request)

    assert "Zm9yIG5vYm9keQ" not in str(lines[0])
    assert "calendars" in lines[0]["route"]


def test_access_log_leaves_monitors_out(rf: RequestFactory) -> None:
    with capture_logs() as lines:
        AccessLogMiddleware(answer)(rf.get("/healthz"))

    assert lines == []


@pytest.mark.parametrize(
    ("proxies", "passed_on", "client"),
    [
        (0, "1.1.1.1", "10.0.0.7"),
        (1, "", "10.0.0.7"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
    ],
)
def test_the_client_is_whom_the_outermost_trusted_proxy_saw(
    rf: RequestFactory, settings: Settings, proxies: int, passed_on: str, client: str
) -> None:
    settings.NUM_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.7", headers={"X-Forwarded-For": passed_on})

    assert client_of(request) == client


@pytest.mark.parametrize(
    ("given", "is_kept"), [("3f2a9c1d-77", True), ("short", False), ("a b c d e f g h", False), ("x" * 65, False)]
)
def test_a_sound_request_id_is_kept_and_any_other_replaced(rf: RequestFactory, given: str, is_kept: bool) -> None:
    request = rf.get("/", headers={"X-Request-ID": given})

    response = RequestIdMiddleware(lambda request: HttpResponse())(request)

    assert (response["X-Request-ID"] == given) is is_kept
    assert request_id_of(request) == response["X-Request-ID"]
