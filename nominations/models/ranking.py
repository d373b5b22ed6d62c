"""A ranking as it was frozen: the order, and every figure that made it (row S-15)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.identifiers import new_id


class Ranking(models.Model):
    """A frozen order of the evaluated communities with every figure that made it; nothing in it changes afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="rankings")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(superseded_at__isnull=True), name="ranking_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.frozen_at:%Y-%m-%d}"
