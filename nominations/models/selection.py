"""The city's selection: who is shortlisted, who stays in reserve, who is passed over, and why (row S-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from common.digest import canonical_digest
from common.identifiers import new_id
from nominations.enums import Act, NominationState, SelectionOutcome, SelectionStanding
from nominations.enums import SelectionState as S
from nominations.models.facts import count_of, handled_by
from nominations.models.scopes import scope_of
from nominations.rules import recommendation as recommended
from nominations.rules import selection as rules
from nominations.rules.concentration import COMPANY, DISTRICT, Concentration, Holder, concentrations
from workflow.constraints import guard_states, state_check
from workflow.declaration import transition
from workflow.enums import Comment
from workflow.fields import StateField
from workflow.models import WorkflowModel, WorkflowQuerySet

if TYPE_CHECKING:
    from workflow.moves import Actor, Move

ROW_NAMES = ("nomination__community", "nomination__district", "nomination__company")
# Who is in these states has one of the campaign's places.
WITH_A_PLACE = (
    NominationState.SHORTLISTED,
    NominationState.REPORTED,
    NominationState.AWARDED,
    NominationState.NOT_AWARDED,
    NominationState.REVOKED,
)


class SelectionQuerySet(WorkflowQuerySet):
    """Filters over selections."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the city's own for its officers and auditors; a district or company never sees a selection."""
        scope = scope_of(actor, district="", city="campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def with_facts(self) -> Self:
        """Load along the campaign, the ranking, and the rows with their communities: two queries."""
        rows = SelectionRow.objects.select_related(*ROW_NAMES)
        related = self.select_related("campaign", "ranking").prefetch_related(Prefetch("rows", rows))
        return related.annotate(**_facts())


@guard_states
class Selection(WorkflowModel):
    """One proposal of the city, prepared by one officer and approved by another; one is open per campaign."""

    flow = "selection"
    acts = Act

    state = StateField(S)
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="selections")
    ranking = models.ForeignKey("nominations.Ranking", models.PROTECT, null=True, related_name="selections")
    preparer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tie_decision = models.TextField(_("decision on equal ranks at the cut line"), blank=True)
    fewer_reason = models.TextField(_("why fewer than the places"), blank=True)
    approved_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:  # of ``with_facts``
        handled_by: list[int]
        districts_before: list[dict[str, str]]
        companies_before: list[dict[str, str]]

    objects: ClassVar[SelectionQuerySet] = SelectionQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints: ClassVar = [
            state_check("selection", S),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=~Q(state=S.APPROVED.value),
                name="selection_open_once",
                violation_error_message=_("There is an open selection in this campaign already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.state}"

    @property
    def proposer_id(self) -> int:
        """Return who changed the selection last."""
        return int(self.preparer_id)

    @property
    def shortlisted_rows(self) -> int:
        """Return how many communities the selection shortlists."""
        return len(self._with(SelectionOutcome.SHORTLIST))

    @property
    def reserved_rows(self) -> int:
        """Return how many communities the selection puts or leaves on reserve."""
        return len(self._with(SelectionOutcome.RESERVE))

    def out_of_order(self) -> list[SelectionRow]:
        """Return the rows that overtake a better rank."""
        return rules.taken_out_of_order(list(self.rows.all()))

    def tie_at_cut(self) -> bool:
        """Tell whether equal ranks fall on both sides of a line."""
        return bool(rules.parted_ranks(list(self.rows.all())))

    def leaves_places_free(self) -> bool:
        """Tell whether places stay free that a listed community could take."""
        free = self.campaign.places - self.campaign.places_taken
        left = [row for row in self.rows.all() if row.standing != SelectionStanding.REMOVED]
        return self.shortlisted_rows < min(free, len(left))

    def concentrations(self) -> list[Concentration]:
        """Return how the places are spread if the selection is approved, those that were taken before included."""
        rows = self._with(SelectionOutcome.SHORTLIST)
        held = [holder for row in rows for holder in row.holders()]
        held += [
            Holder(one["kind"], one["id"], one["name"]) for one in (*self.districts_before, *self.companies_before)
        ]
        return concentrations(held, places=self.campaign.places, limit=self.campaign.concentration_share)

    def digest(self) -> str:
        """Return the digest of what is proposed, reasons included."""
        rows = [[row.rank, row.nomination.number, row.outcome, row.reason] for row in self.rows.all()]
        return canonical_digest([rows, self.tie_decision, self.fewer_reason])

    def _with(self, outcome: SelectionOutcome) -> list[SelectionRow]:
        return [row for row in self.rows.all() if row.outcome == outcome]

    @transition(
        state,
        source=S.DRAFT,
        target=S.PROPOSED,
        role=Role.CITY_REVIEWER,
        label=_("Propose"),
        guards=[
            rules.ranking_frozen,
            recommended.every_nomination_decided,
            rules.reasons_given_out_of_order,
            rules.tie_at_cut_decided,
            rules.within_quota,
        ],
        locks=["campaign"],
    )
    def propose(self, move: Move) -> None:
        """Put the selection before the approver (row S-15)."""
        if self.ranking is not None:  # ranking_frozen has seen to it
            move.cite("ranking", self.ranking.digest)
        move.cite("selection", self.digest())

    @transition(
        state,
        source=S.PROPOSED,
        target=S.DRAFT,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("selection", "Send back"),
        comment=Comment.REQUIRED,
        guards=[rules.not_the_proposer],
    )
    def reject(self, move: Move) -> None:
        """Send the proposal back with the reason."""

    @transition(
        state,
        source=S.PROPOSED,
        target=S.APPROVED,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("selection", "Approve"),
        comment=Comment.REQUIRED,
        guards=[rules.not_the_proposer, rules.within_quota],
        locks=["campaign"],
    )
    def approve(self, move: Move) -> None:
        """Decide on the selection; every listed nomination moves in the same transaction (flow rule 10)."""
        self.approved_at = move.at
        move.cite("selection", self.digest())
        for row in self.rows.all():
            if not row.stays:
                move.then(row.nomination, row.outcome, comment=row.reason or move.comment)


class SelectionRow(models.Model):
    """What the selection says about one community; the reason is required out of rank order.

    ``standing`` is where the community stood when the selection was prepared, ``stability`` what the frozen ranking
    says of how firm its rank is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    selection = models.ForeignKey(Selection, models.CASCADE, related_name="rows")
    nomination = models.ForeignKey("nominations.Nomination", models.PROTECT, related_name="selection_rows")
    rank = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=SelectionOutcome.choices)
    reason = models.TextField(blank=True)
    standing = models.CharField(
        max_length=12, choices=SelectionStanding.choices, default=SelectionStanding.EVALUATED, editable=False
    )
    stability = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["rank", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["selection", "nomination"], name="selection_row_once")]

    def __str__(self) -> str:
        return f"{self.rank} {self.outcome}"

    @property
    def stays(self) -> bool:
        """Tell whether the community is left where it is: on reserve already."""
        is_reserve = self.outcome == SelectionOutcome.RESERVE
        return is_reserve and self.nomination.state == NominationState.RESERVED

    def holders(self) -> list[Holder]:
        """Return whose place it would be: the district's and the company's."""
        nomination = self.nomination
        return [
            Holder(DISTRICT, str(nomination.district_id), nomination.district.name),
            Holder(COMPANY, str(nomination.company_id), nomination.company.name),
        ]


def _facts() -> dict[str, Any]:
    """Return the annotations of a selection: how many evaluated communities it says nothing about, and the like."""
    from nominations.models.nomination import Nomination

    evaluated = Nomination.objects.filter(
        campaign=OuterRef("campaign"), state__in=(NominationState.EVALUATED, NominationState.RECOMMENDED)
    )
    mentioned = SelectionRow.objects.filter(selection=OuterRef(OuterRef("pk"))).values("nomination")
    before = Nomination.objects.filter(campaign=OuterRef("campaign"), state__in=WITH_A_PLACE).exclude(pk__in=mentioned)
    return {
        "undecided": count_of(evaluated.exclude(pk__in=mentioned)),
        "handled_by": handled_by(OuterRef("pk")),
        "districts_before": _holders(before, DISTRICT),
        "companies_before": _holders(before, COMPANY),
    }


def _holders(nominations: Any, kind: str) -> ArraySubquery:
    """Return the holders of places that were taken by an earlier selection, once for each place."""
    # PostgreSQL 15 asks for the type of a value bound inside an object.
    word = Cast(Value(kind), models.TextField())
    row = JSONObject(kind=word, id=f"{kind}_id", name=f"{kind}__name")
    return ArraySubquery(nominations.order_by("pk").values(row=row))
