"""What the records beside the papers have in common: who entered them, for which district, and that none disappears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models

from common.identifiers import new_id
from nominations.models.scopes import scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actors import Actor


class RecordQuerySet(models.QuerySet[Any]):
    """Filters over records; what was removed is kept for the audit and shown to nobody."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the district's own and, for the city, its campaigns'; deny by default."""
        scope = scope_of(actor, district="district", city="campaign__city")
        return self.none() if scope is None else self.present().filter(scope)

    def present(self) -> Self:
        """Keep what was not removed."""
        return self.filter(removed_at__isnull=True)

    def in_words(self) -> Self:
        """Load along whatever a row is shown with."""
        return self.select_related("campaign", "district")


class Record(models.Model):
    """Something that is entered, corrected and, if it was entered by mistake, removed; it has no states."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    removed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def change(self, values: dict[str, Any], *, by: int, at: datetime) -> None:
        """Write other values, and who wrote them when."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed_by_id, self.changed_at = by, at
        self.save()

    def remove(self, *, by: int, at: datetime) -> None:
        """Set the record aside."""
        self.removed_by_id, self.removed_at = by, at
        self.save(update_fields=["removed_by", "removed_at"])
