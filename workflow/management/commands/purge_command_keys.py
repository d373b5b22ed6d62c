"""Forget the idempotency keys that have been kept for long enough."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflow.idempotency import purge


class Command(BaseCommand):
    help = "Forget the idempotency keys that are older than COMMAND_KEYS_KEPT_DAYS; what was done stays done."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge(at=timezone.now())} command keys forgotten")
