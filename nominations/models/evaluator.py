"""The city's pool of evaluators: who they are, where they may serve, when they are away (row S-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from common.identifiers import new_id
from nominations.enums import Capacity, Specialty

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.actors import Actor


class EvaluatorQuerySet(models.QuerySet["Evaluator"]):
    """Filters over the pool."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep a city's own pool for its officers and auditors, an evaluator's own profile; deny by default."""
        if actor.is_system or (actor.role, actor.organization_kind) == (Role.AUDITOR, OrganizationKind.OPERATOR):
            return self
        if actor.role in {Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR}:
            return self.filter(city=actor.organization_id)
        return self.filter(user=actor.user_id) if actor.role == Role.EVALUATOR else self.none()

    def in_service(self) -> Self:
        """Keep those whose identity was confirmed and who have not left: nobody else is ever matched."""
        return self.filter(identity_confirmed_at__isnull=False, is_active=True)

    def unconfirmed(self) -> Self:
        """Keep those who could serve as soon as somebody has confirmed who they are."""
        return self.filter(identity_confirmed_at__isnull=True, is_active=True)

    def suspended(self) -> Self:
        """Keep those who are matched with nobody until they are taken back."""
        return self.filter(is_active=False)

    def serving(self, district_id: UUID) -> Self:
        """Keep those who may serve in a district: who names none serves everywhere."""
        named = self.model.objects.filter(districts=district_id).values("pk")
        bound = self.model.objects.filter(districts__isnull=False).values("pk")
        return self.filter(Q(pk__in=named) | ~Q(pk__in=bound))


class Evaluator(models.Model):
    """A person in the pool of one city, in one capacity; rights hang on the membership, matching on this profile.

    Without ``districts`` the person may serve anywhere. ``employer`` and ``home`` are what conflicts of interest are
    computed from besides memberships and declarations.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("city bureau"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluator_profiles", verbose_name=_("person")
    )
    kind = models.CharField(_("capacity"), max_length=12, choices=Capacity.choices)
    organization = models.CharField(_("where the person works"), max_length=120)
    employer = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("employer")
    )
    home = models.ForeignKey(
        "nominations.Community", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("home")
    )
    specialties = ArrayField(
        models.CharField(max_length=20, choices=Specialty.choices), verbose_name=_("specialties"), default=list
    )
    districts = models.ManyToManyField(
        "accounts.Organization", related_name="+", blank=True, verbose_name=_("districts")
    )
    deputies = models.ManyToManyField(
        "self", symmetrical=False, related_name="deputy_of", blank=True, verbose_name=_("deputies")
    )
    identity_confirmed_at = models.DateTimeField(_("identity confirmed at"), null=True, blank=True)
    identity_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_at = models.DateTimeField(editable=False)

    objects = EvaluatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluator")
        verbose_name_plural = _("evaluators")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "user"],
                name="evaluator_once",
                violation_error_message=_("This person is in the pool already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=Capacity.values), name="evaluator_kind_known"),
            models.CheckConstraint(
                condition=Q(identity_confirmed_at__isnull=True, identity_confirmed_by__isnull=True)
                | Q(identity_confirmed_at__isnull=False, identity_confirmed_by__isnull=False),
                name="evaluator_identity_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

    @property
    def is_in_service(self) -> bool:
        """Tell whether the person may be matched and assigned."""
        return self.is_active and self.identity_confirmed_at is not None


class Absence(models.Model):
    """Days on which an evaluator is away, both ends included."""

    evaluator = models.ForeignKey(Evaluator, models.CASCADE, related_name="absences")
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))

    class Meta:
        ordering = ["first_on"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="absence_ordered",
                violation_error_message=_("An absence ends on its first day or later."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"


class CalendarFeed(models.Model):
    """The address at which an evaluator's calendar is read; only the digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="calendar_feed_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
