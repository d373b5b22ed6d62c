"""Send mails again that were refused, given up or perhaps lost, on the decision of whoever runs this."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actors import SYSTEM
from common.errors import DomainError
from notifications.operations import relay
from notifications.queries import troubled_deliveries


class Command(BaseCommand):
    help = "Send mails again that did not arrive: those named, or all of a state. They leave with the next relay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=UUID)
        parser.add_argument("--state", choices=["failed", "parked", "unknown"], help="all mails in this state")
        parser.add_argument("--events", action="store_true", help="try parked events again as well")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = list(options["ids"])
        if options["state"]:
            chosen += troubled_deliveries(SYSTEM).filter(state=options["state"]).values_list("pk", flat=True)
        if not chosen and not options["events"]:
            raise CommandError("Name mails, a state, or --events; mail_status lists what did not arrive.")
        now = timezone.now()
        for delivery_id in dict.fromkeys(chosen):
            try:
                relay.send_again(delivery_id=delivery_id, actor=SYSTEM, at=now)
            except DomainError as error:
                raise CommandError(f"{delivery_id}: {error.sentence()}") from error
        freed = relay.unpark_events() if options["events"] else 0
        self.stdout.write(f"{len(dict.fromkeys(chosen))} mails and {freed} events will be tried again")
