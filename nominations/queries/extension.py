"""What an extension would bring: the rows that wait for the end of its period (flow rule 8)."""

from __future__ import annotations

from nominations.enums import Window
from nominations.models import Extension
from nominations.operations.extension import CONCERNED, rows_concerned


def concerned_by(extension: Extension) -> int:
    """Count the rows whose deadline the extension moves, as far as can be told now; one query a kind of row."""
    return sum(
        len(rows_concerned(extension, model, states)) for model, states, _kind in CONCERNED[Window(extension.window)]
    )
