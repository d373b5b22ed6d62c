"""Enter the public holidays of some years into the working calendar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from workflow.operations import seed_calendar

FIRST_YEAR, LAST_YEAR = 2001, 2099


class Command(BaseCommand):
    help = "Enter public holidays, and weekend days worked instead, into the working calendar; twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, help="default: last year to the year after next")

    def handle(self, *args: Any, **options: Any) -> None:
        this_year = timezone.localdate().year
        years = options["years"] or range(this_year - 1, this_year + 3)
        for year in years:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                self.stderr.write(f"{year}: only years from {FIRST_YEAR} to {LAST_YEAR} are known")
                raise SystemExit(1)
        for kept in seed_calendar(years=years):
            self.stdout.write(f"{kept.year}: {'announced' if kept.is_announced else 'not announced yet, an estimate'}")
