"""Draw the flows from their declarations, as SVG or Mermaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from workflow.declaration import Flow, all_flows
from workflow.diagrams import mermaid_of, svg_of

DRAWERS = {"svg": (svg_of, "svg"), "mermaid": (mermaid_of, "mmd")}


class Command(BaseCommand):
    help = "Draw flows as SVG or Mermaid, into a folder or to the standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("flows", nargs="*", metavar="FLOW", help="default: all of them")
        parser.add_argument("--format", choices=list(DRAWERS), default="svg")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="zh-hans")
        parser.add_argument("--current", default="", metavar="STATE", help="the state to be lit")
        parser.add_argument("--folder", type=Path, help="where to write FLOW.LANGUAGE.svg")

    def handle(self, *args: Any, **options: Any) -> None:
        drawer, suffix = DRAWERS[options["format"]]
        for flow in self._wanted(options["flows"]):
            if options["current"] and options["current"] not in flow.labels:
                raise CommandError(f"{flow.name} has no state “{options['current']}”: {', '.join(flow.states)}")
            with translation.override(options["language"]):
                picture = drawer(flow, options["current"])
            self._give(picture, options["folder"], f"{flow.name}.{options['language']}.{suffix}")

    def _wanted(self, names: list[str]) -> list[Flow]:
        flows = {flow.name: flow for flow in all_flows()}
        unknown = [name for name in names if name not in flows]
        if unknown:
            raise CommandError(f"no flow is called {', '.join(unknown)}; there are: {', '.join(flows)}")
        return [flows[name] for name in names or flows]

    def _give(self, picture: str, folder: Path | None, name: str) -> None:
        if folder is None:
            self.stdout.write(picture)
            return
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(picture, encoding="utf-8")
