"""Codes of the evaluation engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SheetState(TextChoices):
    """Whether a score sheet can still be written on."""

    OPEN = "open", _("Being filled in")
    HANDED_IN = "handed_in", _("Handed in")


class SyncOutcome(TextChoices):
    """What became of one change that a device made while it was offline."""

    SAVED = "saved", _("Saved")
    CONFLICT = "conflict", _("Changed elsewhere meanwhile")
    REFUSED = "refused", _("Cannot be saved as it is")
    CLOSED = "closed", _("The sheet is closed")


class Counting(TextChoices):
    """Which of three figures of a panel counts; the campaign says so beforehand."""

    RAW = "raw", _("Mean of all sheets")
    TRIMMED = "trimmed", _("Mean without the highest and the lowest sheet")
    ADJUSTED = "adjusted", _("Mean adjusted for the strictness of the evaluators")


class Criterion(TextChoices):
    """What two subjects are compared by, in the order of the reading of the notice (S-12, S-15)."""

    TOTAL = "total", _("Total score")
    SATISFACTION = "satisfaction", _("Resident satisfaction")
    COMPLAINT_RATE = "complaint_rate", _("Complaint rate")
    FEE_COLLECTION = "fee_collection", _("Fee collection rate")
    GROUP_THREE = "group_three", _("Score of group three")
    DECISION = "decision", _("Recorded decision")
