"""The board of panels: who scores what and how far they are, without a single point (row S-09)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

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
    rows = [row_of(campaign, nomination) for nomination in cases_on_board(campaign, actor)]
    loads = Counter(one.evaluator_id for row in rows for one in row.seated)
    pool = Evaluator.objects.visible_to(actor).filter(city=campaign.city_id).select_related("user").order_by("pk")
    return Board(rows, [(one, loads[one.user_id]) for one in pool])


def cases_on_board(campaign: Campaign, actor: Actor) -> QuerySet[Any]:
    """Return the communities of the board by name, each with its assignments in ``panel_of_it``."""
    assignments = assignments_visible_to(actor).order_by("capacity", "assigned_at", "pk")
    return (
        _on_board(campaign, actor)
        .select_related("community", "district", "company")
        .prefetch_related(Prefetch("assignments", assignments, to_attr="panel_of_it"))
        .order_by("pinyin", "pk")
    )


def lacking_on_board(campaign: Campaign, actor: Actor) -> int:
    """Return how many seats of the whole board are empty: two queries, of keys alone."""
    board = _on_board(campaign, actor)
    seated: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    active = Assignment.objects.visible_to(actor).active().filter(nomination__in=board)
    for nomination_id, evaluator_id, capacity in active.values_list("nomination", "evaluator", "capacity"):
        seated[nomination_id].append((evaluator_id, Capacity(capacity)))
    cases = board.only("campaign", "district")
    return sum(max(0, place_of(campaign, one, seated[one.pk]).seats) for one in cases)


def busiest_of_pool(campaign: Campaign, actor: Actor, *, most: int) -> list[tuple[Evaluator, int]]:
    """Return who of the pool has how many communities of the board in hand, the busiest first: one query."""
    on_board = Q(
        user__assignments__ended_at__isnull=True,
        user__assignments__nomination__campaign=campaign,
        user__assignments__nomination__state__in=ON_THE_BOARD,
    )
    pool = Evaluator.objects.visible_to(actor).filter(city=campaign.city_id).select_related("user")
    ranked: Any = pool.annotate(on_board=Count("user__assignments", filter=on_board)).order_by("-on_board", "pk")
    return [(one, one.on_board) for one in ranked[:most]]


def _on_board(campaign: Campaign, actor: Actor) -> QuerySet[Nomination]:
    return Nomination.objects.visible_to(actor).filter(campaign=campaign, state__in=ON_THE_BOARD)


def progress_of_sheets(campaign: Campaign, actor: Actor) -> Mapping[UUID, Counter[str]]:
    """Return for each community how many evaluators are at which stage; no points, no totals (issue 3, item 5)."""
    stages: dict[UUID, Counter[str]] = {}
    rows = assignments_visible_to(actor).filter(nomination__campaign=campaign).order_by("nomination_id", "pk")
    for one in rows:
        stages.setdefault(one.nomination_id, Counter())[one.stage.value] += 1
    return stages


def row_of(campaign: Campaign, nomination: Any) -> Row:
    """Return the row of a community that ``cases_on_board`` has loaded."""
    seated = [one for one in nomination.panel_of_it if one.ended_at is None]
    left = [one for one in nomination.panel_of_it if one.ended_at is not None]
    place = place_of(campaign, nomination, [(one.evaluator_id, Capacity(one.capacity)) for one in seated])
    return Row(nomination, seated, left, max(0, place.seats))
