"""Which status stands for which error of the rooms below; what is not named here is a 422: understood, and refused."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.actors import PersonNeeded
from accounts.operations import LanguageNotOffered, RolesExcludeEachOther, TokenLifeTooLong
from attachments.enums import Rejection
from attachments.errors import AttachmentBusy, FileRefused, NotHandedOut, ScannerUnavailable, StorageUnavailable
from common.errors import DomainError
from evaluation.operations.sheets import InvalidScores, SheetHandedIn, SheetNotFound, SheetNotHandedIn, SheetSuperseded
from nominations import errors as nominated
from nominations.operations.assessment import StillScoring
from nominations.operations.assignment import AssignedAlready, SheetBegun
from nominations.operations.community import CommunityInUse, CommunityKnown
from nominations.operations.conflict import LiftedAlready
from nominations.operations.evaluator import InPoolAlready
from nominations.operations.extension import ApprovedAlready
from nominations.operations.honor import FormNotInHand, HonorKnown, HonorOfOthers
from nominations.operations.panel import ProposalClosed
from nominations.operations.ranking import EvaluationUnderway, SheetsVoided
from notifications.errors import DeliveryNotFound, NoticeNotFound, UnknownCategory, UnknownMode
from workflow import errors as moved

MALFORMED = (
    moved.UnknownMove,
    nominated.InvalidInput,
    InvalidScores,
    LanguageNotOffered,
    TokenLifeTooLong,
    UnknownCategory,
    UnknownMode,
)
FORBIDDEN = (moved.WrongRole, nominated.NotAllowed, PersonNeeded)
NOT_FOUND = (moved.NotFound, SheetNotFound, NoticeNotFound, DeliveryNotFound)
CONFLICT = (
    moved.StaleVersion,
    moved.WrongState,
    moved.Busy,
    nominated.NotEditable,
    nominated.AlreadyNominated,
    nominated.ContentChanged,
    nominated.ConfirmationClosed,
    nominated.NotTakenUp,
    nominated.ClaimedByAnother,
    nominated.ReviewComplete,
    nominated.ReviewNotComplete,
    ApprovedAlready,
    CommunityInUse,
    CommunityKnown,
    AssignedAlready,
    FormNotInHand,
    HonorKnown,
    HonorOfOthers,
    InPoolAlready,
    LiftedAlready,
    ProposalClosed,
    SheetBegun,
    StillScoring,
    AttachmentBusy,
    NotHandedOut,
    RolesExcludeEachOther,
    nominated.SelectionUnderway,
    EvaluationUnderway,
    SheetsVoided,
    SheetHandedIn,
    SheetNotHandedIn,
    SheetSuperseded,
)
UNAVAILABLE = (StorageUnavailable, ScannerUnavailable)

STATUS_OF: Mapping[type[DomainError], int] = {
    kind: status
    for status, kinds in {400: MALFORMED, 403: FORBIDDEN, 404: NOT_FOUND, 409: CONFLICT, 503: UNAVAILABLE}.items()
    for kind in kinds
}

# A file is too large, or of a kind that is not taken; everything else that can be wrong with it is a plain 400.
STATUS_OF_FILE: Mapping[str, int] = {
    Rejection.TOO_LARGE: 413,
    Rejection.EXTENSION: 415,
    Rejection.KIND_UNKNOWN: 415,
    Rejection.KIND_MISMATCH: 415,
    Rejection.MARKUP: 415,
    Rejection.LEGACY_OFFICE: 415,
}


def status_of(kind: type[DomainError]) -> int:
    """Return the status of a kind of error: the one it declares, else its nearest ancestor's, else 422."""
    declared: int | None = getattr(kind, "status", None)
    return declared or next((STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF), 422)


def status_for(error: DomainError) -> int:
    """Return the status of one error."""
    if isinstance(error, FileRefused):
        return STATUS_OF_FILE.get(error.refusal.code, 400)
    return status_of(type(error))
