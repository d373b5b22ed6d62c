"""Visits on site: when and in which order, who comes along, what was found (rows S-09, S-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.identifiers import new_id
from nominations.enums import CheckVerdict, VetoKind
from nominations.models.scopes import scope_of

if TYPE_CHECKING:
    from accounts.actors import Actor


class VisitQuerySet(models.QuerySet["Visit"]):
    """Filters over visits."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the city's for its officers and readers, for an evaluator those where one comes along."""
        if actor.role == Role.EVALUATOR:
            return self.filter(
                nomination__assignments__evaluator=actor.user_id, nomination__assignments__ended_at__isnull=True
            )
        scope = scope_of(actor, district="", city="nomination__campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def planned(self) -> Self:
        """Keep what is still to come: planned, not held, not called off."""
        return self.filter(recorded_at__isnull=True, cancelled_at__isnull=True)

    def recorded(self) -> Self:
        """Keep what has taken place and is on record."""
        return self.filter(recorded_at__isnull=False)


class Visit(models.Model):
    """A visit on site, planned or held; one that was held is complete once it has at least one photo.

    ``route_position`` is its place in the route of that day's half in its district. The evaluators of the community
    come along; ``members`` names who else does, and once the visit is recorded everybody who was there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="visits")
    planned_from = models.DateTimeField(_("planned from"), null=True)
    planned_until = models.DateTimeField(_("planned until"), null=True)
    route_position = models.PositiveSmallIntegerField(_("place in the route"), null=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    cancelled_at = models.DateTimeField(null=True)
    visited_on = models.DateField(_("visited on"), null=True)
    members = models.JSONField(_("members"), default=list)
    findings = models.TextField(_("findings"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["planned_from"],
                condition=Q(recorded_at__isnull=True, cancelled_at__isnull=True),
                name="visit_to_come",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(recorded_at__isnull=True, cancelled_at__isnull=True),
                name="visit_planned_once",
                violation_error_message=_("A visit to this community is planned already."),
            ),
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True, planned_until__isnull=True)
                | Q(planned_from__isnull=False, planned_until__gt=F("planned_from")),
                name="visit_period_ordered",
                violation_error_message=_("A visit ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True, visited_on__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False, visited_on__isnull=False),
                name="visit_recorded_whole",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=False) | Q(planned_from__isnull=False),
                name="visit_planned_or_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.visited_on or self.planned_from}"

    @property
    def is_planned(self) -> bool:
        """Tell whether the visit is still to come."""
        return self.recorded_at is None and self.cancelled_at is None


class VisitCheck(models.Model):
    """What a visit found about one requirement of annex 1 (row S-10)."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="checks")
    requirement = models.ForeignKey("nominations.Requirement", models.PROTECT, related_name="+")
    verdict = models.CharField(
        max_length=20,
        choices=[(one.value, one.label) for one in (CheckVerdict.MET, CheckVerdict.NOT_MET)],
    )
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["requirement__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "requirement"], name="visit_check_once"),
            models.CheckConstraint(
                condition=Q(verdict=CheckVerdict.MET) | (Q(verdict=CheckVerdict.NOT_MET) & ~Q(note="")),
                name="visit_check_reasoned",
                violation_error_message=_("Say what was found where a requirement is not met."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.requirement_id} {self.verdict}"


class VetoFinding(models.Model):
    """Something seen on site that may exclude the community; its photos are evidence (purpose ``veto_<number>``).

    It stays open until the city records the excluding event, or says why there is none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="vetoes")
    kind = models.CharField(max_length=24, choices=VetoKind.choices)
    note = models.CharField(max_length=1000)
    photo_id = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dismissed_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=VetoKind.values), name="veto_finding_kind_known"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, dismissed_reason="")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="veto_finding_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"
