"""Panels and visits: who scores what, proposed, changed and deployed; when each community is visited."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.instants import local_date, start_of
from common.name_search import holding, wanted_in
from common.refusals import Refusal
from nominations.enums import AssignmentStage, ConflictKind, NominationState
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Assignment, Campaign, Evaluator, Nomination, PanelProposal, Visit
from nominations.models.evaluator import EvaluatorQuerySet
from nominations.operations import assignment as assignments
from nominations.operations import panel as operations
from nominations.operations import visit as visiting
from nominations.queries.panel import (
    busiest_of_pool,
    cases_on_board,
    lacking_on_board,
    proposals_visible_to,
    row_of,
)
from nominations.queries.visit import visits_visible_to
from web.acting import for_members
from web.city.acts import day_in
from web.city.asking import answered
from web.city.campaigns import campaign_named, chosen
from web.dates import spell_day
from web.kit import Action, Confirmation, Field, Link, Problem, Tag, aside, bars, problems_of
from web.looks import NOW, PASS, PLAIN, WAIT, tag
from web.paging import page_of_rows
from web.refused import status_of
from workflow.errors import NotFound

STAGES: Mapping[str, str] = {
    AssignmentStage.ASSIGNED: WAIT,
    AssignmentStage.ACCEPTED: NOW,
    AssignmentStage.SCORING: NOW,
    AssignmentStage.HANDED_IN: PASS,
    AssignmentStage.ENDED: PLAIN,
}
LONGEST_STOP = 600  # minutes
MOST_LOADS = 30  # people whose load is drawn beside the board
MOST_TO_PLAN = 100  # communities that a route is put together from
MOST_OFFERED = 60  # people offered for one community of a proposal
ROWS_OF_PROPOSAL = 10


@dataclass(frozen=True, slots=True)
class Seats:
    """One community of a proposal: who is proposed, who else could be, and why some may not."""

    nomination: Nomination
    seats: Sequence[Any]
    pool: Sequence[tuple[Evaluator, bool, str]]
    lacking: int


@for_members
def board(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show who scores what and how far everybody is, without a single point."""
    shown = chosen(request, actor)
    cases = page_of_rows(request, cases_on_board(shown.campaign, actor))
    rows = [row_of(shown.campaign, one) for one in cases.object_list]
    pool = Evaluator.objects.visible_to(actor).filter(city=shown.campaign.city_id).count()
    loads = busiest_of_pool(shown.campaign, actor, most=MOST_LOADS)
    proposals: Any = proposals_visible_to(actor).prefetch_related(None)
    proposal = proposals.filter(campaign=shown.campaign).open().first()
    page = {
        "chosen": shown,
        "page": cases,
        "rows": [(row, [(one, stage_tag(one)) for one in row.seated], row.left) for row in rows],
        "loads": bars([(aside(one.user.name, one.get_kind_display()), load) for one, load in loads]),
        "pool": pool,
        "lacking": lacking_on_board(shown.campaign, actor),
        "actions": _actions(shown.campaign, proposal, actor),
        "edits": actor.role == Role.CITY_REVIEWER,
    }
    return render(request, "city/panels.html", page)


