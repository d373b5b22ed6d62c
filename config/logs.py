"""One line per event on standard output: for people in the demo, as JSON in production."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

NEVER = {"password", "token", "secret", "authorization", "cookie", "csrfmiddlewaretoken"}
# Each tick of the schedule would be a line; what a task has to say, it says itself.
CHATTY = ("celery.app.trace", "celery.beat", "celery.worker.strategy", "pikepdf")


def to_standard_output(*, as_json: bool, level: str) -> dict[str, Any]:
    """Set up structlog, and return Django's LOGGING for what the libraries say, so that all lines look the same."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        leave_secrets_out,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "processors": last_steps(as_json), "foreign_pre_chain": shared}},
        "handlers": {"output": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
        "root": {"handlers": ["output"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},
            # Refusals are ordinary, and their paths may hold one-time codes; the access log names routes.
            "django.request": {"level": "ERROR"},
            # Anybody can send any name, and the access log has the 400.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            **{name: {"level": "WARNING"} for name in CHATTY},
        },
    }


def leave_secrets_out(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what must never be logged, whoever tries."""
    for key in NEVER & event.keys():
        del event[key]
    return event


def last_steps(as_json: bool) -> list[Processor]:
    """Return how an event becomes a line; an exception is told without the values of its variables."""
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if not as_json:
        # Without the values of local variables: a token or a telephone number must not reach a log.
        return [strip, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    trace = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    return [strip, trace, structlog.processors.JSONRenderer(ensure_ascii=False)]
