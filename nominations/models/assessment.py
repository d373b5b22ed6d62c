"""How the city evaluates on site: who is assigned, what the visit found (row S-09)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_id
from nominations.enums import Capacity


class Assignment(models.Model):
    """An evaluator who scores one nomination, and the sheet that came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="assignments")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    sheet = models.OneToOneField("evaluation.ScoreSheet", models.PROTECT, null=True, related_name="+")
    conflict_reason = models.CharField(_("conflict of interest"), max_length=500, blank=True)
    assigned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["nomination", "evaluator"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.evaluator_id} → {self.nomination_id}"


class Visit(models.Model):
    """A visit on site: day, members, findings; complete once it has at least one photo."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("visited on"))
    members = models.JSONField(_("members"), default=list)
    findings = models.TextField(_("findings"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.visited_on}"
