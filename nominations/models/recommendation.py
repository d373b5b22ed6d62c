"""The district's recommendation summary (form 4; rows S-06, S-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from attachments.models import Attachment
from common.identifiers import new_id
from nominations.enums import Act, DeadlineKind, NominationState, Window
from nominations.enums import SummaryState as S
from nominations.models.facts import count_of, extensions_of, sealed_copy_state
from nominations.models.scopes import scope_of
from nominations.rules import assessment as assessed
from nominations.rules import recommendation as rules
from nominations.rules import windows
from workflow.constraints import guard_states, state_check
from workflow.declaration import transition
from workflow.enums import Comment
from workflow.fields import StateField
from workflow.models import WorkflowModel, WorkflowQuerySet

if TYPE_CHECKING:
    from workflow.moves import Actor, Move

_WAITING = (NominationState.SUBMITTED, NominationState.RETURNED)
# In these states a community counts as recommended by its district.
_RECOMMENDED = (
    NominationState.RECOMMENDED,
    NominationState.EVALUATED,
    NominationState.RESERVED,
    NominationState.SHORTLISTED,
    NominationState.REPORTED,
)


class SummaryQuerySet(WorkflowQuerySet):
    """Filters over summaries."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the district's own and, for the city, its campaigns'; deny by default."""
        scope = scope_of(actor, district="district", city="campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def with_facts(self) -> Self:
        """Load along the campaign and the counts that the guards read: one query."""
        return self.select_related("campaign", "district").annotate(**_facts())


@guard_states
class RecommendationSummary(WorkflowModel):
    """The one table that a district sends to the city in a campaign."""

    flow = "recommendation_summary"
    acts = Act

    state = StateField(S)
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="summaries")
    district = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    preparer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    quota = models.PositiveSmallIntegerField(_("quota"), null=True, blank=True)
    recommended_count = models.PositiveSmallIntegerField(default=0, editable=False)
    content_digest = models.CharField(max_length=64, blank=True)
    sealed_digest = models.CharField(max_length=64, blank=True)
    sealed_copy_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    objects: ClassVar[SummaryQuerySet] = SummaryQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        verbose_name = _("recommendation summary")
        verbose_name_plural = _("recommendation summaries")
        constraints: ClassVar = [
            state_check("recommendation_summary", S),
            models.UniqueConstraint(fields=["campaign", "district"], name="summary_once"),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(recommended_count__lte=F("quota")),
                name="summary_quota_not_exceeded",
                violation_error_message=_("The district's quota is used up."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.district_id} {self.state}"

    @property
    def is_approved(self) -> bool:
        """Tell whether the table is approved and not yet sent."""
        return bool(self.state == S.APPROVED)

    @property
    def is_with_city(self) -> bool:
        """Tell whether the table has left the district."""
        return self.state in {S.SUBMITTED, S.RECEIVED}

    def unsettle(self) -> None:
        """Void preparation and seal, because what the table lists has changed; what the city holds stays as it was."""
        if not self.is_with_city:
            self.preparer_id, self.content_digest, self.sealed_digest, self.sealed_copy_id = None, "", "", None

    def overtake(self) -> None:
        """Void an approval in all but its name, because a nomination has come in that it does not decide on.

        Only the approver can take the approval itself back; until then there is nothing to seal and nothing to send.
        """
        if self.is_approved:
            self.unsettle()

    @property
    def is_overtaken(self) -> bool:
        """Tell whether what was approved is no longer what there is to decide on."""
        return self.is_approved and not self.content_digest

    @transition(
        state,
        source=[S.DRAFT, S.RETURNED],
        target=S.APPROVED,
        role=Role.DISTRICT_APPROVER,
        label=pgettext_lazy("recommendation_summary", "Approve"),
        guards=[
            rules.every_nomination_decided,
            rules.ranks_complete,
            rules.descriptions_attached,
            rules.not_the_preparer,
        ],
    )
    def approve(self, move: Move) -> None:
        """Sign the table off before it is sealed (row S-06)."""
        move.cite("summary", self.content_digest)

    @transition(
        state,
        source=S.APPROVED,
        target=S.DRAFT,
        role=Role.DISTRICT_APPROVER,
        label=pgettext_lazy("recommendation_summary", "Amend"),
        comment=Comment.REQUIRED,
    )
    def amend(self, move: Move) -> None:
        """Open the approved table again; its seal is void."""
        self.sealed_digest, self.sealed_copy_id = "", None

    @transition(
        state,
        source=S.APPROVED,
        target=S.SUBMITTED,
        role=Role.DISTRICT_APPROVER,
        label=_("Submit to city"),
        guards=[rules.sealed_copy_attached, windows.within_district_window],
    )
    def submit(self, move: Move) -> None:
        """Send the sealed table to the city bureau (notice, section four, 1; row S-06)."""
        self.submitted_at = move.at
        move.cite("sealed_copy", self.sealed_digest)
        move.settle(DeadlineKind.DISTRICT_CLOSES)

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.RECEIVED,
        role=Role.CITY_REVIEWER,
        label=_("Receive"),
    )
    def receive(self, move: Move) -> None:
        """Confirm that the table has arrived."""
        self.received_at = move.at

    @transition(
        state,
        source=[S.SUBMITTED, S.RECEIVED],
        target=S.RETURNED,
        role=Role.CITY_REVIEWER,
        label=pgettext_lazy("recommendation_summary", "Return"),
        comment=Comment.REQUIRED,
        guards=[assessed.evaluation_not_started],
    )
    def return_(self, move: Move) -> None:
        """Send the table back to the district; its seal is void."""
        self.sealed_digest, self.sealed_copy_id, self.received_at = "", None, None
        move.schedule(DeadlineKind.DISTRICT_CLOSES, windows.end_of(self, Window.DISTRICT))


