"""What waits for somebody (待办): by kind of work, in the order in which a desk shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from accounts.actors import SYSTEM, Actor
from accounts.enums import Role
from evaluation.enums import SheetState
from nominations.enums import NominationState as N
from nominations.enums import ProvincialReportState, SelectionState, SummaryState, WorkReportState
from nominations.models import (
    Assignment,
    Campaign,
    Extension,
    Nomination,
    PanelProposal,
    ProvincialReport,
    RecommendationSummary,
    Selection,
    WorkReport,
)
from nominations.queries.nomination import REVIEWED
from nominations.queries.visit import findings_to_settle
from workflow.scoping import asked

Desk = Mapping[str, QuerySet[Any]]


def waiting_for(actor: Actor) -> Desk:
    """Return the rows that wait for the actor, by kind of work; empty for whoever only looks on."""
    desk = _DESKS.get(Role(actor.role))
    return desk(actor) if desk else {}


def counts_waiting_for(actor: Actor) -> dict[str, int]:
    """Return how many rows of each kind wait for the actor: one query."""
    kinds = _kinds(Role(actor.role))
    return dict.fromkeys(kinds, 0) | (dict(asked(_counted, actor)) if kinds else {})


@cache
def _kinds(role: Role) -> tuple[str, ...]:
    """Return what may wait for a role; the building of its queries is spared to a page that shows only how many."""
    return tuple(waiting_for(replace(SYSTEM, role=role, user_id=0)))


def _counted(actor: Actor) -> QuerySet[Any, Any]:
    kinds = [
        rows.order_by().annotate(pile=Value(kind)).values_list("pile").annotate(Count("pk", distinct=True))
        for kind, rows in waiting_for(actor).items()
    ]
    counted: QuerySet[Any, Any] = kinds[0].union(*kinds[1:], all=True)
    return counted


def _nominations(actor: Actor, *states: N) -> QuerySet[Nomination]:
    return Nomination.objects.visible_to(actor).filter(state__in=states)


def _of_company(actor: Actor) -> Desk:
    return {"to_fill_in": _nominations(actor, N.DRAFT), "to_correct": _nominations(actor, N.RETURNED)}


def _of_district_reviewer(actor: Actor) -> Desk:
    unreviewed = _nominations(actor, N.SUBMITTED).exclude(REVIEWED)
    return {
        "to_take_up": unreviewed.filter(claimed_by__isnull=True),
        "to_review": unreviewed.filter(claimed_by=actor.person_id),
        "work_reports_to_write": _district_reports(actor),
    }


def _of_district_approver(actor: Actor) -> Desk:
    summaries = RecommendationSummary.objects.visible_to(actor)
    prepared = Q(state__in=[SummaryState.DRAFT, SummaryState.RETURNED], preparer__isnull=False)
    overtaken = Q(state=SummaryState.APPROVED, content_digest="")  # to be amended, and approved anew
    return {
        "to_decide": _nominations(actor, N.SUBMITTED).filter(REVIEWED),
        "summaries_to_approve": summaries.filter(prepared | overtaken),
        "summaries_to_send": summaries.filter(state=SummaryState.APPROVED).exclude(overtaken),
        "work_reports_to_send": _district_reports(actor).filter(preparer__isnull=False),
    }


def _of_city_reviewer(actor: Actor) -> Desk:
    return {
        "summaries_to_receive": RecommendationSummary.objects.visible_to(actor).filter(state=SummaryState.SUBMITTED),
        "to_evaluate": _nominations(actor, N.RECOMMENDED).filter(summary__state=SummaryState.RECEIVED),
        "panels_to_deploy": PanelProposal.objects.visible_to(actor).open(),
        "findings_to_settle": findings_to_settle(actor),
        "work_reports_to_accept": WorkReport.objects.visible_to(actor).filter(state=WorkReportState.SUBMITTED),
        "selections_to_propose": Selection.objects.visible_to(actor).filter(state=SelectionState.DRAFT),
        "reports_to_prepare": _reports_to_prepare(actor),
    }


def _reports_to_prepare(actor: Actor) -> QuerySet[ProvincialReport]:
    """Return the reports that nobody has prepared yet although the selection stands."""
    reports = ProvincialReport.objects.visible_to(actor).filter(
        state=ProvincialReportState.DRAFT, preparer__isnull=True
    )
    return reports.filter(campaign__selections__state=SelectionState.APPROVED).distinct()


def _of_city_approver(actor: Actor) -> Desk:
    reports = ProvincialReport.objects.visible_to(actor)
    extensions = Extension.objects.filter(campaign__in=Campaign.objects.visible_to(actor), approved_at__isnull=True)
    return {
        "selections_to_approve": Selection.objects.visible_to(actor).filter(state=SelectionState.PROPOSED),
        "reports_to_approve": reports.filter(state=ProvincialReportState.DRAFT, preparer__isnull=False),
        "reports_to_send": reports.filter(state=ProvincialReportState.APPROVED),
        "extensions_to_approve": extensions.exclude(prepared_by=actor.person_id),
    }


def _of_evaluator(actor: Actor) -> Desk:
    own = Assignment.objects.active().filter(evaluator=actor.person_id, nomination__state=N.RECOMMENDED)
    return {"to_score": own.exclude(sheet__state=SheetState.HANDED_IN)}


def _district_reports(actor: Actor) -> QuerySet[WorkReport]:
    return WorkReport.objects.visible_to(actor).filter(state__in=[WorkReportState.DRAFT, WorkReportState.RETURNED])


_DESKS: Mapping[Role, Callable[[Actor], Desk]] = {
    Role.COMPANY_ADMIN: _of_company,
    Role.COMPANY_EDITOR: _of_company,
    Role.DISTRICT_REVIEWER: _of_district_reviewer,
    Role.DISTRICT_APPROVER: _of_district_approver,
    Role.CITY_REVIEWER: _of_city_reviewer,
    Role.CITY_APPROVER: _of_city_approver,
    Role.EVALUATOR: _of_evaluator,
}
