"""Residential communities and what is known about them and the companies that manage them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from common.identifiers import new_id
from common.pinyin import initials, spell

if TYPE_CHECKING:
    from accounts.actors import Actor


# Evaluators know a city's communities by name, so that they can declare their interests.
CITY_ROLES = frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR, Role.EVALUATOR})


class CommunityQuerySet(models.QuerySet["Community"]):
    """Filters over communities."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep a company's own communities, a district's, a city's; deny by default."""
        if actor.is_system or (actor.role, actor.organization_kind) == (Role.AUDITOR, OrganizationKind.OPERATOR):
            return self
        if actor.organization_kind == OrganizationKind.COMPANY:
            return self.filter(company=actor.organization_id)
        if actor.organization_kind == OrganizationKind.DISTRICT:
            return self.filter(authority=actor.organization_id)
        if actor.role in CITY_ROLES and actor.city_id:
            return self.filter(authority__parent=actor.city_id)
        if actor.role == Role.PROVINCE_VIEWER:
            return self.filter(authority__parent__parent=actor.organization_id)
        return self.none()


class Community(models.Model):
    """A residential community (小区) in a neighborhood (社区) of a subdistrict (街道), managed by one company."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=600, editable=False, db_index=True)
    initials = models.CharField(max_length=120, editable=False)
    authority = models.ForeignKey(
        Organization, models.PROTECT, related_name="supervised_communities", verbose_name=_("district bureau")
    )
    district = models.ForeignKey("accounts.District", models.PROTECT, related_name="communities")
    subdistrict = models.CharField(_("subdistrict"), max_length=60)
    neighborhood = models.CharField(_("neighborhood"), max_length=60)
    address = models.CharField(_("address"), max_length=200, blank=True)
    company = models.ForeignKey(
        Organization, models.PROTECT, related_name="managed_communities", verbose_name=_("property service company")
    )

    objects = CommunityQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin"]
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        constraints: ClassVar = [
            models.UniqueConstraint(
                # Per company: what another company has entered must not be told by a refusal (decision 36).
                fields=["authority", "name", "neighborhood", "company"],
                name="community_once",
                violation_error_message=_("This community is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pinyin, self.initials = spell(self.name), initials(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through


class Penalty(models.Model):
    """An administrative penalty of a company (annex 1, requirement 6); it counts for all of its communities."""

    company = models.ForeignKey(Organization, models.PROTECT, related_name="penalties")
    decided_on = models.DateField(_("decided on"))
    authority = models.CharField(_("deciding authority"), max_length=120)
    document = models.CharField(_("document number"), max_length=120)

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "document"], name="penalty_once")]

    def __str__(self) -> str:
        return f"{self.document} {self.decided_on}"
