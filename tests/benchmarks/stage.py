"""Servers to measure: ours and the references', alike in everything but the code, on databases of one cluster."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server with its one worker."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has used so far, workers included."""
        root = psutil.Process(self.process.pid)
        times = [each.cpu_times() for each in [root, *root.children(recursive=True)]]
        return float(sum(spent.user + spent.system for spent in times))


@contextmanager
def database(name: str) -> Iterator[str]:
    """Make an empty database in the run's cluster and give its address; remove it afterwards."""
    address = urlsplit(settings.DATABASE_URL)
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield address._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def product_environment(database_url: str) -> dict[str, str]:
    """Return the environment of our own processes on ``database_url``."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "DATABASE_URL": database_url,
        "REDIS_URL": settings.REDIS_URL,
        "VAR": str(settings.VAR),
    }


def call(arguments: list[str], environment: Mapping[str, str]) -> str:
    """Run a Python command to its end and return what it printed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=dict(environment), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def seeded(database_url: str, *, live: int, filler: int = 0, districts: int = 64) -> list[dict[str, Any]]:
    """Migrate and fill a product database; return its districts with tokens and ids."""
    environment = product_environment(database_url)
    call(["manage.py", "migrate", "--verbosity", "0"], environment)
    printed = call(["-m", "tests.benchmarks.seed", str(live), str(filler), str(districts)], environment)
    return list(json.loads(printed.splitlines()[-1]))


@contextmanager
def serving(application: str, environment: Mapping[str, str], *, workers: int = 1) -> Iterator[Server]:
    """Serve ``application`` on loopback for the time of the block."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "error", application]
    process = subprocess.Popen(command, env=dict(environment), start_new_session=True)
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")
