"""Writing and verifying the chained events: one statement appends a link, whoever appends and however many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from common.digest import canonical_digest, canonical_json, sha256_hex
from workflow.models import GENESIS, Event, Stream

if TYPE_CHECKING:
    from datetime import datetime

BODY = (
    "id", "stream_id", "flow", "subject_id", "sequence", "kind", "name", "from_state", "to_state", "at",
    "actor_id", "actor_name", "actor_role", "organization_id", "organization_name", "on_behalf_of",
    "comment", "changes", "documents", "payload", "request_id", "declaration",
)  # fmt: skip
_JSON = frozenset({"changes", "documents", "payload"})

# The head row is updated first, so that two writers of one stream queue up on it and positions have no gaps. The door
# lets exactly this row take exactly this state until the transaction ends (see workflow.constraints).
_APPEND = f"""
WITH head AS (
    UPDATE workflow_stream
    SET length = length + 1,
        head = encode(sha256(convert_to(head || ':' || (length + 1)::text || ':' || %(digest)s, 'UTF8')), 'hex')
    WHERE id = %(stream_id)s
    RETURNING length, head
), door AS (
    SELECT set_config('workflow.door', concat(current_setting('workflow.door', true), %(door)s::text), true)
), event AS (
    INSERT INTO workflow_event (position, hash, digest, {", ".join(BODY)})
    SELECT head.length, head.head, %(digest)s, {", ".join(f"%({name})s" for name in BODY)} FROM head, door
    RETURNING id, at, position, hash
), outbox AS (
    INSERT INTO workflow_outboxentry (event_id, created_at, attempts, last_error) SELECT id, at, 0, '' FROM event
), command AS (
    INSERT INTO workflow_commandkey (owner, key, request_digest, event_id, created_at)
    SELECT %(key_owner)s, %(key)s, %(request_digest)s, id, at FROM event WHERE %(key)s <> ''
)
SELECT position, hash FROM event
"""


@dataclass(frozen=True, slots=True)
class Command:
    """The idempotency key under which a move was asked for; an empty key keeps nothing."""

    owner: str = ""
    key: str = ""
    request_digest: str = ""


def append(event: Event, command: Command = Command()) -> None:
    """Append ``event`` to its stream and set its position and hash; call inside the transaction of the move."""
    event.digest = digest_of(event)
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, _parameters(event, command))
        event.position, event.hash = cursor.fetchone()


def append_many(events: Sequence[Event]) -> None:
    """Append the events in order through one prepared statement, sent as one pipeline; positions are not read back."""
    for event in events:
        event.digest = digest_of(event)
    with connection.cursor() as cursor:
        cursor.executemany(_APPEND, [_parameters(event, Command()) for event in events])


def digest_of(event: Event) -> str:
    """Return the SHA-256 of the event's canonical content, everything but its place in the chain."""
    return canonical_digest({name: getattr(event, name) for name in BODY})


def _parameters(event: Event, command: Command) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in BODY}
    for name in _JSON:
        values[name] = canonical_json(values[name])
    return values | {
        "digest": event.digest,
        "door": f" {event.subject_id}>{event.to_state}",
        "key_owner": command.owner,
        "key": command.key,
        "request_digest": command.request_digest,
    }


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first place at which a chain does not hold."""

    stream: str
    position: int
    reason: str
    event_id: UUID | None = None


def verify(stream: Stream) -> Flaw | None:
    """Walk the stream and return the first flaw: a changed, missing, swapped or inserted event, or a cut tail."""
    previous, expected = GENESIS, 1
    for event in stream.events.order_by("position").iterator(chunk_size=2000):
        reason = _flaw(event, previous, expected)
        if reason:
            return Flaw(stream.name, expected, reason, event.pk)
        previous, expected = event.hash, expected + 1
    if (stream.length, stream.head) != (expected - 1, previous):
        return Flaw(stream.name, expected, "the head says that events are missing at the end")
    return None


def verify_all() -> Iterator[tuple[Stream, Flaw | None]]:
    """Yield every stream with its first flaw, if any."""
    for stream in Stream.objects.order_by("name"):
        yield stream, verify(stream)


def _flaw(event: Event, previous: str, expected: int) -> str:
    if event.position != expected:
        return f"position {expected} is missing"
    if event.digest != digest_of(event):
        return "the content was changed"
    if event.hash != sha256_hex(f"{previous}:{event.position}:{event.digest}"):
        return "the link to the event before is broken"
    return ""


def history(flow: str, subject_id: UUID, *, since: datetime | None = None) -> Iterator[Event]:
    """Return the events of one object, oldest first."""
    events = Event.objects.filter(flow=flow, subject_id=subject_id).order_by("sequence")
    return events.filter(at__gte=since).iterator() if since else events.iterator()
