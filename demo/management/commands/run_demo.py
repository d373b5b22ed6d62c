"""Everything on one terminal: services, database, fictional data, web, worker, beat and a mail inbox."""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from common import services
from demo import smtp
from demo.supervisor import Program, Supervisor


class Command(BaseCommand):
    """Prepare the demo's data, run its processes until Ctrl-C, and leave none behind."""

    help = "Run the demo: web, worker, beat and a mail inbox. PORT and VAR can be set in the environment."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demo."""
        if not settings.DEMO:
            raise CommandError("The demo runs with its own settings only: unset DJANGO_SETTINGS_MODULE.")
        if not is_free(settings.PORT):
            raise CommandError(f"Port {settings.PORT} is taken; choose another: make demo PORT={settings.PORT + 1}")
        with sole_demo(settings.VAR), services.running(settings.VAR) as addresses, smtp.listening_socket() as listener:
            environment = os.environ | {
                "DATABASE_URL": addresses.database_url,
                "REDIS_URL": addresses.redis_url,
                "VAR": str(settings.VAR),
                "PORT": str(settings.PORT),
                "EMAIL_PORT": str(publish_mail_port(listener)),
                "DJANGO_SETTINGS_MODULE": "config.settings.demo",
                "PROMETHEUS_MULTIPROC_DIR": str(empty_folder(settings.VAR / "demo" / "metrics")),
                "PYTHONUNBUFFERED": "1",
            }
            self.prepare()
            supervisor = Supervisor(programs(listener), services.ROOT, environment)
            status = supervisor.run(is_ready, lambda: print(welcome(), flush=True))
        sys.exit(status)

    def prepare(self) -> None:
        """Collect the pages' files, bring the database up to date and load what is not loaded yet."""
        call_command(
            "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=settings.NOT_COLLECTED
        )
        call_command("migrate", verbosity=0)
        if "load_demo" in get_commands():
            call_command("load_demo")
        connections.close_all()


@contextmanager
def sole_demo(var: Path) -> Iterator[None]:
    """Make sure that one demo runs in a folder."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    with (var / "run" / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"A demo runs in {var} already; choose another folder: make demo VAR=…") from None
        yield


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def publish_mail_port(listener: socket.socket) -> int:
    """Write the inbox's port where commands in another terminal find it, and return it."""
    port: int = listener.getsockname()[1]
    folder = settings.VAR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "smtp.port").write_text(str(port))
    return port


def empty_folder(folder: Path) -> Path:
    """Make a folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def programs(listener: socket.socket) -> list[Program]:
    """Return the processes of the product, the inbox first: it is the last to be ended."""
    python, mail = sys.executable, str(settings.VAR / "demo" / "mail")
    listening = listener.fileno()
    celery = [python, "-m", "celery", "--quiet", "--app", "config"]
    worker = ["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    granian = [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(settings.PORT)]
    workers = ["--workers", "2", "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    threads = ["--blocking-threads", "4", "--backpressure", "64", "--no-ws", "--log-level", "error"]
    return [
        Program("inbox", [python, "-m", "demo.smtp", str(listening), mail], keep_open=(listening,)),
        Program("web", [*granian, *workers, *threads, "config.wsgi:application"]),
        Program("worker", [*celery, *worker], can_wait=True),
        Program("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], can_wait=True),
    ]


def is_ready() -> bool:
    """Ask the web process whether it can work."""
    with closing(HTTPConnection("127.0.0.1", settings.PORT, timeout=3)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (HTTPException, OSError):
            return False


def welcome() -> str:
    """Return where everything is: the address, the accounts, the mails."""
    accounts = settings.VAR / "demo" / "accounts.json"
    rows = json.loads(accounts.read_text(encoding="utf-8"))["accounts"] if accounts.exists() else []
    return "\n".join(
        [
            "",
            f"  家园 Jiayuan   {settings.SITE_URL}/",
            f"  mails          {settings.SITE_URL}/demo/inbox/   {settings.VAR}/demo/mail/*.eml",
            *(f"  accounts       {accounts}" for _ in rows[:1]),
            *(f"    {row['role']:<20} {row['username']:<24} {row['password']:<20} {row['office']}" for row in rows),
            "  Ctrl-C ends everything.",
            "",
        ]
    )
