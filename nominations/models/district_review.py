"""What the district finds out about a nomination before it decides (row S-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_id
from nominations.enums import CheckSource, CheckVerdict

if TYPE_CHECKING:
    from nominations.models.nomination import Nomination


class DistrictReview(models.Model):
    """The reviewer's work on one nomination; complete only for the submission whose text it names.

    ``writers`` are all who had a hand in it, so that none of them approves it; ``unmet`` and ``unproven`` are the
    numbers of the requirements that are not met, or that nobody can tell of without the city's figures.
    """

    nomination = models.OneToOneField("nominations.Nomination", models.PROTECT, primary_key=True, related_name="review")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sheet = models.ForeignKey("evaluation.ScoreSheet", models.PROTECT, null=True, related_name="+")
    opinion = models.TextField(_("opinion"), blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    writers = ArrayField(models.BigIntegerField(), default=list)
    unmet = models.JSONField(_("requirements not met"), default=list)
    unproven = models.JSONField(_("requirements that need the city's figures"), default=list)
    override_reason = models.TextField(_("why recommended all the same"), blank=True)
    completed_at = models.DateTimeField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"review of {self.nomination_id}"

    def is_complete_for(self, nomination: Nomination) -> bool:
        """Tell whether the review was completed on exactly this text, since it was last submitted."""
        if self.completed_at is None or nomination.submitted_at is None:
            return False
        return self.content_digest == nomination.content_digest and self.completed_at >= nomination.submitted_at


class RequirementCheck(models.Model):
    """The verdict on one requirement of annex 1, computed where the notice gives a figure, judged elsewhere.

    ``computed`` is what the machine finds, ``judged`` what the reviewer says, ``verdict`` what comes of the two.
    """

    review = models.ForeignKey(DistrictReview, models.PROTECT, related_name="checks")
    requirement = models.ForeignKey("nominations.Requirement", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=CheckVerdict.choices, default=CheckVerdict.OPEN)
    source = models.CharField(max_length=10, choices=CheckSource.choices)
    computed = models.CharField(max_length=20, choices=CheckVerdict.choices, default=CheckVerdict.OPEN)
    judged = models.CharField(max_length=20, choices=CheckVerdict.choices, blank=True)
    facts = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["requirement__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "requirement"], name="requirement_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id}: {self.verdict}"


class Inspection(models.Model):
    """A routine inspection of a community by the district bureau, and what it found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey("nominations.Community", models.PROTECT, related_name="inspections")
    inspected_on = models.DateField(_("inspected on"))
    findings = models.TextField(_("findings"))
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-inspected_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("inspected_on")),
                name="inspection_resolved_afterwards",
                violation_error_message=_("What was found is resolved after the inspection, not before."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.inspected_on} {self.findings[:30]}"
