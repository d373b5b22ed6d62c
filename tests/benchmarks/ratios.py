"""One line per figure: a ratio of two medians measured round by round, its spread, and the goal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def line(what: str, ours: Sequence[float], theirs: Sequence[float], goal: str, *, unit: str = "ms") -> str:
    """Return the median of ``ours / theirs``, round by round, with its spread and both medians in ``unit``."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    middle, low, high = statistics.median(ratios), min(ratios), max(ratios)
    one, other = statistics.median(ours), statistics.median(theirs)
    return f"{what}  {middle:.2f} x  (from {low:.2f} to {high:.2f}; {one:.2f} beside {other:.2f} {unit}; goal {goal})"
