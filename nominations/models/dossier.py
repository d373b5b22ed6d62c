"""What a community's dossier must hold before the province gets it, as conditions on the nomination (row S-16)."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from attachments.enums import AttachmentState
from attachments.models import Attachment


def pieces_held() -> dict[str, Q | Combinable]:
    """Return by name the condition under which a nomination holds each piece that hangs on it alone.

    The same conditions make the counts that the guard reads and the matrix that people see.
    """
    from nominations.models.facts import visits_with_photo
    from nominations.models.recommendation import SummaryRow
    from nominations.models.visit import Visit

    rows = SummaryRow.objects.filter(nomination=OuterRef("pk"))
    return {
        "form": Q(content_digest__gt="", confirmed_digest=F("content_digest")),
        "sealed_copy": Q(sealed_digest__gt="", sealed_digest=F("content_digest")) & Exists(_files("sealed_copy_id")),
        "review": Q(review__completed_at__isnull=False, review__content_digest=F("content_digest")),
        "description": Exists(rows.filter(Exists(_files_of("summary_row", "description")))),
        "visit": Exists(visits_with_photo(Visit.objects.filter(nomination=OuterRef("pk")))),
        # Only as many sheets as the campaign asks for, none of them in conflict, make a panel's score.
        "sheets": Q(panel_score__isnull=False),
    }


def _files(outer: str) -> QuerySet[Attachment]:
    return Attachment.objects.filter(pk=OuterRef(outer), state=AttachmentState.CLEAN, removed_at__isnull=True)


def _files_of(kind: str, purpose: str) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        subject_kind=kind,
        subject_id=OuterRef("pk"),
        purpose=purpose,
        state=AttachmentState.CLEAN,
        removed_at__isnull=True,
    )
