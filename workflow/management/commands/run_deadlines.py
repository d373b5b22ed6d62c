"""See to the deadlines that are due: once, or for as long as the command runs."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from workflow.sweeping import sweep

EVERY_SECONDS = 30.0


class Command(BaseCommand):
    help = "See to every deadline that is due; with --forever every 30 seconds, until INT or TERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS, metavar="SECONDS", help="pause")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["forever"]:
            self.stdout.write(said(sweep(at=timezone.now())))
            return
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        sweep_until(stopped, every=options["every"], say=self.stdout.write, complain=self.stderr.write)


def sweep_until(stopped: Event, *, every: float, say: Callable[[str], Any], complain: Callable[[str], Any]) -> None:
    """Sweep every so many seconds until stopped, also across times in which the database is away."""
    while not stopped.is_set():
        try:
            say(said(sweep(at=timezone.now())))
        except (InterfaceError, OperationalError) as error:
            complain(str(error))
        stopped.wait(every)
        close_old_connections()


def said(settled: int) -> str:
    """Return the line that tells of one round."""
    return f"{settled} deadlines settled"
