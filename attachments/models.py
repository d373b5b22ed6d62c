"""What is known of a file: whose it is, what it contains, how far it has come; the bytes lie in a file store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from attachments.enums import AttachmentKind, AttachmentState, Rejection
from attachments.storage import attachment_storage
from common.identifiers import new_id
from common.refusals import Refusal

_REFUSE = "RAISE EXCEPTION 'sealed copy: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
_REFUSE_UNLESS_SET_ASIDE = f"""
    aside := OLD;
    aside.removed_at := NEW.removed_at;
    IF NEW IS DISTINCT FROM aside THEN {_REFUSE} END IF;
    RETURN NEW;
"""
_SEALED = pgtrigger.Q(old__sealed=True, old__state=AttachmentState.CLEAN)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Filters over attachments."""

    def of_subjects(self, subject_kind: str, subject_ids: Iterable[UUID]) -> AttachmentQuerySet:
        """Keep the files of some subjects of one kind."""
        return self.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))

    def present(self) -> AttachmentQuerySet:
        """Keep what has not been removed."""
        return self.filter(removed_at__isnull=True)

    def unclean(self) -> AttachmentQuerySet:
        """Keep what is present and still being checked, or was not accepted."""
        return self.present().exclude(state=AttachmentState.CLEAN)

    def due_for_inspection(self, at: datetime) -> AttachmentQuerySet:
        """Keep what waits in quarantine and is in nobody's hands."""
        return self.present().filter(state=AttachmentState.QUARANTINED, inspect_after__lte=at)

    def with_bytes(self) -> AttachmentQuerySet:
        """Keep what must have its bytes in the store: whatever is clean, removed or not, and what awaits its check."""
        return self.filter(
            Q(state=AttachmentState.CLEAN) | Q(state=AttachmentState.QUARANTINED, removed_at__isnull=True)
        )


class Attachment(models.Model):
    """A file that belongs to a subject; the engine knows neither the subject nor what the purpose means."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.UUIDField(_("subject"))
    purpose = models.CharField(_("purpose"), max_length=40)
    label = models.CharField(_("label"), max_length=200, blank=True)
    original_name = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind of file"), max_length=8, choices=AttachmentKind.choices)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, help_text="of the stored bytes")
    received_sha256 = models.CharField(max_length=64, help_text="of the bytes as they were uploaded")
    file = models.FileField(_("file"), max_length=120, storage=attachment_storage)
    small_file = models.FileField(
        _("small picture"), max_length=120, storage=attachment_storage, blank=True, default="", db_default=""
    )
    sealed = models.BooleanField(_("sealed copy"), default=False)

    state = models.CharField(
        _("state"), max_length=12, choices=AttachmentState.choices, default=AttachmentState.QUARANTINED
    )
    rejection_code = models.CharField(max_length=24, blank=True)
    rejection_params = models.JSONField(default=dict, blank=True)
    inspect_after = models.DateTimeField(help_text="not before this instant; a claim moves it on")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="inspections begun that came to no end")
    inspected_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
            models.Index(fields=["file"], name="attachment_file"),
            models.Index(fields=["small_file"], condition=~Q(small_file=""), name="attachment_small_file"),
            models.Index(
                fields=["inspect_after"],
                condition=Q(state=AttachmentState.QUARANTINED, removed_at__isnull=True),
                name="attachment_waiting",
            ),
        ]
        # A CHECK passes what it cannot decide, so each names the nulls that it means.
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=AttachmentKind.values),
                name="attachment_kind_known",
                violation_error_message=_("This kind of file is not accepted."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=AttachmentState.values),
                name="attachment_state_known",
                violation_error_message=_("This state of a file does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="attachment_not_empty",
                violation_error_message=_("A file cannot be empty."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", received_sha256__regex=r"^[0-9a-f]{64}$"),
                name="attachment_digest_formed",
                violation_error_message=_("A digest has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__regex=r"^[a-z][a-z0-9_]*$", purpose__regex=r"^[a-z][a-z0-9_]*$"),
                name="attachment_codes_formed",
                violation_error_message=_("Codes consist of lower-case letters, digits and underscores."),
            ),
            models.CheckConstraint(
                condition=Q(state=AttachmentState.REJECTED, rejection_code__in=Rejection.values)
                | (~Q(state=AttachmentState.REJECTED) & Q(rejection_code="")),
                name="attachment_rejection_reasoned",
                violation_error_message=_("A file that is not accepted has a reason, and no other file has one."),
            ),
            models.CheckConstraint(
                condition=Q(state=AttachmentState.QUARANTINED, inspected_at__isnull=True)
                | (~Q(state=AttachmentState.QUARANTINED) & Q(inspected_at__isnull=False)),
                name="attachment_inspection_dated",
                violation_error_message=_("A file leaves quarantine by an inspection, and by nothing else."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="attachment_place_on_earth",
                violation_error_message=_("A place has a latitude and a longitude, both within their ranges."),
            ),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True)
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0),
                name="attachment_measures_paired",
                violation_error_message=_("A picture has a width and a height, both above zero."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("uploaded_at")),
                name="attachment_removed_after_upload",
                violation_error_message=_("A file cannot be removed before it was uploaded."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="attachment_edges",
                field="state",
                transitions=[
                    (AttachmentState.QUARANTINED.value, AttachmentState.CLEAN.value),
                    (AttachmentState.QUARANTINED.value, AttachmentState.REJECTED.value),
                ],
            ),
            pgtrigger.Trigger(
                name="sealed_copy_no_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=_SEALED,
                declare=[("aside", "RECORD")],
                func=_REFUSE_UNLESS_SET_ASIDE,
            ),
            pgtrigger.Trigger(
                name="sealed_copy_no_delete",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=_SEALED,
                func=_REFUSE,
            ),
            pgtrigger.Trigger(
                name="sealed_copy_no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=_REFUSE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original_name} ({self.state})"

    @property
    def stored_name(self) -> str:
        """Return the name of the bytes in the store; nobody outside has a use for it."""
        return str(self.file.name)

    @property
    def is_handed_out(self) -> bool:
        """Tell whether the bytes may leave the house."""
        return self.state == AttachmentState.CLEAN and self.removed_at is None

    @property
    def rejection(self) -> Refusal | None:
        """Return why the file was not accepted, or ``None``."""
        if not self.rejection_code:
            return None
        return Refusal(self.rejection_code, Rejection(self.rejection_code).label, self.rejection_params, "file")
