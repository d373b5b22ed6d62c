"""What monitors ask: is it alive, can it work, what waits."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from config import health
from workflow.models import Heartbeat

AT = datetime(2023, 7, 31, 16, 0, tzinfo=UTC)


def test_healthz_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")  # without the database mark: any query would fail

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ok_when_everything_answers(client: Client) -> None:
    Heartbeat.objects.create(name="run_deadlines", at=timezone.now())

    answer = client.get("/readyz")

    found = answer.json()
    assert answer.status_code == 200
    assert found["checks"]["duties"].pop("seconds") < 60
    assert found == {
        "status": "ok",
        "checks": {
            "database": {"status": "ok"},
            "migrations": {"status": "ok"},
            "broker": {"status": "ok"},
            "duties": {"status": "ok", "name": "run_deadlines"},
        },
    }


@pytest.mark.django_db
def test_readyz_stays_ready_without_a_broker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    Heartbeat.objects.create(name="run_deadlines", at=timezone.now())

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["broker"] == {"status": "down"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(minutes=5), "ok"), (timedelta(minutes=5, seconds=1), "stale"), (None, "never")]
)
def test_the_longest_neglected_duty_is_named(age: timedelta | None, status: str) -> None:
    Heartbeat.objects.all().delete()
    if age:
        Heartbeat.objects.create(name="relay_outbox", at=AT)
        Heartbeat.objects.create(name="run_deadlines", at=AT - age)

    found = health.oldest_duty(AT)

    named = {"name": "run_deadlines", "seconds": int(age.total_seconds())} if age else {}
    assert found == {"status": status} | named


@pytest.mark.django_db
def test_readyz_is_down_without_the_database(client: Client, settings: Settings) -> None:
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "there_is_no_such_database"
    connection.close()

    answer = client.get("/readyz")

    connection.settings_dict["NAME"] = name
    connection.close()
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"status": "down"}
    assert "there_is_no_such_database" not in answer.content.decode()


@pytest.mark.django_db
def test_readyz_is_down_while_migrations_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health._migrated.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'workflow'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == {"status": "down"}


@pytest.mark.django_db
def test_metrics_count_requests_by_route_and_what_waits(client: Client) -> None:
    client.get("/healthz")

    answer = client.get("/metrics")

    families = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    counted = {tuple(sample.labels.values()) for sample in families["jiayuan_requests"].samples}
    assert ("GET", "healthz", "200") in counted
    assert families["jiayuan_outbox_waiting"].samples[0].value == 0
    assert families["jiayuan_deadlines_waiting"].samples[0].value == 0
    assert families["jiayuan_mails_troubled"].samples[0].value == 0


@pytest.mark.django_db
def test_metrics_know_no_paths(client: Client) -> None:
    client.get("/no/such/page/8d0b1f0a-0000-4000-8000-000000000000/")

    text = client.get("/metrics").content.decode()

    assert re.search("8d0b1f0a", text) is None


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("10.1.3.3", {}, 404),
        ("2001:db8::1", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
    ],
)
@pytest.mark.django_db
def test_metrics_are_for_the_addresses_on_the_list(
    client: Client, settings: Settings, address: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS_ALLOW = ["127.0.0.1", "10.1.2.0/24"]

    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status
