"""Conflicts of interest as evaluators declare them; an answer is kept whatever it is (row S-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from common.identifiers import new_id
from nominations.enums import ConflictKind

if TYPE_CHECKING:
    from accounts.actors import Actor

_REFUSE = "RAISE EXCEPTION 'declaration: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
_ONLY_LIFTED = f"""
    lifted := OLD;
    lifted.lifted_at := NEW.lifted_at;
    lifted.lifted_by_id := NEW.lifted_by_id;
    lifted.lifted_reason := NEW.lifted_reason;
    IF OLD.lifted_at IS NOT NULL OR NEW IS DISTINCT FROM lifted THEN {_REFUSE} END IF;
    RETURN NEW;
"""


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Filters over declarations."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep an evaluator's own, and those of a city's pool for its officers and auditors; deny by default."""
        if actor.is_system or (actor.role, actor.organization_kind) == (Role.AUDITOR, OrganizationKind.OPERATOR):
            return self
        if actor.role in {Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR}:
            return self.filter(person__evaluator_profiles__city=actor.organization_id)
        return self.filter(person=actor.user_id) if actor.role == Role.EVALUATOR else self.none()

    def in_force(self) -> Self:
        """Keep those that name a relation and were not lifted as mistaken."""
        return self.filter(lifted_at__isnull=True).exclude(kind=ConflictKind.NONE)


class Declaration(models.Model):
    """What an evaluator says of a company, an authority or a community, or of a whole campaign: never rewritten.

    ``reason`` may speak of other people: it is for the city bureau alone, everybody else learns the kind.
    ``ended_on`` is the day on which the relation ended; an empty one still holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations")
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind of relation"), max_length=12, choices=ConflictKind.choices)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey("nominations.Community", models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True)
    reason = models.CharField(_("explanation"), max_length=500, blank=True)
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_reason = models.CharField(max_length=500, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ConflictKind.values), name="declaration_kind_known"),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(community__isnull=True), name="declaration_about_one"
            ),
            models.CheckConstraint(
                condition=Q(kind=ConflictKind.NONE) | Q(organization__isnull=False) | Q(community__isnull=False),
                name="declaration_of_a_relation_names_it",
                violation_error_message=_("Name the company, the authority or the community."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="declaration_lifted_with_reason",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="declaration_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=_REFUSE,
            ),
            pgtrigger.Trigger(
                name="declaration_is_only_lifted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("lifted", "RECORD")],
                func=_ONLY_LIFTED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

    def speaks_to(self, actor: Actor) -> bool:
        """Tell whether the words of the declaration are for the actor: the city bureau, and whoever wrote them."""
        return actor.organization_kind == OrganizationKind.CITY or self.person_id == actor.user_id
