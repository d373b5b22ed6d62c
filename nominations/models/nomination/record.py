"""What is kept of a nomination: its columns, its indexes, what may not be twice, and who may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nominations.enums import ENDED_STATES
from nominations.enums import NominationState as S
from nominations.models.facts import nomination_facts
from nominations.models.scopes import scope_of
from nominations.models.title import Titled
from workflow.constraints import state_check
from workflow.models import WorkflowModel, WorkflowQuerySet

if TYPE_CHECKING:
    from workflow.moves import Actor


class NominationQuerySet(WorkflowQuerySet):
    """Filters over nominations."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep a company's own, a district's own, a city's, an evaluator's assigned nominations; deny by default."""
        scope = scope_of(
            actor,
            company="company",
            district="district",
            city="campaign__city",
            evaluator="assignments__evaluator",
        )
        return self.none() if scope is None else self.filter(scope)

    def with_facts(self) -> Self:
        """Load along the campaign, the summary, the review and the figures that the guards read: one query."""
        related = ("campaign", "community", "company", "district", "summary", "review")
        return self.select_related(*related).annotate(**nomination_facts())


class NominationRecord(Titled, WorkflowModel):
    """The columns of a nomination; its state, and with it every move, stands in ``Nomination``."""

    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="nominations")
    community = models.ForeignKey("nominations.Community", models.PROTECT, related_name="nominations")
    company = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="nominations")
    district = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    summary = models.ForeignKey("nominations.RecommendationSummary", models.PROTECT, related_name="nominations")
    number = models.CharField(_("number"), max_length=40, blank=True)
    pinyin = models.CharField(max_length=600, editable=False)

    form = models.JSONField(_("form"), default=dict)
    returned_form = models.JSONField(null=True, editable=False)  # as it stood when it was last returned
    content_digest = models.CharField(max_length=64, blank=True)
    confirmed_digest = models.CharField(max_length=64, blank=True)
    sealed_digest = models.CharField(max_length=64, blank=True)
    sealed_copy_id = models.UUIDField(null=True)

    submitted_at = models.DateTimeField(null=True)
    recommended_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    correction_due_at = models.DateTimeField(null=True)
    corrections = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    panel_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    discrepancy_decision = models.TextField(blank=True)
    veto = models.JSONField(null=True)

    # What the form said stays with the nomination; an event cites its digest.
    untold: ClassVar[frozenset[str]] = WorkflowModel.untold | {"returned_form"}

    objects: ClassVar[NominationQuerySet] = NominationQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        abstract = True
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        indexes: ClassVar = [
            models.Index(fields=["district", "state", "-id"], name="nomination_queue"),
            models.Index(fields=["campaign", "state", "-id"], name="nomination_progress"),
            models.Index(fields=["company", "-id"], name="nomination_of_company"),
            models.Index(fields=["campaign", "pinyin", "id"], name="nomination_by_name"),
            models.Index(
                fields=["-title_from", "-id"], condition=Q(title_from__isnull=False), name="nomination_titles"
            ),
        ]
        constraints: ClassVar = [
            state_check("nomination", S),
            models.UniqueConstraint(
                fields=["campaign", "community"],
                condition=~Q(state__in=[state.value for state in ENDED_STATES]),
                name="nomination_active_once",
                violation_error_message=_("This community has an active nomination in this campaign already."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "number"], condition=~Q(number=""), name="nomination_number_once"
            ),
            models.CheckConstraint(
                condition=Q(title_until__isnull=True) | Q(title_from__isnull=False, title_until__gte=F("title_from")),
                name="nomination_title_period_ordered",
                violation_error_message=_("The title would end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk} {self.state}"
