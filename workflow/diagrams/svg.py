"""A flow as a picture: presentation attributes only, so that it may stand in a page under a strict content policy."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import get_language

from workflow.declaration import Flow
from workflow.diagrams.graph import Box, Graph, Line, graph_of
from workflow.diagrams.layout import lay_out

FONT = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
INK, SOFT, BLUE, DEEP, TINT, EDGE, PAPER = "#1f2329", "#646a73", "#0958d9", "#003eb3", "#edf4ff", "#8a919c", "#ffffff"
MARGIN, HEIGHT, STATE_SIZE, MOVE_SIZE, ROLE_SIZE = 16.0, 40.0, 15.0, 13.0, 11.0


def svg_of(flow: Flow, current: str = "") -> str:
    """Return the flow as an SVG document in the active language; ``current`` is the state to be lit.

    Raises ``KeyError`` for a state that the flow does not have.
    """
    lit = str(flow.labels[current]) if current else ""
    graph = graph_of(flow)
    _size(graph, flow)
    width, height = (side + 2 * MARGIN for side in lay_out(graph))
    title = f"{flow.name}: {lit}" if lit else flow.name
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" lang={quoteattr(get_language() or "")} font-family={quoteattr(FONT)}>'
    )
    parts = [
        head,
        f"<title>{escape(title)}</title>",
        _ARROWS,
        f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">',
        *(_line(line) for line in graph.lines),
        *(_move(box, flow) for box in graph.boxes("move")),
        *(_state(box, flow, lit=box.name == current) for box in graph.boxes("state")),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


_CURRENT = ' aria-current="step"'
_ARROWS = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{EDGE}"/></marker></defs>'
)


def _size(graph: Graph, flow: Flow) -> None:
    for box in graph.boxes("state"):
        box.width, box.height = _width(str(flow.labels[box.name]), STATE_SIZE) + 32, HEIGHT
    for box in graph.boxes("move"):
        move = flow.transitions[box.name]
        text = max(_width(str(move.label), MOVE_SIZE), _width(str(move.role_label), ROLE_SIZE))
        box.width, box.height = text + 20, HEIGHT
    for box in graph.boxes("bend"):
        box.height = HEIGHT


def _width(text: str, size: float) -> float:
    """Return about how wide a text is: a Chinese character is as wide as it is high, others a little more than half."""
    return size * sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56 for char in text)


def _state(box: Box, flow: Flow, *, lit: bool) -> str:
    fill, line, ink = (BLUE, DEEP, PAPER) if lit else (TINT, BLUE, INK)
    weight = "600" if lit else "500"
    return (
        f'<g data-state="{box.name}"{_CURRENT if lit else ""}>{_frame(box, fill, line, 8)}'
        f"{_text(box, 5, str(flow.labels[box.name]), STATE_SIZE, ink=ink, weight=weight)}</g>"
    )


def _move(box: Box, flow: Flow) -> str:
    move = flow.transitions[box.name]
    return (
        f'<g data-move="{box.name}" data-from="{" ".join(move.sources)}" data-to="{move.target}">'
        f"{_frame(box, PAPER, '#c8ccd3', 20)}{_text(box, -2, str(move.label), MOVE_SIZE)}"
        f"{_text(box, 13, str(move.role_label), ROLE_SIZE, ink=SOFT)}</g>"
    )


def _frame(box: Box, fill: str, line: str, radius: int) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius}" '
        f'fill="{fill}" stroke="{line}"/>'
    )


def _text(box: Box, drop: float, text: str, size: float, *, ink: str = INK, weight: str = "400") -> str:
    return (
        f'<text x="{box.x:.1f}" y="{box.y + drop:.1f}" font-size="{size:.0f}" font-weight="{weight}" fill="{ink}" '
        f'text-anchor="middle">{escape(text)}</text>'
    )


def _line(line: Line) -> str:
    """Return the line as one smooth path from layer to layer, with its arrow where it reaches the state."""
    marker = ""
    if line.ends_in_state:
        marker = ' marker-start="url(#arrow)"' if line.points_up else ' marker-end="url(#arrow)"'
    return f'<path d="{_path(line)}" fill="none" stroke="{EDGE}" stroke-width="1.3"{marker}/>'


def _path(line: Line) -> str:
    """Return the path: curves between the layers, straight through them, where boxes stand to either side."""
    top, bottom = line.boxes[0], line.boxes[-1]
    parts = [f"M{top.port(line.boxes[1]):.1f} {top.y + top.height / 2:.1f}"]
    for upper, lower in pairwise(line.boxes):
        start, end = upper.y + upper.height / 2, lower.y - lower.height / 2
        middle, left, right = (start + end) / 2, upper.port(lower), lower.port(upper)
        parts.append(f"C{left:.1f} {middle:.1f} {right:.1f} {middle:.1f} {right:.1f} {end:.1f}")
        if lower is not bottom:
            parts.append(f"V{lower.y + lower.height / 2:.1f}")
    return "".join(parts)
