"""What the city does on site: evaluators are assigned, visits recorded, sheets filled in and handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from attachments.models import Attachment
from common.instants import local_date
from demo.population import papers
from demo.population.offices import Evaluator
from demo.population.stage import Stage, checked, items_of, move, nomination, points
from demo.population.tales import Tale
from evaluation import operations as evaluation
from evaluation.scoring import Mark
from nominations.enums import DeclineReason
from nominations.models import Assignment, Nomination
from nominations.models import Evaluator as Profile
from nominations.operations import assignment, panel
from nominations.operations import visit as operations


def assign(stage: Stage, pk: UUID, day: int, evaluators: Sequence[Evaluator], hour: int = 9) -> Tale[list[Assignment]]:
    """Put evaluators on the panel of a community."""
    at = yield stage.on(day, hour, 15)
    return [
        assignment.assign_evaluator(
            nomination_id=pk,
            evaluator_id=evaluator.actor.person_id,
            actor=stage.city.reviewer,
            at=at,
        )
        for evaluator in evaluators
    ]


def deploy(stage: Stage, pk: UUID, day: int, evaluators: Sequence[Evaluator]) -> Tale[None]:
    """Have panels proposed, put these people on the one of this community by hand, and deploy them all."""
    city, campaign = stage.city.reviewer, stage.campaign.pk
    at = yield stage.on(day, 16, 55)
    proposal = panel.propose_panels(campaign_id=campaign, seed=20260801, actor=city, at=at)
    at = yield stage.on(day, 17, 5)
    chosen = Profile.objects.filter(user__in=[evaluator.actor.person_id for evaluator in evaluators])
    wanted = [profile.pk for profile in chosen]
    panel.change_panel(proposal_id=proposal.pk, nomination_id=pk, evaluator_ids=wanted, actor=city, at=at)
    at = yield stage.on(day, 17, 15)
    panel.deploy_panels(proposal_id=proposal.pk, actor=city, at=at)


def decline(stage: Stage, pk: UUID, day: int, evaluator: Evaluator) -> Tale[None]:
    """Let an evaluator decline; the deputy takes over."""
    at = yield stage.on(day, 17, 40)
    own = Assignment.objects.active().get(nomination=pk, evaluator=evaluator.actor.person_id)
    note = "测评期间赴外地参加评审。"
    assignment.decline_assignment(
        assignment_id=own.pk, reason=DeclineReason.AWAY, note=note, actor=evaluator.actor, at=at
    )


def plan(stage: Stage, stops: Mapping[UUID, tuple[int, int]], day: int) -> Tale[None]:
    """Plan visits, each on a day at an hour."""
    at = yield stage.on(day, 17, 55)
    for pk, (on, hour) in stops.items():
        stop = operations.Stop(pk, stage.on(on, hour), stage.on(on, hour + 1, 30))
        operations.plan_visits(stops=[stop], members=["示例市城市管理局工作人员"], actor=stage.city.reviewer, at=at)


def visit(stage: Stage, pk: UUID, day: int, evaluators: Sequence[Evaluator]) -> Tale[None]:
    """Record the visit with its members and a photo."""
    at = yield stage.on(day, 17, 0)
    name = nomination(pk).community.name
    recorded = operations.record_visit(
        nomination_id=pk,
        visited_on=local_date(at),
        members=[evaluator.actor.name for evaluator in evaluators],
        findings="现场查看公示栏、消防车通道、垃圾分类投放点和物业服务中心，随机访谈业主 6 人。",
        photos=[papers.photo("现场查看.jpg", f"{name} visited")],
        actor=stage.city.reviewer,
        at=at,
    )
    for photo in Attachment.objects.filter(subject_kind="visit", subject_id=recorded.pk):
        checked(photo, at)


def score(stage: Stage, assigned: Assignment, day: int, marks: Sequence[Decimal], hour: int = 15) -> Tale[None]:
    """Fill in a whole sheet and hand it in."""
    sheet_id = yield from begin_to_score(stage, assigned, day, marks, hour)
    at = yield stage.on(day, hour + 1, 30)
    evaluation.hand_in(sheet_id=sheet_id, scorer_id=assigned.evaluator_id, at=at)


def begin_to_score(
    stage: Stage, assigned: Assignment, day: int, marks: Sequence[Decimal], hour: int = 15
) -> Tale[UUID]:
    """Open the sheet and enter as many marks as are given."""
    evaluator = next(one for one in stage.city.evaluators if one.actor.user_id == assigned.evaluator_id)
    at = yield stage.on(day, hour, 20)
    assignment.accept_assignment(assignment_id=assigned.pk, actor=evaluator.actor, at=at)
    sheet = assignment.open_panel_sheet(assignment_id=assigned.pk, actor=evaluator.actor, at=at)
    items = items_of(stage.campaign)[: len(marks)]
    entries = [evaluation.Entry(item, Mark(points=mark)) for item, mark in zip(items, marks, strict=True)]
    evaluation.save_scores(sheet_id=sheet.pk, scorer_id=assigned.evaluator_id, entries=entries, at=at)
    return sheet.pk


def evaluate(stage: Stage, pk: UUID, day: int, lost: int, panel: Sequence[Evaluator]) -> Tale[None]:
    """Evaluate a community from end to end: three evaluators who lose ``lost`` half points each, more or less one."""
    assignments = yield from assign(stage, pk, day, panel)
    yield from visit(stage, pk, day + 3, panel)
    for number, assigned in enumerate(assignments):
        yield from score(stage, assigned, day + 4 + number, points(lost - 1 + number))
    yield from complete(stage, pk, day + 8)


def complete(stage: Stage, pk: UUID, day: int) -> Tale[None]:
    """Close the evaluation of a community."""
    at = yield stage.on(day, 10, 40)
    move(Nomination, pk, "complete_evaluation", stage.city.reviewer, at)
