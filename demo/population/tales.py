"""Many stories told side by side: each says when its next step is due, and the earliest always goes first.

Chains of events are appended in the order of time this way, as they would have been had people worked side by side.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")
# A tale yields the instant of its next step and gets it back when its turn has come.
Tale = Generator[datetime, datetime, ResultT]


def tell(tales: Iterable[Tale[Any]]) -> None:
    """Tell all tales to their ends, step by step in the order of time; of two steps at one instant, the first given."""
    order = count()
    waiting: list[tuple[datetime, int, Tale[Any]]] = []
    for tale in tales:
        _go_on(waiting, order, tale, None)
    while waiting:
        at, _turn, tale = heapq.heappop(waiting)
        _go_on(waiting, order, tale, at)


def _go_on(waiting: list[tuple[datetime, int, Tale[Any]]], order: Any, tale: Tale[Any], at: datetime | None) -> None:
    try:
        due = next(tale) if at is None else tale.send(at)
    except StopIteration:
        return
    if at is not None and due < at:
        raise ValueError(f"A tale went back in time, from {at} to {due}.")
    heapq.heappush(waiting, (due, next(order), tale))
