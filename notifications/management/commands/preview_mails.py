"""Write every mail that can ever be sent, with made-up names, so that somebody can read and look at them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from notifications.letters import letter_for
from notifications.rendering import render_html, render_text
from notifications.samples import all_notices

OUTCOMES = (("栖云雅苑", "shortlist"), ("听松苑", "reserve"), ("望山新村", "pass_over"))


class Command(BaseCommand):
    help = "Write every mail, as HTML and as text, in every language, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        count = 0
        for language, _name in settings.LANGUAGES:
            for name, notice in all_notices(at=timezone.now(), language=language):
                letter = letter_for(notice, outcomes=OUTCOMES, working_days=5)
                path = folder / f"{name}.{language}"
                path.with_name(f"{path.name}.html").write_text(render_html(letter), encoding="utf-8")
                path.with_name(f"{path.name}.txt").write_text(
                    f"{letter.subject}\n\n{render_text(letter)}", encoding="utf-8"
                )
                count += 1
        self.stdout.write(f"{count} mails in {folder}")
