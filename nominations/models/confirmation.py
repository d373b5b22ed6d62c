"""What the owners' committee was asked, and what it answered (row S-03)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_id
from nominations.enums import ConfirmationStatus


class CommitteeConfirmation(models.Model):
    """An invitation to the owners' committee to confirm exactly one text, and its answer (row S-03)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="confirmations")
    content_digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=ConfirmationStatus.choices, default=ConfirmationStatus.INVITED)
    contact_name = models.CharField(max_length=80)
    contact_email = models.EmailField()
    attempts = models.PositiveSmallIntegerField(default=0)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-invited_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(status=ConfirmationStatus.INVITED),
                name="confirmation_open_once",
                violation_error_message=_("The owners' committee has an open invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.status}"
