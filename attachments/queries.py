"""Reads across attachments.

The engine does not know who may see a subject: a caller asks only for subjects that it has scoped to its actor before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from attachments.models import Attachment, AttachmentQuerySet
from attachments.rules import Stored

DAY = timedelta(hours=24)


def of(subject_kind: str, subject_id: UUID) -> AttachmentQuerySet:
    """Return the present files of one subject, oldest first, with their uploaders."""
    return _listed(Attachment.objects.of_subjects(subject_kind, [subject_id]))


def by_subject(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Return the present files of many subjects in one query, oldest first; a subject without files has no entry."""
    found: dict[UUID, list[Attachment]] = defaultdict(list)
    for attachment in _listed(Attachment.objects.of_subjects(subject_kind, subject_ids)):
        found[attachment.subject_id].append(attachment)
    return dict(found)


def unclean_count(subject_kind: str, outer: str = "pk") -> Coalesce:
    """Return an annotation: how many present files of each row are not clean (guard ``attachments_clean``).

    ``outer`` names the column of the annotated queryset that holds the subject's id. Rejected files count too: they
    must be removed or replaced before anything goes on.
    """
    counted = (
        Attachment.objects.unclean()
        .filter(subject_kind=subject_kind, subject_id=OuterRef(outer))
        .order_by()
        .values("subject_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def stored_for(subject_kind: str, subject_id: UUID, purpose: str, *, uploaded_by: int, at: datetime) -> Stored:
    """Return what takes room already where one more file is to be received.

    A file that was once clean stays in the store when it is set aside, so that it counts for its subject and its
    sender until the end; those without bytes count for nothing.
    """
    own = Attachment.objects.of_subjects(subject_kind, [subject_id])
    kept = own.with_bytes().aggregate(files=Count("pk"), bytes=Sum("size", default=0))
    today = Attachment.objects.filter(uploaded_by=uploaded_by, uploaded_at__gt=at - DAY)
    return Stored(
        files=own.present().filter(purpose=purpose).count(),
        kept_files=kept["files"],
        kept_bytes=kept["bytes"],
        day_bytes=today.aggregate(bytes=Sum("size", default=0))["bytes"],
    )


def waiting_for_inspection(at: datetime, limit: int) -> list[UUID]:
    """Return the ids of files due for inspection, those that have waited longest first."""
    due = Attachment.objects.due_for_inspection(at).order_by("inspect_after")
    return list(due.values_list("pk", flat=True)[:limit])


def names_needed(names: Iterable[str]) -> set[str]:
    """Return those of these names in the store that a row needs, as a whole file or as its small copy."""
    rows, among = Attachment.objects.with_bytes(), list(names)
    whole = rows.filter(file__in=among).values_list("file", flat=True)
    return {*whole, *rows.filter(small_file__in=among).values_list("small_file", flat=True)}


def _listed(attachments: AttachmentQuerySet) -> AttachmentQuerySet:
    return attachments.present().select_related("uploaded_by").order_by("uploaded_at", "pk")