class SummaryRow(models.Model):
    """One recommended community in the table: rank, score and the narrative columns of annex 4."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    summary = models.ForeignKey(RecommendationSummary, models.PROTECT, related_name="rows")
    nomination = models.OneToOneField("nominations.Nomination", models.PROTECT, related_name="summary_row")
    rank = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # Among communities equal in every criterion: the place that people have decided, and why.
    decided_place = models.PositiveSmallIntegerField(null=True)
    decided_reason = models.TextField(blank=True)
    company_text = models.TextField(_("property company"), blank=True)
    party_text = models.TextField(_("Party organization"), blank=True)
    committee_text = models.TextField(_("owners' committee"), blank=True)
    complaints_text = models.TextField(_("complaints"), blank=True)
    fees_text = models.TextField(_("fee collection"), blank=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(rank__gte=1), name="summary_row_rank_positive")
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.nomination_id}"


def _facts() -> dict[str, Any]:
    """Return the annotations of a summary."""
    from nominations.models.campaign import Extension
    from nominations.models.nomination import Nomination
    from nominations.models.panel import Assignment
    from nominations.models.visit import Visit

    nominations = Nomination.objects.filter(summary=OuterRef("pk"))
    rows = SummaryRow.objects.filter(summary=OuterRef("pk"))
    described = Attachment.objects.filter(
        subject_kind="summary_row", subject_id=OuterRef("pk"), purpose="description", state="clean",
        removed_at__isnull=True,
    )  # fmt: skip
    return {
        "undecided": count_of(nominations.filter(state__in=_WAITING)),
        "recommended": count_of(nominations.filter(state__in=_RECOMMENDED)),
        "all_rows": count_of(rows),
        "ranked_rows": count_of(rows.filter(rank__isnull=False, nomination__state__in=_RECOMMENDED)),
        "described_rows": count_of(rows.filter(Exists(described))),
        "has_visit": Exists(Visit.objects.recorded().filter(nomination__summary=OuterRef("pk"))),
        "sealed_copy_state": sealed_copy_state(),
        "panel": ArraySubquery(
            Assignment.objects.filter(nomination__summary=OuterRef("pk")).values(row=JSONObject(state="sheet__state"))
        ),
        "extended": extensions_of(
            Extension.objects.filter(
                Q(district=OuterRef("district")) | Q(district__isnull=True),
                campaign=OuterRef("campaign"),
                nomination__isnull=True,
            )
        ),
    }
