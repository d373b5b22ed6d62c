"""Checking that nothing was altered: chains, numbering, states, heads; every finding names its first bad row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from common.digest import sha256_hex
from workflow.declaration import Flow, all_flows
from workflow.journal import body_of, link
from workflow.models import GENESIS, Event, Stream

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first place at which a chain, or the story of an object, does not hold."""

    where: str
    position: int
    reason: str
    row: UUID | None = None

    def __str__(self) -> str:
        return f"{self.where}, {self.position}: {self.reason}" + (f" ({self.row})" if self.row else "")


def verify_all() -> Iterator[tuple[str, Flaw | None]]:
    """Yield every stream and every flow by name, each with its first flaw, if any."""
    for stream in Stream.objects.order_by("name"):
        yield stream.name, verify_stream(stream)
    for flow in all_flows():
        yield flow.name, verify_flow(flow)


def verify_stream(stream: Stream) -> Flaw | None:
    """Walk one chain and return its first flaw: a changed, missing, swapped or inserted event, or a cut tail."""
    previous, expected = GENESIS, 1
    for event in stream.events.order_by("position", "id").iterator(chunk_size=CHUNK):
        reason = _broken(event, previous, expected)
        if reason:
            return Flaw(stream.name, expected, reason, event.pk)
        previous, expected = event.hash, expected + 1
    if (stream.length, stream.head) != (expected - 1, previous):
        return Flaw(stream.name, expected, f"the head counts {stream.length} events and there are {expected - 1}")
    return None


def verify_flow(flow: Flow) -> Flaw | None:
    """Compare every object of a flow with its events and return the first that they do not tell.

    Its events are numbered without gaps, each begins in the state in which the one before it ended, the last one ends
    in the object's state, and there are as many as the object has counted: a cut tail shows here even when the head of
    the chain was rewritten to match.
    """
    table = flow.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_STORIES.format(table=table), {"flow": flow.name, "initial": flow.initial})
        found = cursor.fetchone()
    return Flaw(flow.name, found[1], found[2], found[0]) if found else None


def _broken(event: Event, previous: str, expected: int) -> str:
    if event.position != expected:
        return f"event {expected} is missing; the next one says {event.position}"
    if event.digest != sha256_hex(body_of(event)):
        return "the content was changed"
    if event.hash != link(previous, event.position, event.digest):
        return "the link to the event before is broken"
    return ""


_STORIES = """
WITH told AS (
    SELECT subject_id, sequence, from_state, to_state,
        row_number() OVER story AS place,
        coalesce(lag(to_state) OVER story, %(initial)s) AS expected_from
    FROM workflow_event WHERE flow = %(flow)s
    WINDOW story AS (PARTITION BY subject_id ORDER BY sequence)
), flaw AS (
    SELECT subject_id AS id, place AS position, 'event ' || place || ' of the object is missing' AS reason
    FROM told WHERE sequence <> place
    UNION ALL
    SELECT subject_id, place, 'begins in ' || from_state || ', the one before ended in ' || expected_from
    FROM told WHERE sequence = place AND from_state <> expected_from
    UNION ALL
    SELECT coalesce(row.id, last.subject_id), coalesce(last.count, 0) + 1, CASE
        WHEN row.id IS NULL THEN 'the object is missing, its events are there'
        WHEN row.sequence <> coalesce(last.count, 0)
        THEN 'the object counts ' || row.sequence || ' events and there are ' || coalesce(last.count, 0)
        ELSE 'the object is ' || row.state || ', its events end in ' || coalesce(last.to_state, %(initial)s)
    END
    FROM "{table}" AS row
    FULL JOIN (
        SELECT DISTINCT ON (subject_id) subject_id, to_state, count(*) OVER (PARTITION BY subject_id) AS count
        FROM workflow_event WHERE flow = %(flow)s ORDER BY subject_id, sequence DESC
    ) AS last ON last.subject_id = row.id
    WHERE row.id IS NULL OR row.sequence <> coalesce(last.count, 0)
        OR row.state <> coalesce(last.to_state, %(initial)s)
)
SELECT id, position, reason FROM flaw ORDER BY id, position LIMIT 1
"""
