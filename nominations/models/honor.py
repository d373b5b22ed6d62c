"""Related honors of a community, such as 皖美红色物业, which are applied for hand in hand (row S-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nominations.enums import HonorStatus
from nominations.models.records import Record, RecordQuerySet
from nominations.models.scopes import scope_of

if TYPE_CHECKING:
    from accounts.actors import Actor


class RelatedHonorQuerySet(RecordQuerySet):
    """Filters over related honors."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of a company's, a district's, a city's communities; deny by default."""
        scope = scope_of(
            actor,
            company="community__company",
            district="community__authority",
            city="community__authority__parent",
        )
        return self.none() if scope is None else self.present().filter(scope)

    def in_words(self) -> Self:
        """Load along whatever a row is shown with."""
        return self.select_related("community")


class RelatedHonor(Record):
    """One honor of one community: of which programme and year, how far it has come, by which document."""

    community = models.ForeignKey("nominations.Community", models.PROTECT, related_name="honors")
    programme = models.CharField(_("programme"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(_("status"), max_length=12, choices=HonorStatus.choices)
    document = models.CharField(_("document number"), max_length=120, blank=True)

    objects: ClassVar[RelatedHonorQuerySet] = RelatedHonorQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        ordering = ["-year", "programme", "-id"]
        verbose_name = _("related honor")
        verbose_name_plural = _("related honors")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=HonorStatus.values), name="honor_status_known"),
            models.UniqueConstraint(
                fields=["community", "programme", "year"],
                condition=Q(removed_at__isnull=True),
                name="honor_once",
                violation_error_message=_("This honor of the community is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"
