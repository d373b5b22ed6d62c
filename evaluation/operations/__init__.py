"""Verbs of evaluation; each is one transaction."""

from evaluation.operations.sheets import (
    Conflict,
    Entry,
    InvalidScores,
    ReasonMissing,
    Saved,
    SheetHandedIn,
    SheetIncomplete,
    SheetNotFound,
    SheetNotHandedIn,
    SheetSuperseded,
    hand_in,
    open_sheet,
    reopen,
    save_scores,
)
from evaluation.operations.standards import (
    InvalidStandard,
    StandardExists,
    StandardNotFound,
    create_standard,
    freeze_standard,
    revise_standard,
)

__all__ = [
    "Conflict",
    "Entry",
    "InvalidScores",
    "InvalidStandard",
    "ReasonMissing",
    "Saved",
    "SheetHandedIn",
    "SheetIncomplete",
    "SheetNotFound",
    "SheetNotHandedIn",
    "SheetSuperseded",
    "StandardExists",
    "StandardNotFound",
    "create_standard",
    "freeze_standard",
    "hand_in",
    "open_sheet",
    "reopen",
    "revise_standard",
    "save_scores",
]
