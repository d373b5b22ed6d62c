"""``manage.py explain_rank luan_2023 JA-2023-001``: why a community stands where it stands in the frozen ranking."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from nominations.management.rankings import frozen_ranking
from nominations.queries.ranking_explained import Explained, explain


class Command(BaseCommand):
    """Tell every figure that placed a community."""

    help = "Explain the rank of one community: per sheet, group, panel, total, tie-break, and its neighbors."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("campaign", help="code of the campaign")
        parser.add_argument("number", help="number of the nomination, such as JA-2023-001")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the explanation."""
        explained = explain(frozen_ranking(options["campaign"]), number=options["number"])
        if explained is None:
            raise CommandError(_("The nomination %(number)s is not in the ranking.") % {"number": options["number"]})
        self._tell(explained)

    def _tell(self, explained: Explained) -> None:
        row = explained.row
        self.stdout.write(f"{row['number']} {row['community']} ({row['district']})")
        self._tell_items(explained)
        for line in explained.arithmetic:
            self.stdout.write(line)
        self.stdout.write(_("Digest of the ranking: %(digest)s") % {"digest": explained.ranking.digest})

    def _tell_items(self, explained: Explained) -> None:
        """Write the points of every item, one column per sheet, in the order of the sheets."""
        codes = [sheet["evaluator"] for sheet in explained.row["sheets"]]
        self.stdout.write("\t".join([_("Item"), *codes]))
        for lines in zip(*(filled.lines for filled in explained.sheets), strict=True):
            points = [
                _("n/a") if line.mark is None or line.mark.points is None else f"{line.mark.points:f}" for line in lines
            ]
            self.stdout.write("\t".join([lines[0].leaf.code, *points]))
