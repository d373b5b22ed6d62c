"""Panels when two people act at the same instant: deployed once, and no change is lost unseen."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.enums import Role
from nominations.enums import Capacity
from nominations.models import Assignment, Evaluator, PanelProposal
from nominations.operations.panel import change_panel, deploy_panels, propose_panels
from tests.nominations import city_stages, factories, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.workflow.races import at_once, codes, elsewhere
from workflow.models import Event

pytestmark = pytest.mark.usefixtures("committed")


def proposed() -> tuple[Programme, PanelProposal]:
    """Return a programme with a proposal for two communities that other connections see."""

    def build() -> tuple[Programme, PanelProposal]:
        world = stages.programme()
        for number in range(2):
            city_stages.recommended(world, bureau=number)
        for capacity in (Capacity.EXPERT, Capacity.EXPERT, Capacity.DEPARTMENT, Capacity.DEPARTMENT):
            city_stages.evaluator(world, capacity)
        made = propose_panels(campaign_id=world.campaign.pk, actor=world.city_reviewer, at=EVALUATING_AT)
        return world, made

    return elsewhere(build)


def test_panels_are_deployed_once_however_many_press_the_button() -> None:
    world, proposal = proposed()

    answers = at_once(
        [partial(deploy_panels, proposal_id=proposal.pk, actor=world.city_reviewer, at=EVALUATING_AT)] * 4
    )

    assert codes(answers) == ["proposal_closed"] * 3
    assert (Assignment.objects.count(), Event.objects.filter(name="assign_evaluator").count()) == (6, 6)


def test_two_reviewers_change_one_row_and_one_is_told() -> None:
    world, proposal = proposed()
    colleague = elsewhere(lambda: factories.actor(Role.CITY_REVIEWER, world.campaign.city))
    case = proposal.seats.order_by("nomination").values_list("nomination", flat=True)[0]
    everybody = list(Evaluator.objects.order_by("pk").values_list("pk", flat=True))
    row = {"proposal_id": proposal.pk, "nomination_id": case, "version": 1, "at": EVALUATING_AT}

    answers = at_once(
        [
            partial(change_panel, evaluator_ids=everybody[:3], actor=world.city_reviewer, **row),
            partial(change_panel, evaluator_ids=everybody[1:], actor=colleague, **row),
        ]
    )

    proposal.refresh_from_db()
    kept = set(proposal.seats.filter(nomination=case).values_list("evaluator", flat=True))
    assert codes(answers) == ["stale_version"]
    assert (proposal.version, kept in ({*everybody[:3]}, {*everybody[1:]})) == (2, True)


def test_deploying_and_changing_at_once_leaves_one_of_the_two_panels() -> None:
    world, proposal = proposed()
    case = proposal.seats.order_by("nomination").values_list("nomination", flat=True)[0]
    everybody = list(Evaluator.objects.order_by("pk").values_list("pk", flat=True))
    row = {"proposal_id": proposal.pk, "version": 1, "actor": world.city_reviewer, "at": EVALUATING_AT}

    answers = at_once(
        [
            partial(deploy_panels, **row),
            partial(change_panel, nomination_id=case, evaluator_ids=everybody[:3], **row),
        ]
    )

    assert codes(answers) in (["proposal_closed"], ["stale_version"])
    assert Assignment.objects.count() in {0, 6}
