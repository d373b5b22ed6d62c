"""Which evaluator goes to which community: one program in whole numbers, the same for the same input and seed.

The constraints are those of a flow through a network (person, person in district, community and capacity, community),
so the linear relaxation is already whole and the solver has nothing to search (decision 13).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from nominations.enums import Capacity

# What a worse answer costs. Load comes before rotation; the tie-break of a whole answer costs less than one of either.
LACKING, EMPTY, LOAD, AGAIN = 1e6, 1e5, 100.0, 10.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be matched: ``load`` communities already, at most ``most`` in all.

    ``served`` are the districts that the person evaluated in the campaign before; they are avoided, not forbidden.
    """

    key: UUID
    capacity: Capacity
    load: int = 0
    most: int | None = None
    served: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A community that lacks ``seats`` evaluators, at least so many of each capacity among them."""

    key: UUID
    district: UUID
    seats: int
    least: Mapping[Capacity, int]


@dataclass(frozen=True, slots=True)
class Lack:
    """What a community still lacks; ``capacity`` is empty where anybody would do."""

    place: UUID
    capacity: Capacity | None
    count: int


@dataclass(frozen=True, slots=True)
class Match:
    """Who goes where, as pairs of place and person in the order of both, and what is lacking where."""

    pairs: tuple[tuple[UUID, UUID], ...]
    lacking: tuple[Lack, ...] = ()


@dataclass(slots=True)
class _Program:
    """Columns with their costs and upper bounds, and rows as lists of column and factor."""

    costs: list[float] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    rows: list[tuple[list[tuple[int, float]], float, float]] = field(default_factory=list)

    def column(self, cost: float, bound: float = 1) -> int:
        self.costs.append(cost)
        self.bounds.append(bound)
        return len(self.costs) - 1

    def row(self, entries: Sequence[tuple[int, float]], least: float, most: float) -> None:
        self.rows.append((list(entries), least, most))


def match(
    people: Sequence[Person], places: Sequence[Place], barred: Collection[tuple[UUID, UUID]], *, seed: int
) -> Match:
    """Return the best panels: every seat filled as far as can be, loads even, districts rotated, ties by ``seed``.

    ``barred`` are pairs of place and person that must not be. What cannot be filled is named, community by community.
    """
    people, places = sorted(people, key=_key), sorted(places, key=_key)
    program = _Program()
    tie = 1 / (1 + sum(place.seats for place in places))
    pairs = {
        (place.key, person.key): program.column(tie * _draw(seed, place.key, person.key) + _served(person, place))
        for place in places
        for person in people
        if (place.key, person.key) not in barred
    }
    lacks = _demand(program, people, places, pairs)
    _supply(program, people, places, pairs)
    answer = _solved(program)
    chosen = tuple(pair for pair, column in pairs.items() if answer[column])
    lacking = tuple(Lack(place, capacity, answer[column]) for (place, capacity), column in lacks.items())
    return Match(chosen, tuple(lack for lack in lacking if lack.count))


def _demand(
    program: _Program, people: Sequence[Person], places: Sequence[Place], pairs: Mapping[tuple[UUID, UUID], int]
) -> dict[tuple[UUID, Capacity | None], int]:
    """Fill every place; what is lacking of a capacity keeps its seat empty."""
    lacks: dict[tuple[UUID, Capacity | None], int] = {}
    for place in places:
        columns: dict[Capacity, list[tuple[int, float]]] = {capacity: [] for capacity in Capacity}
        for person in people:
            if (column := pairs.get((place.key, person.key))) is not None:
                columns[person.capacity].append((column, 1))
        for capacity in Capacity:
            lack = lacks[place.key, capacity] = program.column(LACKING, place.seats)
            columns[capacity].append((lack, 1))
            program.row(columns[capacity], place.least[capacity], place.seats)
        lack = lacks[place.key, None] = program.column(EMPTY, place.seats)
        everybody = [entry for entries in columns.values() for entry in entries]
        program.row([*everybody, (lack, 1)], place.seats, place.seats)
    return lacks


def _supply(
    program: _Program, people: Sequence[Person], places: Sequence[Place], pairs: Mapping[tuple[UUID, UUID], int]
) -> None:
    """Let each further community of a person, and each further one in the same district, cost more than the last."""
    for person in people:
        by_district: dict[UUID, list[int]] = defaultdict(list)
        for place in places:
            if (column := pairs.get((place.key, person.key))) is not None:
                by_district[place.district].append(column)
        columns = [column for own in by_district.values() for column in own]
        room = len(columns) if person.most is None else min(len(columns), max(0, person.most - person.load))
        _steps(program, columns, room, LOAD, first=person.load)
        for own in by_district.values():
            _steps(program, own, len(own), AGAIN)


def _steps(program: _Program, columns: Sequence[int], room: int, cost: float, first: int = 0) -> None:
    """Bind the columns to steps that cost 1, 3, 5, … times ``cost``: the square of their sum."""
    steps = [program.column(cost * (2 * (first + number) + 1)) for number in range(room)]
    program.row([*((column, 1) for column in columns), *((step, -1) for step in steps)], 0, 0)


def _served(person: Person, place: Place) -> float:
    return AGAIN if place.district in person.served else 0


def _draw(seed: int, place: UUID, person: UUID) -> float:
    """Return a number from 0 up to 1 that depends on nothing but the seed and the pair."""
    digest = hashlib.sha256(f"{seed}:{place}:{person}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def _solved(program: _Program) -> list[int]:
    """Return the whole numbers of the best answer; there always is one, for what is lacking may be lacking."""
    if not program.costs:
        return []
    # Loaded here, for it takes as long as the rest of the start: only proposing panels needs it.
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    entries = [(row, column, factor) for row, (own, _, _) in enumerate(program.rows) for column, factor in own]
    at, columns, factors = zip(*entries, strict=True)
    matrix = coo_array((factors, (at, columns)), shape=(len(program.rows), len(program.costs))).tocsr()
    least, most = zip(*((low, high) for _, low, high in program.rows), strict=True)
    answer = milp(
        np.array(program.costs),
        integrality=np.ones(len(program.costs)),
        bounds=Bounds(0, np.array(program.bounds)),
        constraints=LinearConstraint(matrix, least, most),
        options={"mip_rel_gap": 0},
    )
    return [round(value) for value in answer.x]


def _key(row: Person | Place) -> UUID:
    return row.key


def loads(match: Match, people: Sequence[Person]) -> dict[UUID, int]:
    """Return how many communities each person would have in all."""
    added = Counter(person for _place, person in match.pairs)
    return {person.key: person.load + added[person.key] for person in people}
