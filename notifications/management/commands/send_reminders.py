"""Write the reminders of deadlines that are due now; their mails leave with the next relay."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications.operations.reminders import remind


class Command(BaseCommand):
    help = "Write the reminders of deadlines that are due now; repeating it reminds nobody twice."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind(at=timezone.now())} reminders written")
