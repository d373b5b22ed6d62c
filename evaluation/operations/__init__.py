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
from evaluation.operations.syncing import Change, Synced, sync_scores

__all__ = [
    "Change",
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
    "Synced",
    "create_standard",
    "freeze_standard",
    "hand_in",
    "open_sheet",
    "reopen",
    "revise_standard",
    "save_scores",
    "sync_scores",
]
