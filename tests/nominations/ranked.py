"""A season with panels that share their evaluators: what a ranking has to be made of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from accounts.actors import Actor
from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.scoring import Mark
from nominations.enums import Capacity
from nominations.models import Assignment, Nomination, Ranking
from nominations.operations.ranking import freeze_ranking
from tests.nominations import city_stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme, moved


def scored_by(nomination: Nomination, person: Actor, points: str, *, other: str = "", last: str = "") -> Assignment:
    """Have a person score a community: every item ``points``, every second ``other``, the last ``last`` (n/a: -)."""
    sheet = evaluation.open_sheet(
        standard_id=nomination.campaign.standard_id,
        subject_kind=Nomination.flow,
        subject_id=nomination.pk,
        kind="panel",
        scorer_id=person.person_id,
        scorer_role="expert",
        at=EVALUATING_AT,
    )
    leaves = list(scores.outline_of(sheet.standard_id).leaves())
    given = [points if index % 2 or not other else other for index in range(len(leaves))]
    given[-1] = last or given[-1]
    entries = [evaluation.Entry(leaf.item.id, _mark(each)) for leaf, each in zip(leaves, given, strict=True)]
    evaluation.save_scores(sheet_id=sheet.pk, scorer_id=person.person_id, entries=entries, at=EVALUATING_AT)
    evaluation.hand_in(sheet_id=sheet.pk, scorer_id=person.person_id, at=EVALUATING_AT)
    return Assignment.objects.create(
        nomination=nomination,
        evaluator_id=person.person_id,
        capacity=Capacity.EXPERT,
        sheet_id=sheet.pk,
        assigned_at=EVALUATING_AT,
    )


def _mark(points: str) -> Mark:
    if points == "-":
        return Mark(None, not_applicable=True, reason="无此项")
    return Mark(Decimal(points), remark="一般", photo_id=UUID(int=1))


def field(programme: Programme, panels: Mapping[str, Mapping[Actor, str]]) -> dict[str, Nomination]:
    """Recommend one community per entry of ``panels``, have it scored, and close every evaluation.

    A score is ``points``, ``points/other`` or ``points/other/last`` as in `scored_by`.
    """
    communities = {name: city_stages.recommended(programme) for name in panels}
    city_stages.received(programme)
    for name, panel in panels.items():
        for person, written in panel.items():
            points, other, last = [*written.split("/"), "", ""][:3]
            scored_by(communities[name], person, points, other=other, last=last)
    ids = [nomination.pk for nomination in communities.values()]
    Nomination.objects.filter(pk__in=ids).update(discrepancy_decision="已复核。")
    for nomination in communities.values():
        Assignment.objects.filter(pk=nomination.assignments.order_by("pk").last().pk).update(
            capacity=Capacity.DEPARTMENT
        )
        city_stages.visited(programme, nomination)
        moved(nomination, "complete_evaluation", programme.city_reviewer, at=EVALUATING_AT)
    return {name: Nomination.objects.get(pk=nomination.pk) for name, nomination in communities.items()}


def freeze(programme: Programme) -> Ranking:
    """Freeze the ranking as the city's reviewer."""
    return freeze_ranking(campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT)
