"""Bring the file store and the rows in step; the same tick that the beat runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attachments import operations


class Command(BaseCommand):
    help = "Delete stored files that no row knows and report rows whose file is gone."

    def handle(self, *args: Any, **options: Any) -> None:
        sweep = operations.sweep_orphans(at=timezone.now())
        self.stdout.write(f"deleted: {sweep.deleted}")
        self.stdout.write(f"rejected: {len(sweep.rejected)}")
        if sweep.missing:
            raise CommandError("files missing from the store: " + ", ".join(str(pk) for pk in sweep.missing))
