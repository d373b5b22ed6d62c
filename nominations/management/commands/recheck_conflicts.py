"""Look again for conflicts of interest in every evaluation that is open."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nominations.operations.conflict import recheck


class Command(BaseCommand):
    help = "End every assignment that a conflict of interest now forbids, and tell its evaluator and the city."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = recheck(at=timezone.now())
        self.stdout.write(f"{len(ended)} assignments ended")
