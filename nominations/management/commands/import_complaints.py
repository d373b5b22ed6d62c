"""``manage.py import_complaints luan_2023 complaints.xlsx``: try the city's list, and write it with ``--write``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from nominations.models import Campaign
from nominations.operations.complaints import ComplaintImport, LineVerdict, import_complaints
from nominations.rules.spreadsheet import ListUnreadable


class Command(BaseCommand):
    """Import the city's figures of complaints about all managed communities."""

    help = "Import a list of complaints (CSV or XLSX): 小区名称, 户数, 投诉件数. Without --write it is only tried."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("campaign", help="code of the campaign")
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="write the figures, unless a line is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and give a verdict for each line."""
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(_("There is no campaign %(code)s.") % {"code": options["campaign"]})
        path: Path = options["file"]
        try:
            result = import_complaints(
                campaign_id=campaign.pk, content=path.read_bytes(), name=path.name, dry_run=not options["write"]
            )
        except OSError as error:
            params = {"source": path, "reason": error.strerror or type(error).__name__}
            raise CommandError(_("“%(source)s” cannot be read: %(reason)s.") % params) from error
        except ListUnreadable as error:
            raise CommandError("\n".join(reason.sentence() for reason in error.refusals)) from error
        self._tell(result)

    def _tell(self, result: ComplaintImport) -> None:
        for verdict in result.verdicts:
            self.stdout.write(verdict_told(verdict))
        if result.refused:
            raise CommandError(_("%(count)s lines are refused. Nothing was written.") % {"count": len(result.refused)})
        self.stdout.write(summary_told(result))


def verdict_told(verdict: LineVerdict) -> str:
    """Return the verdict on one line in one line."""
    outcomes = {"matched": _("taken"), "not_registered": _("taken; the community is not entered here")}
    reasons = "".join(reason.sentence() for reason in verdict.refusals)
    params = {"line": verdict.line, "path": verdict.name, "sentence": outcomes.get(verdict.outcome, reasons)}
    return _("Line %(line)s %(path)s: %(sentence)s") % params


def summary_told(result: ComplaintImport) -> str:
    """Return the limit of the best five percent, and whether it was written."""
    pattern = _("%(count)s communities; %(within)s are within the limit: %(complaints)s complaints in %(households)s.")
    limit = result.limit or 0
    params = {
        "count": len(result.verdicts),
        "within": result.within,
        "complaints": limit.numerator,
        "households": limit.denominator,
    }
    return pattern % params + " " + (_("Written.") if result.written else _("(a trial: nothing was written)"))
