"""``manage.py load_demo``: the fictional city, once; a second run finds it there and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from demo.population.history import populate
from demo.population.offices import PRESET
from demo.population.people import DemoOnly, issue_accounts, readdress, require_demo, write_accounts
from nominations.models import Campaign


class Command(BaseCommand):
    """Load the demo's data and write its accounts."""

    help = "Load the fictional city of the demo; refused outside the demo's settings."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing, and say where the accounts are."""
        path: Path = settings.VAR / "demo" / "accounts.json"
        try:
            require_demo()
            self.load(path)
        except DemoOnly as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The demo's accounts are in {path}")

    def load(self, path: Path) -> None:
        """Load the city unless it is there; write the accounts unless they are there."""
        at = timezone.now()
        with transaction.atomic():
            is_new = not Campaign.objects.filter(code=PRESET).exists()
            if is_new:
                require_nobody_at_work()
                self.stdout.write("Loading the demo's city; this takes a while, the first time only.")
                populate(at)
            if is_new or not readdress(path, settings.SITE_URL):
                write_accounts(path, issue_accounts(at), settings.SITE_URL)


def require_nobody_at_work() -> None:
    """Raise ``DemoOnly`` when the database is somebody's: accounts with known passwords do not belong there."""
    if Membership.objects.exists():
        raise DemoOnly("People work in this database already; the demo is loaded into an empty one.")
