"""See to the deadlines that are due: once, or for as long as the command runs."""

from __future__ import annotations

import signal
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
        stopped = Event()
        if options["forever"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopped.set())
        self._round()
        while options["forever"] and not stopped.wait(options["every"]):
            close_old_connections()
            try:
                self._round()
            except (InterfaceError, OperationalError) as error:  # the database will be back
                self.stderr.write(str(error))

    def _round(self) -> None:
        self.stdout.write(f"{sweep(at=timezone.now())} deadlines settled")
