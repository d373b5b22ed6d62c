"""Relays in processes of their own, on the database of the test, to be stopped or killed by their number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """Return the environment in which a process works on this test's database and sends to this test's sink."""
    address = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "DATABASE_URL": address.geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_PORT": str(settings.EMAIL_PORT),
        "PYTHONPATH": str(settings.ROOT),
    }


@contextmanager
def relaying(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``relay_outbox`` for the time of the block; whoever is still there at its end is killed."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "relay_outbox", *arguments],
        cwd=settings.ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def wait_for_end(process: subprocess.Popen[str], *, within: float = 30.0) -> str:
    """Return what the process printed, once it has ended by itself."""
    output, _nothing = process.communicate(timeout=within)
    return output
