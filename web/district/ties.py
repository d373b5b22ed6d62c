"""Shared ranks of the summary: the order that people decide between equals, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from nominations.queries.recommendation import Listed, Table


@dataclass(frozen=True)
class Tie:
    """Rows that share a rank, in the order that is proposed, and why; where this is asked, as a refusal names it."""

    rows: Sequence[Listed]
    reason: str
    reason_id: str


def ties_of(request: HttpRequest, table: Table) -> list[Tie]:
    """Return the shared ranks; the one whose order was just refused stands as it was typed."""
    sent = order_in(request)
    ties = []
    for number, rows in enumerate(table.ties):
        is_sent = any(listed.row.pk in sent for listed in rows)
        is_named = is_sent if sent else number == 0
        reason = request.POST.get("reason", "") if is_sent else rows[0].row.decided_reason
        in_order = sorted(rows, key=lambda listed: sent.index(listed.row.pk) if listed.row.pk in sent else len(sent))
        ties.append(Tie(in_order, reason, "f-order-reason" if is_named else f"f-order-reason-{number}"))
    return ties


def order_in(request: HttpRequest) -> list[UUID]:
    """Return the rows by the numbers typed beside them; what is no key or no number is left out."""
    found: list[tuple[int, int, UUID]] = []
    for index, key in enumerate(request.POST.getlist("row")[:100]):
        place = request.POST.get(f"place-{key}", "")
        try:
            found.append((int(place) if place.isdecimal() and len(place) < 5 else 9999, index, UUID(key)))
        except ValueError:
            continue
    return [key for _place, _index, key in sorted(found)]
