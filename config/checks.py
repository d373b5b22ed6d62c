"""Every wait must have an end: a system check, and a refusal to start."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

TAG = "timeouts"
HINT = "Set it in config/settings; without an end to every wait one slow neighbor stops the whole house."


@register(TAG)
def every_wait_has_an_end(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each wait that could last for ever: database, broker, cache, mail server."""
    return [
        Error(f"There is no time-out: {name}.", hint=HINT, id=f"config.E{number:03}")
        for number, (name, value) in enumerate(waits().items(), start=1)
        if not value
    ]


def waits() -> dict[str, float]:
    """Return the time-outs in force by name, in their own units; 0 where there is none."""
    database = settings.DATABASES["default"].get("OPTIONS", {})
    server = dict(re.findall(r"(\w+_timeout)=(\d+)", database.get("options", "")))
    cache = settings.CACHES["default"].get("OPTIONS", {})
    broker: dict[str, Any] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    named = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    socket = ("socket_timeout", "socket_connect_timeout")
    return {
        "database connect_timeout": float(database.get("connect_timeout", 0)),
        **{f"database {name}": float(server.get(name, 0)) for name in named},
        **{f"cache {name}": float(cache.get(name, 0)) for name in socket},
        **{f"broker {name}": float(broker.get(name, 0)) for name in socket},
        "task CELERY_TASK_TIME_LIMIT": float(settings.CELERY_TASK_TIME_LIMIT or 0),
        "mail EMAIL_TIMEOUT": float(settings.EMAIL_TIMEOUT or 0),
    }
