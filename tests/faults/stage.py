"""The product's own processes on a database and a broker of their own, so that each can be killed by its pid."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import redis
from django.conf import settings

from common import embedded
from common.processes import end_with_parent

TEMPLATE = "faults_template"


class Program:
    """A process that leads a group of its own: killed, it takes along what it has started."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.log = settings.VAR / "log" / f"{name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Start the program, for the first time or again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  # before any thread of the test's
            )

    @property
    def is_running(self) -> bool:
        """Tell whether the program has not ended."""
        return self.process.poll() is None

    def children(self) -> list[psutil.Process]:
        """Return the processes that it has started."""
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def kill(self) -> None:
        """Kill the program and all that it has started, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Ask the program to end, and kill what is left of it."""
        if self.is_running:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=8)
        self.kill()

    def words(self) -> str:
        """Return the last of what it has said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


class Broker(Program):
    """A throw-away Valkey on a port of its own."""

    def __init__(self, name: str) -> None:
        self.port = free_port()
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__(name, [str(embedded.VALKEY.executable()), *options], os.environ)
        self.wait()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def wait(self) -> None:
        """Wait until it answers."""
        wait_until(self._answers, within=20)

    def hang(self) -> None:
        """Stop it in the midst of whatever it does: it takes connections and answers none."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with redis.Redis(port=self.port, socket_timeout=1) as client, suppress(redis.RedisError):
            return bool(client.ping())
        return False


@dataclass
class Stage:
    """One database with its broker, what was seeded in it, and the programs that run on them."""

    database_url: str
    broker: Broker
    seeded: dict[str, Any]
    mail_port: int
    web_port: int
    held: ExitStack

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of the programs."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker.url,
            "EMAIL_PORT": str(self.mail_port),
            "VAR": str(settings.VAR),
            "PYTHONUNBUFFERED": "1",
        }

    def web(self) -> Program:
        """Serve as the demo does, with one worker, which is started again when it dies."""
        granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.web_port)]
        life = ["--workers", "1", "--respawn-failed-workers", "--respawn-interval", "0.2"]
        threads = ["--blocking-threads", "4", "--backpressure", "64", "--no-ws", "--log-level", "error"]
        program = self._program("web", [*granian, *life, *threads, "config.wsgi:application"])
        self.wait_for_web(program)
        return program

    def wait_for_web(self, program: Program) -> None:
        """Wait until the web server takes connections."""
        wait_until(lambda: _listens(self.web_port) or not program.is_running, within=30)
        assert program.is_running, program.words()

    def worker(self, *, couriers: int = 1) -> Program:
        """Run a Celery worker with as many child processes as are wanted."""
        options = ["--concurrency", str(couriers), "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        return self._program("worker", ["celery", "--quiet", "--app", "config", "worker", *options])

    def beat(self) -> Program:
        """Run Celery's beat."""
        return self._program("beat", ["celery", "--quiet", "--app", "config", "beat", "--pidfile", ""])

    def ask(self, statement: str, *parameters: Any) -> Any:
        """Return the first column of the first row of a query."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(statement, parameters).fetchone()
        return row[0] if row else None

    def waiting_mails(self) -> int:
        """Return how many events and mails still wait to be seen to."""
        return int(
            self.ask(
                "SELECT (SELECT count(*) FROM workflow_outboxentry) + (SELECT count(*) FROM notifications_delivery"
                " WHERE state NOT IN ('sent', 'dropped'))"
            )
        )

    def judge(self, acknowledged: Sequence[str], mails: Sequence[Mapping[str, Any]] = ()) -> list[str]:
        """Return what the oracle finds wrong, given the events that were answered and the mails that arrived."""
        evidence = json.dumps({"acknowledged": list(acknowledged), "mails": list(mails)})
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.oracle"],
            env=self.environment,
            input=evidence,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout.splitlines()[-1]))

    def _program(self, name: str, module: Sequence[str]) -> Program:
        program = Program(
            f"{urlsplit(self.database_url).path[1:]}-{name}", [sys.executable, "-m", *module], self.environment
        )
        self.held.callback(program.end)
        return program


@contextmanager
def template() -> Iterator[dict[str, Any]]:
    """Migrate and seed a database that every stage is copied from."""
    environment = {**os.environ, "DATABASE_URL": database_url(TEMPLATE), "WORKFLOW_RELAY": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings.demo", "VAR": str(settings.VAR)}
    with database(TEMPLATE, "template0"):
        _run(["manage.py", "migrate", "--verbosity", "0"], environment)
        yield json.loads(_run(["-m", "tests.faults.seed"], environment).splitlines()[-1])


@contextmanager
def stage(name: str, seeded: dict[str, Any], mail_port: int) -> Iterator[Stage]:
    """Set a stage up on a copy of the template, and end whatever ran on it afterwards."""
    with database(name, TEMPLATE) as url, ExitStack() as held:
        broker = Broker(f"{name}-valkey")
        held.callback(broker.kill)
        yield Stage(url, broker, seeded, mail_port, free_port(), held)


@contextmanager
def database(name: str, template_name: str) -> Iterator[str]:
    """Copy a database in the run's cluster and give its address; remove it afterwards."""
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template_name}")
    try:
        yield database_url(name)
    finally:
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
            connection.execute(drop)


def database_url(name: str) -> str:
    """Return the address of a database of the run's cluster."""
    address: str = settings.DATABASE_URL
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def free_port() -> int:
    """Return a loopback port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], Any], *, within: float, every: float = 0.1) -> float:
    """Wait until something holds and return how many seconds it took; fail when it does not in time."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, f"this did not come true within {within} s"
        time.sleep(every)
    return time.monotonic() - began


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=dict(environment), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
