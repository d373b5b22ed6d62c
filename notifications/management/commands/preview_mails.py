"""Write every mail that can ever be sent, with made-up names, so that somebody can read and look at them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from common.instants import last_day, local_date
from notifications.letters import letter_for
from notifications.models import Notice
from notifications.rendering import render_html, render_text
from notifications.samples import all_notices
from workflow.calendar import Calendar

WEEKDAYS = Calendar(exceptions={}, announced=frozenset())
OUTCOMES = (("栖云雅苑", "shortlist"), ("听松苑", "reserve"), ("望山新村", "pass_over"))


class Command(BaseCommand):
    help = "Write every mail, as HTML and as text, in every language, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        count, at = 0, timezone.now()
        for language, _name in settings.LANGUAGES:
            for name, notice in all_notices(at=at, language=language):
                letter = letter_for(notice, outcomes=OUTCOMES, working_days=working_days(notice, at))
                path = folder / f"{name}.{language}"
                path.with_name(f"{path.name}.html").write_text(render_html(letter), encoding="utf-8")
                path.with_name(f"{path.name}.txt").write_text(
                    f"{letter.subject}\n\n{render_text(letter)}", encoding="utf-8"
                )
                count += 1
        self.stdout.write(f"{count} mails in {folder}")


def working_days(notice: Notice, at: datetime) -> int:
    """Return what is left until the notice's date, as if there were no holidays."""
    return WEEKDAYS.working_days_between(local_date(at), last_day(datetime.fromisoformat(notice.params["due"])))
