"""What a monitor may count: requests as they pass, and what waits in the database at the moment of asking.

With several web processes set `PROMETHEUS_MULTIPROC_DIR` to an empty folder, and any of them answers for all.
"""

import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from notifications.models import TROUBLED, WAITING, Delivery
from workflow.models import Deadline, Heartbeat, OutboxEntry

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Counter("jiayuan_requests", "Requests answered", ["method", "route", "status"])
DURATION = Histogram("jiayuan_request_seconds", "Time from request to answer", ["route"], buckets=SECONDS)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MetricsMiddleware:
    """Count every request under its route, never under its path: paths carry ids and have no end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started_at = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "unknown"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        DURATION.labels(route).observe(time.perf_counter() - started_at)
        return response


class Waiting(Collector):
    """What waits, and since when the periodic duties have been neglected."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """Count in the database; every count has a partial index of its own."""
        entries = OutboxEntry.objects.all()
        yield gauge("jiayuan_outbox_waiting", "Events not relayed yet", entries.filter(parked_at=None).count())
        yield gauge("jiayuan_outbox_parked", "Events given up", entries.exclude(parked_at=None).count())
        overdue = Deadline.objects.filter(settled_at=None, next_try_at__lt=self.at)
        yield gauge("jiayuan_deadlines_waiting", "Deadlines due and not settled", overdue.count())
        deliveries = Delivery.objects.all()
        yield gauge("jiayuan_mails_waiting", "Mails to be sent", deliveries.filter(state__in=WAITING).count())
        yield gauge("jiayuan_mails_troubled", "Mails to look after", deliveries.filter(state__in=TROUBLED).count())
        ages = GaugeMetricFamily("jiayuan_duty_age_seconds", "Since a duty was last seen to", labels=["duty"])
        for heartbeat in Heartbeat.objects.all():
            ages.add_metric([heartbeat.name], (self.at - heartbeat.at).total_seconds())
        yield ages


def gauge(name: str, text: str, value: int) -> Metric:
    """Return one figure without labels."""
    return GaugeMetricFamily(name, text, value=value)


def render(at: datetime) -> bytes:
    """Return everything in the text format of Prometheus."""
    waiting = CollectorRegistry()
    waiting.register(Waiting(at))
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the package has no types here
    return generate_latest(counted) + generate_latest(waiting)


def may_read(request: HttpRequest) -> bool:
    """Tell whether the caller's own address is allowed; what a proxy passes on from outside is not."""
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        caller = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(allowed) for allowed in settings.METRICS_ALLOW)
