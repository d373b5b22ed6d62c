"""The whole judgement of a file: a preset, or every fault with its line."""

from __future__ import annotations

from nominations.rules.preset.content import Preset, preset_from
from nominations.rules.preset.meaning import faults_of_meaning
from nominations.rules.preset.reading import Fault, read
from nominations.rules.preset.shape import faults_of_shape


def read_preset(content: bytes) -> tuple[Preset | None, list[Fault]]:
    """Return the preset in ``content``, or ``None`` and every fault in the order of the lines (row S-01)."""
    document = read(content)
    if document.values is None and document.faults:
        return None, document.faults
    # An entry that could not be read has no value; that it is of the wrong kind as well need not be said.
    unread = {(fault.path, "wrong_kind") for fault in document.faults}
    found = [*faults_of_shape(document), *faults_of_meaning(document)]
    faults = document.faults + [fault for fault in found if (fault.path, fault.code) not in unread]
    if faults:
        return None, sorted(faults, key=lambda fault: (fault.line, fault.path))
    return preset_from(document.values), []
