"""Inspect what waits in quarantine; the same tick that the beat runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from attachments import operations


class Command(BaseCommand):
    help = "Inspect the uploads that wait in quarantine and print how many came to which state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=operations.BATCH, help="at most so many files")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = operations.inspect_quarantined(at=timezone.now(), limit=options["limit"])
        for state, number in sorted(outcome.items()):
            self.stdout.write(f"{state}: {number}")
        self.stdout.write(f"inspected: {outcome.total()}")
