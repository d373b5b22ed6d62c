"""Finding a place for each box: an order with few crossings, then positions near the neighbors (Sugiyama's way)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from workflow.diagrams.graph import Box, Graph

GAP, BEND_GAP, LAYER_GAP = 18.0, 10.0, 34.0
SWEEPS, SETTLINGS = 24, 60


def lay_out(graph: Graph) -> tuple[float, float]:
    """Give every box its place and return the picture's width and height; boxes must know their sizes."""
    _order(graph.layers)
    _place_across(graph.layers)
    return _place_down(graph.layers)


def crossings(layers: Sequence[Sequence[Box]]) -> int:
    """Return how many pairs of lines cross between neighboring layers."""
    return sum(_crossings_below(layer, lower) for layer, lower in pairwise(layers))


def _order(layers: list[list[Box]]) -> None:
    """Sort each layer by where its neighbors stand, downwards and upwards in turn, and keep the best order met."""
    best, fewest = [list(layer) for layer in layers], crossings(layers)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        order = layers if downwards else layers[::-1]
        for fixed, free in pairwise(order):
            _sort_by_neighbors(fixed, free, downwards=downwards)
        _swap_neighbors(layers)
        found = crossings(layers)
        if found < fewest:
            best, fewest = [list(layer) for layer in layers], found
    for layer, kept in zip(layers, best, strict=True):
        layer[:] = kept


def _sort_by_neighbors(fixed: Sequence[Box], free: list[Box], *, downwards: bool) -> None:
    place = {box: index for index, box in enumerate(fixed)}
    own = {box: index for index, box in enumerate(free)}

    def mean(box: Box) -> float:
        places = [place[other] for other in (box.above if downwards else box.below)]
        return sum(places) / len(places) if places else float(own[box])

    free.sort(key=mean)


def _swap_neighbors(layers: list[list[Box]]) -> None:
    """Swap boxes side by side wherever that leaves fewer crossings."""
    for layer in layers:
        improved = True
        while improved:
            improved = False
            for index in range(len(layer) - 1):
                left, right = layer[index], layer[index + 1]
                if _cost(layers, right, left) < _cost(layers, left, right):
                    layer[index], layer[index + 1] = right, left
                    improved = True


def _cost(layers: Sequence[Sequence[Box]], left: Box, right: Box) -> int:
    """Return the crossings between the lines of two boxes when they stand in this order."""
    total = 0
    for layer, ends in ((left.layer - 1, (left.above, right.above)), (left.layer + 1, (left.below, right.below))):
        place = {box: index for index, box in enumerate(layers[layer])} if 0 <= layer < len(layers) else {}
        total += _inversions(*([place[box] for box in neighbors] for neighbors in ends))
    return total


def _inversions(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(first > second for first in left for second in right)


def _crossings_below(layer: Sequence[Box], lower: Sequence[Box]) -> int:
    place = {box: index for index, box in enumerate(lower)}
    ends = [[place[box] for box in upper.below] for upper in layer]
    return sum(_inversions(ends[i], ends[j]) for i in range(len(ends)) for j in range(i + 1, len(ends)))


def _place_across(layers: list[list[Box]]) -> None:
    """Pull every box towards its neighbors, again and again, without letting any two of a layer touch."""
    for layer in layers:
        _spread(layer, [0.0] * len(layer))
    looks: list[Callable[[Box], list[Box]]] = [lambda box: box.above, lambda box: box.below]
    for settling in range(SETTLINGS):
        look = looks[settling % 2] if settling < SETTLINGS - 2 else lambda box: box.above + box.below
        for layer in layers if settling % 2 == 0 else layers[::-1]:
            _spread(layer, [_wish(box, look(box)) for box in layer])
    left = min(box.x - box.width / 2 for layer in layers for box in layer)
    for layer in layers:
        for box in layer:
            box.x -= left


def _wish(box: Box, neighbors: Sequence[Box]) -> float:
    places = sorted(other.x for other in neighbors)
    if not places:
        return box.x
    middle = len(places) // 2
    return places[middle] if len(places) % 2 else (places[middle - 1] + places[middle]) / 2


def _spread(layer: Sequence[Box], wishes: Sequence[float]) -> None:
    """Give each box the place nearest to its wish that keeps order and distance: blocks that meet share the middle."""
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + _distance(left, right))
    blocks: list[tuple[float, int]] = []  # mean of the wishes, less the offsets, and how many share it
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _box in range(count)]
    for box, mean, offset in zip(layer, means, offsets, strict=True):
        box.x = mean + offset


def _distance(left: Box, right: Box) -> float:
    gap = BEND_GAP if "bend" in (left.kind, right.kind) else GAP
    return (left.width + right.width) / 2 + gap


def _place_down(layers: Sequence[Sequence[Box]]) -> tuple[float, float]:
    top = 0.0
    for layer in layers:
        height = max(box.height for box in layer)
        for box in layer:
            box.y = top + height / 2
        top += height + LAYER_GAP
    width = max(box.x + box.width / 2 for layer in layers for box in layer)
    return width, top - LAYER_GAP
