"""Who scores which community: assignments, and the proposals that they come from (row S-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.identifiers import new_id
from evaluation.enums import SheetState
from nominations.enums import AssignmentEnd, AssignmentStage, Capacity, ConflictCause, ConflictKind, DeclineReason
from nominations.models.scopes import scope_of

if TYPE_CHECKING:
    from accounts.actors import Actor


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Filters over assignments."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the city's for its officers and readers, an evaluator's own; districts and companies see none."""
        if actor.role == Role.EVALUATOR:
            return self.filter(evaluator=actor.user_id)
        scope = scope_of(actor, district="", city="nomination__campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def active(self) -> Self:
        """Keep those who still score: not declined, not in conflict, not released."""
        return self.filter(ended_at__isnull=True)

    def counted_or_in_conflict(self) -> Self:
        """Leave out who declined or was released and so never was on the panel."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_because=AssignmentEnd.CONFLICT))


class Assignment(models.Model):
    """An evaluator who scores one nomination, and the sheet that came of it.

    One that has ended stays, with the reason. ``conflict_reason`` is filled exactly when the reason is a conflict of
    interest: then a sheet that was handed in before no longer counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="assignments")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    sheet = models.OneToOneField("evaluation.ScoreSheet", models.PROTECT, null=True, related_name="+")
    proposal = models.ForeignKey("nominations.PanelProposal", models.PROTECT, null=True, related_name="assignments")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=AssignmentEnd.choices, blank=True)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)
    end_note = models.CharField(max_length=500, blank=True)
    conflict_reason = models.CharField(_("conflict of interest"), max_length=500, blank=True)
    conflict_kind = models.CharField(max_length=12, choices=ConflictKind.choices, blank=True)
    conflict_cause = models.CharField(max_length=16, choices=ConflictCause.choices, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["evaluator"], condition=Q(ended_at__isnull=True), name="assignment_of_evaluator")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nomination", "evaluator"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="", conflict_reason="", decline_reason="")
                | Q(ended_at__isnull=False, ended_because=AssignmentEnd.RELEASED, conflict_reason="", decline_reason="")
                | (
                    Q(ended_at__isnull=False, ended_because=AssignmentEnd.DECLINED, conflict_reason="")
                    & ~Q(decline_reason="")
                )
                | (
                    Q(ended_at__isnull=False, ended_because=AssignmentEnd.CONFLICT, decline_reason="")
                    & ~Q(conflict_reason="")
                    & ~Q(conflict_kind="")
                ),
                name="assignment_ends_for_one_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluator_id} → {self.nomination_id}"

    @property
    def stage(self) -> AssignmentStage:
        """Return how far the evaluator has come; the sheet must be loaded along."""
        if self.ended_at is not None:
            return AssignmentStage.ENDED
        if self.sheet is not None:
            handed_in = self.sheet.state == SheetState.HANDED_IN
            return AssignmentStage.HANDED_IN if handed_in else AssignmentStage.SCORING
        return AssignmentStage.ACCEPTED if self.accepted_at else AssignmentStage.ASSIGNED


class PanelProposalQuerySet(models.QuerySet["PanelProposal"]):
    """Filters over proposals."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the city's own for its officers and auditors; nobody else sees who might be asked."""
        if actor.role not in {Role.SYSTEM, Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR}:
            return self.none()
        scope = scope_of(actor, district="", city="campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def open(self) -> Self:
        """Keep what is neither deployed nor replaced by a newer proposal."""
        return self.filter(deployed_at__isnull=True, replaced_at__isnull=True)


class PanelProposal(models.Model):
    """Panels as they were computed from a seed and perhaps changed by hand; deployed, it becomes assignments.

    ``findings`` tells what the computation met: loads, pairs that a conflict forbade, and who is lacking where.
    ``input_digest`` names the input, so that the same seed on the same input can be shown to give the same panels.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="panel_proposals")
    seed = models.PositiveBigIntegerField(_("seed"))
    input_digest = models.CharField(max_length=64)
    findings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    deployed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    deployed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = PanelProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of panels")
        verbose_name_plural = _("proposals of panels")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(deployed_at__isnull=True, replaced_at__isnull=True),
                name="panel_proposal_open_once",
                violation_error_message=_("There is an open proposal of panels in this campaign already."),
            ),
            models.CheckConstraint(
                condition=Q(deployed_at__isnull=True) | Q(replaced_at__isnull=True), name="panel_proposal_has_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.seed}"

    @property
    def is_open(self) -> bool:
        """Tell whether the proposal can still be changed and deployed."""
        return self.deployed_at is None and self.replaced_at is None


class PanelSeat(models.Model):
    """One evaluator proposed for one nomination; ``is_manual`` where a person decided and not the computation."""

    proposal = models.ForeignKey(PanelProposal, models.CASCADE, related_name="seats")
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="+")
    evaluator = models.ForeignKey("nominations.Evaluator", models.PROTECT, related_name="+")
    is_manual = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "nomination", "evaluator"], name="panel_seat_once")
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.evaluator_id}"
