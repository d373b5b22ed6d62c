"""What districts publish about the programme, and the good practice that they collect in it (row S-18)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.records import Record, RecordQuerySet


class GoodPracticeQuerySet(RecordQuerySet):
    """Filters over good practices."""

    def in_words(self) -> GoodPracticeQuerySet:
        """Load along whatever a row is shown with."""
        return self.select_related("campaign", "district", "nomination__community")


class PublicityEntry(Record):
    """One publication of a district: through which channel, on which day, under which title, at which address."""

    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="publicity")
    district = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    link = models.CharField(_("address"), max_length=500, blank=True)
    published_on = models.DateField(_("published on"))

    class Meta:
        ordering = ["-published_on", "-id"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes: ClassVar = [models.Index(fields=["campaign", "district"], name="publicity_of_district")]

    def __str__(self) -> str:
        return self.title


class GoodPractice(Record):
    """Good practice of a community or of a whole district, tagged with words that the campaign offers."""

    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="good_practices")
    district = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    nomination = models.ForeignKey(
        "nominations.Nomination", models.PROTECT, null=True, blank=True, related_name="good_practices"
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what was done and what came of it"))
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"))

    objects: ClassVar[GoodPracticeQuerySet] = GoodPracticeQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        ordering = ["-recorded_at", "-id"]
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        indexes: ClassVar = [
            models.Index(fields=["campaign", "district"], name="practice_of_district"),
            GinIndex(fields=["tags"], name="practice_by_tag"),
        ]

    def __str__(self) -> str:
        return self.title
