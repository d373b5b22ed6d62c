"""Show how the mail stands: figures, what did not arrive and why, events that could not be relayed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actors import SYSTEM
from notifications.queries import mail_figures, parked_events, troubled_deliveries


class Command(BaseCommand):
    help = "Show how many mails are in which state, and list those that did not arrive; exit status 1 if there are any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="how many mails are listed at most")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = mail_figures()
        self.stdout.write("  ".join(f"{name}={count}" for name, count in figures.items()))
        troubled = troubled_deliveries(SYSTEM)
        for mail in troubled[: options["limit"]]:
            answer = f"{mail.smtp_code or '---'} {mail.last_error}".strip()
            self.stdout.write(f"{mail.pk}  {mail.state:8}  {_masked(mail.address)}  {mail.topic}  {answer}")
        for entry in parked_events():
            self.stdout.write(f"{entry.event_id}  event    {entry.attempts} attempts  {entry.last_error}")
        if troubled.exists() or figures["outbox_parked"]:
            raise SystemExit(1)


def _masked(address: str) -> str:
    """Return the first letter and the domain; who it is stands in the product, not on a terminal."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"
