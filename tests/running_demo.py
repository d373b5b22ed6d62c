"""The demo's own processes, started as a newcomer starts them: web, worker, beat, PostgreSQL, Valkey, mail inbox."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from common.services import ROOT
from tests.e2e.desk import Desk, Inbox

# What another run or the tests themselves have set must not reach the demo: it stands on its own feet.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_PORT", "SITE_URL", "SECRET_KEY")


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    var: Path
    address: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    desks: list[Desk] = field(default_factory=list)

    def desk(self, username: str, language: str = "zh-Hans") -> Desk:
        """Return the desk of one of the printed accounts."""
        listed = json.loads((self.var / "demo" / "accounts.json").read_text(encoding="utf-8"))
        [account] = [row for row in listed["accounts"] if row["username"] == username]
        return self.seat(username, account["token"], language)

    def seat(self, username: str, token: str, language: str = "zh-Hans") -> Desk:
        """Return a desk for a token; it is cleared when the demo ends."""
        self.desks.append(Desk(self.address, username, token, language))
        return self.desks[-1]

    @property
    def inbox(self) -> Inbox:
        """Return the mails that have arrived."""
        return Inbox(self.var / "demo" / "mail")

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the demo and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    # Not among pytest's own folders: another run of it takes them away from PostgreSQL, which is not root where we are.
    with TemporaryDirectory(prefix="jiayuan-demo-", ignore_cleanup_errors=True) as folder:
        yield from _running_in(Path(folder))


def _running_in(var: Path) -> Iterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment |= {"VAR": str(var), "PORT": str(port)}
    with (var / "demo.log").open("wb") as log:
        command = [sys.executable, "manage.py", "run_demo"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    running = Demo(var, f"http://127.0.0.1:{port}", process, environment)
    try:
        _wait_until_ready(running)
        yield running
    finally:
        for desk in running.desks:
            desk.client.close()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_until_ready(running: Demo) -> None:
    log = running.var / "demo.log"
    until = time.monotonic() + 480  # two may start at once, on a busy machine
    while time.monotonic() < until:
        said = log.read_text(encoding="utf-8", errors="replace")
        if "Ctrl-C" in said:
            return
        assert running.process.poll() is None, said
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
