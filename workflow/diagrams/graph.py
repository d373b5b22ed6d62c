"""A flow as a layered graph: states and moves are boxes in turn, so that no label ever lies on a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from workflow.declaration import Flow, Transition

PORT_GAP, PORT_SHARE = 22.0, 0.8


@dataclass(eq=False, slots=True)
class Box:
    """Something with a place: a state, a move, or a bend of a line that passes through a layer (``kind`` "bend")."""

    kind: str
    name: str
    layer: int
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0  # the middle
    y: float = 0.0
    above: list[Box] = field(default_factory=list)
    below: list[Box] = field(default_factory=list)

    def port(self, other: Box) -> float:
        """Return where the line to a neighbor leaves the box: lines stand side by side, in the neighbors' order."""
        neighbors = sorted(self.above if other.layer < self.layer else self.below, key=lambda box: box.x)
        step = min(PORT_GAP, PORT_SHARE * self.width / len(neighbors))
        return self.x + step * (neighbors.index(other) - (len(neighbors) - 1) / 2)


@dataclass(frozen=True, slots=True)
class Line:
    """A way from box to box through bends, from top to bottom; ``points_up`` when it is to be read upwards."""

    boxes: tuple[Box, ...]
    points_up: bool
    ends_in_state: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes by layer, each layer from left to right, and the lines between them."""

    layers: list[list[Box]]
    lines: list[Line]

    def boxes(self, kind: str) -> Iterator[Box]:
        """Return the boxes of one kind, layer by layer."""
        return (box for layer in self.layers for box in layer if box.kind == kind)


def graph_of(flow: Flow) -> Graph:
    """Return the flow's graph: states on even layers, each move on an odd one between its states."""
    ranks = _ranks(flow)
    states = {state: Box("state", state, 2 * ranks[state]) for state in flow.states}
    layers: list[list[Box]] = [[] for _layer in range(2 * max(ranks.values()) + 1)]
    for box in states.values():
        layers[box.layer].append(box)
    graph = Graph(layers, [])
    for move in flow:
        _add_move(graph, states, move)
    return graph


def _add_move(graph: Graph, states: dict[str, Box], move: Transition) -> None:
    """Put the move's box just above its target, or, when it leads back up, just below it."""
    target, sources = states[move.target], [states[source] for source in move.sources]
    leads_up = min(source.layer for source in sources) > target.layer
    box = Box("move", move.name, target.layer + (1 if leads_up else -1))
    graph.layers[box.layer].append(box)
    for source in sources:
        _add_line(graph, source, box, ends_in_state=False)
    _add_line(graph, box, target, ends_in_state=True)


def _add_line(graph: Graph, start: Box, end: Box, *, ends_in_state: bool) -> None:
    top, bottom = (start, end) if start.layer < end.layer else (end, start)
    way = [top]
    for layer in range(top.layer + 1, bottom.layer):
        bend = Box("bend", "", layer)
        graph.layers[layer].append(bend)
        way.append(bend)
    way.append(bottom)
    for upper, lower in pairwise(way):
        upper.below.append(lower)
        lower.above.append(upper)
    graph.lines.append(Line(tuple(way), points_up=start is bottom, ends_in_state=ends_in_state))


def _ranks(flow: Flow) -> dict[str, int]:
    """Return how many moves lie at most between the initial state and each other one, ways back left out."""
    onward = _onward(flow)
    ranks = dict.fromkeys(flow.states, 0)
    for _round in flow.states:
        for source, target in onward:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    return ranks


def _onward(flow: Flow) -> list[tuple[str, str]]:
    """Return the edges that lead on: those that a walk from the initial state does not find leading back."""
    found: dict[str, list[str]] = {}
    for move in flow:
        for source in move.sources:
            found.setdefault(source, []).append(move.target)
    back: set[tuple[str, str]] = set()
    done: set[str] = set()

    def walk(state: str, way: tuple[str, ...]) -> None:
        for target in found.get(state, ()):
            if target in way or target == state:
                back.add((state, target))
            elif target not in done:
                walk(target, (*way, target))
        done.add(state)

    for state in (flow.initial, *flow.states):
        if state not in done:
            walk(state, (state,))
    return [edge for edge in flow.edges() if edge not in back]
