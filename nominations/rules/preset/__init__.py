"""The file that describes a campaign: read with its lines, held against the schema, and against itself.

Every fault is reported at once, each with its line; nothing here touches the database.
"""

from nominations.rules.preset.content import Calendar, DistrictPart, Preset, RequirementText, shifted
from nominations.rules.preset.reading import Fault
from nominations.rules.preset.verdict import read_preset

__all__ = ["Calendar", "DistrictPart", "Fault", "Preset", "RequirementText", "read_preset", "shifted"]
