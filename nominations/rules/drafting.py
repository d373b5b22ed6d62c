"""What the machine drafts for a selection before people edit it (row S-15). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nominations.enums import SelectionOutcome as O
from nominations.enums import SelectionStanding as Standing


@dataclass(frozen=True, slots=True)
class Entrant:
    """A community that a selection has to say something about: its rank in the ranking, and where it stands."""

    id: UUID
    rank: int
    standing: Standing


def drafted(entrants: Sequence[Entrant], *, places: int, reserves: int) -> dict[UUID, O]:
    """Return the outcome that the machine proposes for each of the ``entrants``, who come in rank order.

    The free places go to reserves first, then by rank, then as many as the campaign wants go on reserve. A tie is never
    cut: whoever shares the first rank that found no place stays below the line. Who is on reserve stays there; who was
    taken off the shortlist before is not put back by the machine.
    """
    order = [one for one in entrants if one.standing == Standing.RESERVED]
    order += [one for one in entrants if one.standing == Standing.EVALUATED]
    shortlisted = _above_the_line(order, places)
    left = order[len(shortlisted) :]
    staying = [one for one in left if one.standing == Standing.RESERVED]
    fresh = [one for one in left if one.standing == Standing.EVALUATED]
    reserved = [*staying, *_above_the_line(fresh, reserves - len(staying))]
    outcomes = dict.fromkeys((one.id for one in entrants), O.PASS_OVER)
    return outcomes | {one.id: O.SHORTLIST for one in shortlisted} | {one.id: O.RESERVE for one in reserved}


def _above_the_line(order: Sequence[Entrant], places: int) -> list[Entrant]:
    """Return the first so many, without those who share the rank of the first one below the line."""
    taken = list(order[: max(places, 0)])
    if len(taken) == len(order):
        return taken
    first_below = order[len(taken)]
    return [one for one in taken if (one.rank, one.standing) != (first_below.rank, first_below.standing)]
