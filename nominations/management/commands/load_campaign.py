"""``manage.py load_campaign luan_2023``: make a campaign out of a file, or say line by line why not."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from nominations.operations.campaign import Loaded, PresetInvalid, load_campaign
from nominations.presets import preset_content, preset_names

FIGURES_WANTED = gettext_lazy(
    "Next, the complaints of the whole city: manage.py import_complaints %(code)s FILE --write. Until then every "
    "recommendation needs a reason."
)


class Command(BaseCommand):
    """Load a campaign from a preset that comes along, or from a file."""

    help = "Load a campaign from a preset or a YAML file; loading the same one twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("source", help=f"a file, or one of: {', '.join(preset_names())}")
        parser.add_argument("--shift-to", type=day, metavar="DATE", help="move the calendar: applications open then")
        parser.add_argument("--code", default="", help="load under another code, beside the campaign of the file's own")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what became of it."""
        content = content_of(options["source"])
        try:
            loaded = load_campaign(
                source=content,
                at=timezone.now(),
                **{name: options[name] for name in ("shift_to", "code", "dry_run")},
            )
        except PresetInvalid as error:
            raise CommandError(faults_told(error)) from error
        except DomainError as error:
            raise CommandError(error.sentence()) from error
        self.stdout.write(told(loaded, dry_run=options["dry_run"]))
        if loaded.outcome == "created" and loaded.preset.needs_city_figures:
            self.stdout.write(FIGURES_WANTED % {"code": loaded.preset.code})


def day(text: str) -> date:
    """Return the date in ``text``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("This is not a date of the form 2023-07-31.")) from error


def content_of(source: str) -> bytes:
    """Return the bytes of a preset by its name, or of a file by its path."""
    if source in preset_names():
        return preset_content(source)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(
            _("“%(source)s” cannot be read: %(reason)s.") % {"source": source, "reason": reason}
        ) from error


def faults_told(error: PresetInvalid) -> str:
    """Return every fault on a line of its own, ordered by the lines of the file."""
    pattern = _("Line %(line)s %(path)s: %(sentence)s")
    faults = [
        pattern % {"line": fault.line, "path": fault.path, "sentence": refusal.sentence()}
        for fault, refusal in zip(error.faults, error.refusals, strict=True)
    ]
    return "\n".join([error.sentence(), *faults])


def told(loaded: Loaded, *, dry_run: bool) -> str:
    """Return what became of the load in one line."""
    outcomes = {
        "created": _("The campaign %(code)s is loaded: applications from %(opens)s to %(closes)s."),
        "updated": _("The campaign %(code)s is changed: applications from %(opens)s to %(closes)s."),
        "unchanged": _("The campaign %(code)s is there just so; nothing was changed."),
    }
    calendar = loaded.preset.calendar
    params = {"code": loaded.preset.code, "opens": calendar.application_opens, "closes": calendar.application}
    return outcomes[loaded.outcome] % params + (" " + _("(a trial: nothing was written)") if dry_run else "")
