"""Sending a command twice without its happening twice: the key, and the answer that it was given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.digest import sha256_hex
from workflow.errors import KeyReused
from workflow.models import CommandKey, Event
from workflow.plain import plain

if TYPE_CHECKING:
    from workflow.moves import Actor


@dataclass(frozen=True, slots=True)
class Command:
    """What was asked for under which idempotency key; without a key nothing is kept."""

    owner: str = ""
    key: str = ""
    digest: str = ""


NO_COMMAND = Command()


def command_of(actor: Actor, key: str, *asked: Any) -> Command:
    """Return the command that ``actor`` sends under ``key``; ``asked`` is everything that must be equal on a retry."""
    if not key:
        return NO_COMMAND
    # Spelled in ASCII: the command is told apart even by what cannot be stored, and refused for it later.
    return Command(f"user:{actor.user_id}", key, sha256_hex(json.dumps(plain(asked), sort_keys=True)))


def answered(command: Command) -> list[Event]:
    """Return the events with which the command was answered before, in their order; empty when it is new.

    Call it under the lock of what the command is about. Raises ``KeyReused`` when the key served another command.
    """
    known = CommandKey.objects.filter(owner=command.owner, key=command.key).first() if command.key else None
    if known is None:
        return []
    if known.request_digest != command.digest:
        raise KeyReused(attr="Idempotency-Key")
    events = Event.objects.in_bulk(known.events)
    return [events[event_id] for event_id in known.events]
