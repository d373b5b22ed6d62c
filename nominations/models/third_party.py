"""What a third party found when it assessed a community (row S-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nominations.models.records import Record, RecordQuerySet
from nominations.models.scopes import scope_of

if TYPE_CHECKING:
    from accounts.actors import Actor


class ThirdPartyAssessmentQuerySet(RecordQuerySet):
    """Filters over third parties' assessments."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the district's own nominations and, for the city, of its campaigns'; deny by default."""
        scope = scope_of(actor, district="nomination__district", city="nomination__campaign__city")
        return self.none() if scope is None else self.present().filter(scope)

    def in_words(self) -> Self:
        """Load along whatever a row is shown with."""
        return self.select_related("nomination__campaign", "nomination__district", "nomination__community")


class ThirdPartyAssessment(Record):
    """One assessment: who made it, when, by which method, on which sample, with which result; the report is a file."""

    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="third_party_assessments")
    organization = models.CharField(_("assessed by"), max_length=120)
    began_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"))
    method = models.CharField(_("method"), max_length=500)
    sample = models.CharField(_("sample"), max_length=500)
    result = models.TextField(_("result"))

    objects: ClassVar[ThirdPartyAssessmentQuerySet] = ThirdPartyAssessmentQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        ordering = ["-ended_on", "-id"]
        verbose_name = _("third party's assessment")
        verbose_name_plural = _("third parties' assessments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("began_on")),
                name="third_party_period_ordered",
                violation_error_message=_("The period must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.ended_on}"
