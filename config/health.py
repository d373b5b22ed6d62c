"""Whether this process lives, whether it can work, and what a monitor may count: outside `/api`, without a sign-in."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from config import metrics
from workflow.models import Heartbeat

Finding = dict[str, str | int]
OK: Finding = {"status": "ok"}
DOWN: Finding = {"status": "down"}
STALE_AFTER = timedelta(minutes=5)

_migrated = threading.Event()  # a process that has seen its migrations applied need not look again


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse(OK)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served, and what limps.

    200 `ok`; 200 `degraded`: without broker or sweeper people go on working, and what waits is made up for; 503 `down`.
    """
    database = look(database_answers)
    checks = {
        "database": database,
        "migrations": look(migrations_applied) if database == OK else DOWN,
        "broker": look(broker_answers),
        "duties": look(lambda: oldest_duty(timezone.now())) if database == OK else DOWN,
    }
    is_down = DOWN in (checks["database"], checks["migrations"])
    status = "down" if is_down else "ok" if all(found["status"] == "ok" for found in checks.values()) else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=503 if is_down else 200)


@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Show the counters to the addresses of `METRICS_ALLOW`; nobody else learns that there are any."""
    if not metrics.may_read(request):
        return HttpResponseNotFound()
    return HttpResponse(metrics.render(timezone.now()), content_type=CONTENT_TYPE_LATEST)


def look(check: Callable[[], Finding]) -> Finding:
    """Return what a check finds; why something does not answer is for the log, not for the public."""
    try:
        return check()
    except (DatabaseError, redis.RedisError):
        return DOWN


def database_answers() -> Finding:
    """Ask the database for anything at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations_applied() -> Finding:
    """Compare the migrations of this code with those of the database."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return DOWN
        _migrated.set()
    return OK


def broker_answers() -> Finding:
    """Ask the broker for anything at all, with little patience."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()
    return OK


def oldest_duty(at: datetime) -> Finding:
    """Tell how long ago the periodic duty that was longest neglected (the deadline sweeper, say) was seen to."""
    heartbeat = Heartbeat.objects.order_by("at").first()
    if heartbeat is None:
        return {"status": "never"}
    age = at - heartbeat.at
    return {
        "status": "stale" if age > STALE_AFTER else "ok",
        "name": heartbeat.name,
        "seconds": int(age.total_seconds()),
    }


urlpatterns = [path("healthz", healthz), path("readyz", readyz), path("metrics", show_metrics)]