@for_members
def propose(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Have panels proposed, to be looked at and changed before anybody is asked."""
    campaign = campaign_named(campaign_id, actor)
    asked = Confirmation(
        _("Propose panels"),
        (
            str(_("Evaluators are proposed for every community that lacks some, without conflicts, evenly.")),
            str(_("Nobody is asked yet. You look through the proposal, change it and deploy it.")),
        ),
        pgettext_lazy("panels", "Propose"),
        address_of(campaign),
    )
    page: dict[str, Any] = {"confirmation": asked, "crumbs": [Link(_("Panels"), address_of(campaign))]}
    if request.method != "POST":
        return render(request, "kit/confirmation.html", page)
    try:
        made = operations.propose_panels(campaign_id=campaign.pk, actor=actor, at=at)
    except DomainError as error:
        page["problems"] = problems_of(error)
        return render(request, "kit/confirmation.html", page, status=status_of(error))
    return redirect("web:city:proposal", made.pk)


@for_members
def proposal(request: HttpRequest, proposal_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show a proposal community by community; the reviewer puts others into a row here."""
    found = _proposal(proposal_id, actor)
    if request.method != "POST":
        return _proposal_page(request, found, actor)
    try:
        operations.change_panel(
            proposal_id=found.pk,
            nomination_id=_key(request.POST.get("nomination", "")),
            evaluator_ids=[_key(one) for one in request.POST.getlist("evaluators")],
            version=_version(request),
            actor=actor,
            at=at,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        return _proposal_page(request, found, actor, problems_of(error), status=status_of(error))
    return redirect("web:city:proposal", found.pk)


@for_members
def deploy(request: HttpRequest, proposal_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then assign everybody whom the proposal names."""
    found = _proposal(proposal_id, actor)
    people = found.seats.values("evaluator").distinct().count()
    asked = Confirmation(
        _("Deploy the panels"),
        (str(_("%(count)s people are assigned and told at once.")) % {"count": people},),
        _("Deploy"),
        reverse("web:city:proposal", args=[found.pk]),
        version=found.version,
    )
    page: dict[str, Any] = {"confirmation": asked, "crumbs": [Link(_("Panels"), address_of(found.campaign))]}
    if request.method != "POST":
        return render(request, "kit/confirmation.html", page)
    try:
        operations.deploy_panels(proposal_id=found.pk, actor=actor, at=at, version=_version(request))
    except DomainError as error:
        page["problems"] = [Problem(problem.sentence) for problem in problems_of(error)]
        return render(request, "kit/confirmation.html", page, status=status_of(error))
    return redirect(address_of(found.campaign))


@for_members
def release(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Take an evaluator off a panel, with the reason."""
    found = Assignment.objects.visible_to(actor).active().filter(pk=assignment_id).first()
    if found is None:
        raise NotFound
    campaign = found.nomination.campaign
    field = Field("reason", _("Reason"), "textarea", required=True, longest=500)
    asked = Confirmation(
        str(_("Release %(name)s")) % {"name": found.evaluator.name},
        (str(_("The person no longer scores this community and is told. The reason is kept.")),),
        _("Release"),
        address_of(campaign),
        (field,),
        look="danger",
    )
    return answered(
        request,
        asked,
        [Link(_("Panels"), address_of(campaign))],
        lambda: assignments.release_evaluator(
            assignment_id=found.pk, reason=request.POST.get("reason", ""), actor=actor, at=at
        ),
    )


@for_members
def visits(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the visits by day in the order of the route; the reviewer plans a route here."""
    shown = chosen(request, actor)
    if request.method != "POST":
        return _visits_page(request, shown.campaign, actor, at)
    try:
        visiting.plan_visits(stops=_stops(request), members=_members(request), actor=actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        problems = [Problem(problem.sentence) for problem in problems_of(error)]
        return _visits_page(request, shown.campaign, actor, at, problems, status=status_of(error))
    return redirect(f"{reverse('web:city:visits')}?campaign={shown.campaign.pk}")


def visits_of(campaign: Campaign, actor: Actor) -> QuerySet[Visit]:
    """Return the visits that stand, by day and in the order of the route."""
    found = visits_visible_to(actor).filter(nomination__campaign=campaign, cancelled_at__isnull=True)
    day = Coalesce("visited_on", TruncDate("planned_from", tzinfo=timezone.get_default_timezone()))
    timed = F("planned_from").asc(nulls_last=True)
    return found.annotate(day=day).order_by("day", timed, F("route_position").asc(nulls_first=True), "pk")


def stage_tag(assignment: Assignment) -> Tag:
    """Return how far an evaluator is, in a word; never what was given."""
    stage = assignment.stage
    return tag(STAGES[stage], stage.label)


def _actions(campaign: Campaign, open_one: PanelProposal | None, actor: Actor) -> list[Action]:
    if actor.role != Role.CITY_REVIEWER:
        return []
    actions = [Action("propose", _("Propose panels"), reverse("web:city:panels-propose", args=[campaign.pk]))]
    if open_one is not None:
        url = reverse("web:city:proposal", args=[open_one.pk])
        actions.append(Action("open", _("Look through the open proposal"), url, look="primary"))
    return actions


def _proposal(proposal_id: UUID, actor: Actor) -> PanelProposal:
    found = proposals_visible_to(actor).prefetch_related(None).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def _proposal_page(
    request: HttpRequest, found: PanelProposal, actor: Actor, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    cases = page_of_rows(request, _cases_of(found), size=ROWS_OF_PROPOSAL)
    text = wanted_in(request.GET.get("q", "")) or ""
    page = {
        "proposal": found,
        "page": cases,
        "rows": _seats(found, list(cases.object_list), text, actor),
        "text": text,
        "is_sought": bool(text) or _pool_of(found, actor).count() > MOST_OFFERED,
        "problems": [Problem(problem.sentence) for problem in problems],
        "edits": actor.role == Role.CITY_REVIEWER and found.is_open,
        "crumbs": [Link(_("Panels"), address_of(found.campaign)), Link(_("Proposal of panels"), "")],
        "avoided": len(found.findings.get("avoided", ())),
        "deploy": reverse("web:city:proposal-deploy", args=[found.pk]),
    }
    return render(request, "city/proposal.html", page, status=status)


def _pool_of(found: PanelProposal, actor: Actor) -> EvaluatorQuerySet:
    return Evaluator.objects.visible_to(actor).in_service().filter(city=found.campaign.city_id)


def _cases_of(found: PanelProposal) -> QuerySet[Nomination]:
    """Return the communities of a proposal, those included for which nobody was found."""
    lacking = {row["nomination"] for row in found.findings.get("lacking", ())}
    cases = Nomination.objects.filter(Q(pk__in=found.seats.values("nomination")) | Q(pk__in=lacking))
    return cases.select_related("community", "district").order_by("pinyin", "pk")


def _seats(found: PanelProposal, cases: Sequence[Nomination], text: str, actor: Actor) -> list[Seats]:
    """Return communities of a proposal with who sits there and who else could: of a great pool, whom ``text`` names."""
    sought: Any = _pool_of(found, actor)
    sought = holding(sought, (), text, also=("user__name", "organization")) if text else sought
    others = list(sought.select_related("user").order_by("kind", "pk")[:MOST_OFFERED])
    why = {(row["nomination"], row["evaluator"]): _kinds(row["kinds"]) for row in found.findings.get("avoided", ())}
    lacking = Counter[str]()
    for row in found.findings.get("lacking", ()):
        lacking[row["nomination"]] += row["count"]
    by_case: dict[Any, list[Any]] = defaultdict(list)
    for seat in found.seats.filter(nomination__in=[one.pk for one in cases]).select_related("evaluator__user"):
        by_case[seat.nomination_id].append(seat)
    return [_seats_of(nomination, by_case[nomination.pk], others, why, lacking) for nomination in cases]


def _seats_of(
    nomination: Nomination,
    seats: Sequence[Any],
    others: Sequence[Evaluator],
    why: Mapping[tuple[str, str], str],
    lacking: Mapping[str, int],
) -> Seats:
    seated = {seat.evaluator_id for seat in seats}
    missing = [seat.evaluator for seat in seats if seat.evaluator_id not in {one.pk for one in others}]
    pool = [(one, one.pk in seated, why.get((str(nomination.pk), str(one.pk)), "")) for one in [*missing, *others]]
    return Seats(nomination, seats, pool, lacking[str(nomination.pk)])


def _kinds(kinds: Sequence[str]) -> str:
    return "、".join(str(ConflictKind(kind).label) for kind in kinds)


def _visits_page(
    request: HttpRequest,
    campaign: Campaign,
    actor: Actor,
    at: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    found = page_of_rows(request, visits_of(campaign, actor))
    waiting = Nomination.objects.visible_to(actor).filter(campaign=campaign, state=NominationState.RECOMMENDED)
    standing = Visit.objects.filter(cancelled_at__isnull=True)
    unplanned = waiting.exclude(visits__in=standing).order_by("district__pinyin", "pinyin", "pk")
    page = {
        "chosen": chosen(request, actor),
        "page": found,
        "days": [
            (spell_day(day, local_date(at)), list(visits)) for day, visits in groupby(found.object_list, key=day_of)
        ],
        "unplanned": unplanned.select_related("community", "district")[:MOST_TO_PLAN],
        "more": max(0, unplanned.count() - MOST_TO_PLAN),
        "fields": [replace(field, value=request.POST.get(field.name, field.value)) for field in _route_fields(at)],
        "problems": problems,
        "plans": actor.role == Role.CITY_REVIEWER,
    }
    return render(request, "city/visits.html", page, status=status)


def day_of(visit: Visit) -> date:
    """Return the day on which a visit is planned, or was made."""
    if visit.visited_on is not None:
        return visit.visited_on
    assert visit.planned_from is not None  # a visit is planned or recorded
    return local_date(visit.planned_from)


def _route_fields(at: datetime) -> list[Field]:
    tomorrow = (local_date(at) + timedelta(days=1)).isoformat()
    return [
        Field("day", _("Day"), "date", tomorrow, required=True, width="s", hint=_("For instance 2026-08-18.")),
        Field("start", _("First stop at"), "text", "09:00", required=True, width="s", hint=_("For instance 09:00.")),
        Field("minutes", _("Minutes for each stop"), "number", "90", required=True, width="s"),
        Field("members", _("Who else comes along"), "textarea", rows=2, hint=_("One name a line.")),
    ]


def times_in(request: HttpRequest) -> tuple[datetime, timedelta]:
    """Return when a visit begins and how long it takes, as it was typed; raises ``InvalidInput``."""
    day = day_in(request.POST.get("day", ""), "day")
    clock = parse_time(request.POST.get("start", "")) if request.POST.get("start", "").count(":") == 1 else None
    minutes = request.POST.get("minutes", "")
    if clock is None or not minutes.isdecimal() or not 0 < int(minutes[:4]) <= LONGEST_STOP:
        raise InvalidInput(refusals=[Refusal("not_a_time", _("Give the time as 09:00 and 1 to 600 minutes."))])
    return start_of(day) + timedelta(hours=clock.hour, minutes=clock.minute), timedelta(minutes=int(minutes))


def _stops(request: HttpRequest) -> list[visiting.Stop]:
    begins, each = times_in(request)
    keys = _route(request)
    if not keys:
        raise InvalidInput(refusals=[Refusal("required", _("Number the communities in the order of the route."))])
    return [visiting.Stop(pk, begins + each * place, begins + each * (place + 1)) for place, pk in enumerate(keys)]


def _route(request: HttpRequest) -> list[UUID]:
    """Return the communities that were given a number, in the order of the numbers."""
    given = [
        (name.removeprefix("stop-"), value) for name, value in request.POST.dict().items() if name.startswith("stop-")
    ]
    numbered = [(int(value[:4]), _key(pk)) for pk, value in given if value.strip().isdecimal()]
    return [pk for _number, pk in sorted(numbered)]


def _members(request: HttpRequest) -> list[str]:
    return [line.strip() for line in request.POST.get("members", "").splitlines() if line.strip()]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def address_of(campaign: Campaign) -> str:
    """Return the address of the board of a campaign."""
    return f"{reverse('web:city:panels')}?campaign={campaign.pk}"
