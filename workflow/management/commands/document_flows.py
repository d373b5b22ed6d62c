"""Write the reference page of the flows with its pictures, or check that it is up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from workflow.declaration import all_flows
from workflow.diagrams import svg_of
from workflow.reference import LANGUAGES, reference_page


class Command(BaseCommand):
    help = "Write docs/reference/flows.md and its pictures from the declarations; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, exit with status 1 when stale")
        parser.add_argument("--folder", type=Path, default=settings.ROOT / "docs" / "reference")

    def handle(self, *args: Any, **options: Any) -> None:
        files = pages()
        stale = [name for name, text in files.items() if not _says(options["folder"] / name, text)]
        if not options["check"]:
            for name in stale:
                path = options["folder"] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(files[name], encoding="utf-8")
        elif stale:
            self.stderr.write(f"stale: {', '.join(stale)}; run manage.py document_flows")
            raise SystemExit(1)
        self.stdout.write(f"{len(files)} files, {len(stale)} written")


def pages() -> dict[str, str]:
    """Return the page and its pictures, by file name."""
    files = {"flows.md": reference_page()}
    for flow in all_flows():
        for language in LANGUAGES:
            with translation.override(language):
                files[f"flows/{flow.name}.{language}.svg"] = svg_of(flow)
    return files


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
