"""``manage.py export_ranking luan_2023 ranking.csv``: all that enters the frozen ranking, for a second opinion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from nominations.management.rankings import frozen_ranking
from nominations.queries.ranking_export import csv_of


class Command(BaseCommand):
    """Write the table that ``docs/recompute_ranking.py`` reads."""

    help = "Export rules, figures, every mark and the results of the frozen ranking as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("campaign", help="code of the campaign")
        parser.add_argument("file", type=Path, nargs="?", help="where to write; without it, to the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the table."""
        lines = csv_of(frozen_ranking(options["campaign"]))
        path: Path | None = options["file"]
        if path is None:
            self.stdout.writelines(lines)
            return
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
