"""Writing the chained events: what is hashed is, letter for letter, what is stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from common.digest import canonical_json_of_plain, sha256_hex
from workflow.idempotency import Command
from workflow.models import Event
from workflow.statement import Part

BODY = (
    "id", "stream_id", "flow", "subject_id", "sequence", "kind", "name", "from_state", "to_state", "at",
    "actor_id", "actor_name", "actor_role", "organization_id", "organization_name",
    "comment", "changes", "documents", "payload", "request_id", "declaration",
)  # fmt: skip

# The head row is updated first, so that two writers of one stream queue up on it and positions have no gaps.
_HEAD = """
UPDATE workflow_stream
SET length = length + 1,
    head = encode(sha256(convert_to(head || ':' || (length + 1)::text || ':' || %(digest)s::text, 'UTF8')), 'hex')
WHERE id = %(stream)s
RETURNING length, head
"""
_EVENT = f"""
INSERT INTO workflow_event ({", ".join(BODY)}, digest, position, hash)
SELECT {", ".join(f"body.{name}" for name in BODY)}, %(digest)s::text, head.length, head.head
FROM head, json_populate_record(NULL::workflow_event, %(body)s) AS body
RETURNING id, subject_id, at, position, hash
"""  # noqa: S608  # the names are the constants above
_HEADS = """
UPDATE workflow_stream SET length = latest.length, head = latest.head
FROM json_populate_recordset(NULL::workflow_stream, %(heads)s) AS latest
WHERE workflow_stream.id = latest.id
"""
_EVENTS = f"""
INSERT INTO workflow_event ({", ".join(BODY)}, digest, position, hash)
SELECT {", ".join(BODY)}, digest, position, hash FROM json_populate_recordset(NULL::workflow_event, %(bodies)s)
RETURNING id, subject_id, at, position, hash
"""  # noqa: S608  # the names are the constants above
_OUTBOX = Part(
    "outbox",
    "INSERT INTO workflow_outboxentry (event_id, created_at, attempts, last_error) SELECT id, at, 0, '' FROM event",
)
_COMMAND = """
INSERT INTO workflow_commandkey (owner, key, request_digest, events, created_at)
SELECT %(owner)s, %(key)s, %(request)s, array_agg(id ORDER BY id), min(at) FROM event HAVING count(*) > 0
"""
_LOCK = "SELECT id, length, head FROM workflow_stream WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

Heads = dict[UUID, tuple[int, str]]


def body_of(event: Event) -> str:
    """Return the event's canonical JSON: everything but its place in the chain; its SHA-256 is the event's digest."""
    return canonical_json_of_plain({name: getattr(event, name) for name in BODY})


def link(previous: str, position: int, digest: str) -> str:
    """Return the hash of an event: SHA-256 over the hash before it, its position and its digest."""
    return sha256_hex(f"{previous}:{position}:{digest}")


def parts_for(event: Event, command: Command) -> list[Part]:
    """Return the parts that append one event: the database links it to its stream's head."""
    body = body_of(event)
    event.digest = sha256_hex(body)
    return [
        Part("head", _HEAD, {"digest": event.digest, "stream": event.stream_id}),
        Part("event", _EVENT, {"body": body}),
        *_consequences(command),
    ]


def parts_for_many(events: Sequence[Event], heads: Heads, command: Command) -> list[Part]:
    """Return the parts that append events in order to streams whose heads are locked; ``heads`` moves on with them."""
    bodies = [_chained(event, heads) for event in events]
    latest = [_row(stream, *heads[stream]) for stream in {event.stream_id for event in events}]
    return [
        Part("event", _EVENTS, {"bodies": f"[{','.join(bodies)}]"}),
        Part("heads", _HEADS, {"heads": canonical_json_of_plain(latest)}),
        *_consequences(command),
    ]


def _consequences(command: Command) -> list[Part]:
    if not command.key:
        return [_OUTBOX]
    params = {"owner": command.owner, "key": command.key, "request": command.digest}
    return [_OUTBOX, Part("command", _COMMAND, params)]


def lock_heads(streams: Collection[UUID]) -> Heads:
    """Lock the heads of several streams, always in the order of their ids, and return how far each has come."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(streams)])
        return {stream: (length, head) for stream, length, head in cursor.fetchall()}


def _row(stream: UUID, length: int, head: str) -> dict[str, Any]:
    return {"id": stream, "length": length, "head": head}


def _chained(event: Event, heads: Heads) -> str:
    """Give the event its place in the chain and return it as JSON."""
    body = body_of(event)
    length, head = heads[event.stream_id]
    event.digest, event.position = sha256_hex(body), length + 1
    event.hash = link(head, event.position, event.digest)
    heads[event.stream_id] = (event.position, event.hash)
    place: dict[str, Any] = {"digest": event.digest, "position": event.position, "hash": event.hash}
    return f"{body[:-1]},{canonical_json_of_plain(place)[1:]}"
