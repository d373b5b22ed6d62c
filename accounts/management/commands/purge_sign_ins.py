"""Forget the attempts to sign in that have been kept for long enough."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations import purge_sign_ins


class Command(BaseCommand):
    help = "Forget the attempts to sign in that are older than the 180 days for which they must be kept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_sign_ins(at=timezone.now())} attempts to sign in forgotten")
