"""Sending a command twice without its happening twice: the key, and the answer that it was given.

The engine keeps the key of a move in the statement that writes the move. Any other command claims its key before it
does anything, in the transaction in which it does everything: whoever comes with the same key waits for that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from common.digest import sha256_hex
from workflow.errors import KeyReused
from workflow.models import CommandKey, Event
from workflow.plain import plain

if TYPE_CHECKING:
    from workflow.moves import Actor

BATCH = 5000
_CLAIM = """
INSERT INTO workflow_commandkey (owner, key, request_digest, events, created_at) VALUES (%s, %s, %s, '{}', %s)
ON CONFLICT (owner, key) DO NOTHING
"""
_FORGET = """
DELETE FROM workflow_commandkey WHERE id IN (
    SELECT id FROM workflow_commandkey WHERE created_at < %s ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True)
class Command:
    """What was asked for under which idempotency key; without a key nothing is kept."""

    owner: str = ""
    key: str = ""
    digest: str = ""


NO_COMMAND = Command()


def command_of(actor: Actor, key: str, *asked: Any) -> Command:
    """Return the command that ``actor`` sends under ``key``; ``asked`` is everything that must be equal on a retry.

    So must the capacity: what was answered to a reviewer is not answered to the same person as an approver.
    """
    if not key:
        return NO_COMMAND
    told = [str(actor.role), actor.organization_id, *asked]
    # Spelled in ASCII: the command is told apart even by what cannot be stored, and refused for it later.
    return Command(f"user:{actor.user_id}", key, sha256_hex(json.dumps(plain(told), sort_keys=True)))


def claim(command: Command, *, at: datetime) -> CommandKey | None:
    """Take the key until the transaction ends and return ``None``; or return what is kept under it.

    Waits for another transaction that holds the key. Whether it is the same command, ``require_same`` says.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [command.owner, command.key, command.digest, at])
        if cursor.rowcount:
            return None
    known = CommandKey.objects.filter(owner=command.owner, key=command.key).first()
    return known or claim(command, at=at)  # it was purged between the two looks


def require_same(known: CommandKey, command: Command) -> None:
    """Raise ``KeyReused`` when the key was used for another command."""
    if known.request_digest != command.digest:
        raise KeyReused(attr="Idempotency-Key")


def keep(command: Command, answer: dict[str, Any]) -> None:
    """Keep what a command that is no move was answered with, in the transaction that claimed its key."""
    CommandKey.objects.filter(owner=command.owner, key=command.key).update(answer=answer)


def purge(*, at: datetime) -> int:
    """Forget the keys that are older than ``COMMAND_KEYS_KEPT_DAYS``, a batch at a time; return how many there were.

    What was done under them stays done; sent once more so late, the same command is a new one.
    """
    before, total = at - timedelta(days=settings.COMMAND_KEYS_KEPT_DAYS), 0
    while found := _forget(before):
        total += found
    return total


def _forget(before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before, BATCH])
        return int(cursor.rowcount)


def answered(command: Command) -> list[Event]:
    """Return the events with which the command was answered before, in their order; empty when it is new.

    Call it under the lock of what the command is about. Raises ``KeyReused`` when the key served another command.
    """
    known = CommandKey.objects.filter(owner=command.owner, key=command.key).first() if command.key else None
    if known is None:
        return []
    require_same(known, command)
    events = Event.objects.in_bulk(known.events)
    return [events[event_id] for event_id in known.events]
