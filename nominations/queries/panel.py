"""The board of panels: who scores what and how far they are, without a single point (row S-09)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.actors import Actor
from nominations.enums import AssignmentStage, Capacity, NominationState
from nominations.models import Assignment, Campaign, Evaluator, Nomination, PanelProposal, PanelSeat
from nominations.models.panel import AssignmentQuerySet
from nominations.queries.matching import place_of

ON_THE_BOARD = (NominationState.RECOMMENDED, NominationState.EVALUATED)


@dataclass(frozen=True, slots=True)
class Row:
    """One community of the board: its evaluators, those who left last, and how many it still lacks."""

    nomination: Nomination
    seated: Sequence[Assignment]
    left: Sequence[Assignment]
    lacking: int

    @property
    def handed_in(self) -> int:
        """Return how many of those seated have handed in; never what they gave."""
        return sum(one.stage == AssignmentStage.HANDED_IN for one in self.seated)


@dataclass(frozen=True, slots=True)
class Board:
    """The panels of a campaign, and how much everybody in the pool has to do."""

    rows: Sequence[Row]
    loads: Sequence[tuple[Evaluator, int]]


def assignments_visible_to(actor: Actor) -> AssignmentQuerySet:
    """Return the assignments in scope with everything that a list shows."""
    return Assignment.objects.visible_to(actor).select_related(
        "nomination__community", "nomination__district", "nomination__campaign", "evaluator", "sheet"
    )


def proposals_visible_to(actor: Actor) -> QuerySet[PanelProposal]:
    """Return the proposals in scope, newest first, with the seats, their communities and their evaluators."""
    seats = PanelSeat.objects.select_related("nomination__community", "nomination__district", "evaluator__user")
    proposals = PanelProposal.objects.visible_to(actor).select_related("campaign", "prepared_by", "deployed_by")
    return proposals.prefetch_related(Prefetch("seats", seats.order_by("nomination__pinyin", "nomination", "pk")))


def board_of(campaign: Campaign, actor: Actor) -> Board:
    """Return the board of a campaign as far as the actor may see it: five queries, however many communities."""
    assignments = assignments_visible_to(actor).order_by("capacity", "assigned_at", "pk")
    nominations = (
        Nomination.objects.visible_to(actor)
        .filter(campaign=campaign, state__in=ON_THE_BOARD)
        .select_related("community", "district", "company")
        .prefetch_related(Prefetch("assignments", assignments, to_attr="panel_of_it"))
        .order_by("pinyin", "pk")
    )
    rows = [_row(campaign, nomination) for nomination in nominations]
    loads = Counter(one.evaluator_id for row in rows for one in row.seated)
    pool = Evaluator.objects.visible_to(actor).filter(city=campaign.city_id).select_related("user").order_by("pk")
    return Board(rows, [(one, loads[one.user_id]) for one in pool])


def progress_of_sheets(campaign: Campaign, actor: Actor) -> Mapping[UUID, Counter[str]]:
    """Return for each community how many evaluators are at which stage; no points, no totals (issue 3, item 5)."""
    stages: dict[UUID, Counter[str]] = {}
    rows = assignments_visible_to(actor).filter(nomination__campaign=campaign).order_by("nomination_id", "pk")
    for one in rows:
        stages.setdefault(one.nomination_id, Counter())[one.stage.value] += 1
    return stages


def _row(campaign: Campaign, nomination: Any) -> Row:
    seated = [one for one in nomination.panel_of_it if one.ended_at is None]
    left = [one for one in nomination.panel_of_it if one.ended_at is not None]
    place = place_of(campaign, nomination, [(one.evaluator_id, Capacity(one.capacity)) for one in seated])
    return Row(nomination, seated, left, max(0, place.seats))
