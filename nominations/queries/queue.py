"""The district's queue: its cases narrowed, searched and sorted, each with how far its review has come (row S-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership, User
from common.instants import end_of, local_date
from common.name_search import holding, wanted_in
from evaluation.models import ItemScore
from evaluation.queries import outline_of
from nominations.enums import CheckVerdict
from nominations.enums import NominationState as S
from nominations.models import Campaign, Nomination, Requirement, RequirementCheck
from nominations.models.facts import count_of
from nominations.operations.deadlines import ESCALATED
from nominations.queries.nomination import REVIEWED
from workflow.models import Deadline

# Where a case stands for the district; together they are everything but drafts, which are the company's own.
STAGES: Mapping[str, Q] = {
    "to_take_up": Q(state=S.SUBMITTED, claimed_by__isnull=True) & ~REVIEWED,
    "in_review": Q(state=S.SUBMITTED, claimed_by__isnull=False) & ~REVIEWED,
    "to_decide": Q(state=S.SUBMITTED) & REVIEWED,
    "returned": Q(state=S.RETURNED),
    "recommended": Q(state__in=(S.RECOMMENDED, S.EVALUATED, S.RESERVED, S.SHORTLISTED, S.REPORTED, S.AWARDED)),
    "not_recommended": Q(state=S.NOT_RECOMMENDED),
    "ended": Q(state__in=(S.WITHDRAWN, S.LAPSED, S.DISQUALIFIED, S.NOT_SELECTED, S.NOT_AWARDED, S.REVOKED)),
}
DUE = ("late", "today", "week")
CLAIMED = ("me", "nobody", "colleagues")
SORTS: Mapping[str, tuple[Any, ...]] = {
    "due": (F("due_at").asc(nulls_last=True), "pinyin", "pk"),
    "submitted": (F("submitted_at").desc(nulls_last=True), "pk"),
    "name": ("pinyin", "pk"),
    "number": ("number", "pk"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a queue is narrowed to; a word that is not known narrows nothing."""

    campaign: UUID | None = None
    stage: str = ""
    claimed: str = ""
    due: str = ""
    subdistrict: str = ""
    text: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class Whole:
    """How much there is to judge and to score on every case of a campaign."""

    requirements: int
    items: int


def queue_of(actor: Actor, wanted: Narrowing, *, at: datetime) -> QuerySet[Any]:
    """Return the actor's cases as ``wanted``, with ``due_at``, ``judged`` and ``scored``; one query for any number."""
    rows = _cases(actor, wanted.campaign).annotate(due_at=_due_at(), judged=_judged(), scored=_scored())
    rows = rows.filter(STAGES.get(wanted.stage, Q()), _claimed(actor, wanted.claimed), _due(wanted.due, at))
    if wanted.subdistrict:
        rows = rows.filter(community__subdistrict=wanted.subdistrict)
    if words := wanted_in(wanted.text):
        rows = holding(rows, ["community__", "company__"], words, also=["number"])
    related = ("community", "company", "claimed_by", "campaign", "review")
    found: QuerySet[Any] = rows.select_related(*related).order_by(*SORTS.get(wanted.sort, SORTS["due"]))
    return found


def counts_by_stage(actor: Actor, campaign: UUID | None) -> dict[str, int]:
    """Return how many of the actor's cases stand where: one query."""
    counts = {stage: Count("pk", filter=which) for stage, which in STAGES.items()}
    return _cases(actor, campaign).order_by().aggregate(**counts)


def subdistricts_of(actor: Actor, campaign: UUID | None) -> list[str]:
    """Return the subdistricts that the actor's cases lie in: one query."""
    names = _cases(actor, campaign).order_by("community__subdistrict").values_list("community__subdistrict", flat=True)
    return list(names.distinct())


def campaigns_of(actor: Actor) -> list[Campaign]:
    """Return the campaigns that the actor's district takes part in, the newest first: one query."""
    rows = Campaign.objects.visible_to(actor).filter(districts__district=actor.organization_id)
    return list(rows.order_by("-year", "-application_opens_at"))


def whole_of(campaign: Campaign) -> Whole:
    """Return how many requirements and items a review of this campaign covers: three queries."""
    requirements = Requirement.objects.filter(campaign=campaign).count()
    return Whole(requirements, sum(1 for _leaf in outline_of(campaign.standard_id).leaves()))


def reviewers_of(actor: Actor, *, at: datetime) -> list[User]:
    """Return the reviewers of the actor's bureau, to whom a case can be handed over: one query."""
    held = Membership.objects.valid_at(at).filter(organization=actor.organization_id, role=Role.DISTRICT_REVIEWER)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("name", "pk"))


def _cases(actor: Actor, campaign: UUID | None) -> QuerySet[Any]:
    rows = Nomination.objects.visible_to(actor).exclude(state=S.DRAFT)
    return rows.filter(campaign=campaign) if campaign else rows


def _due_at() -> Subquery:
    """Return until when the next step must be done: the earliest deadline that is open, or that has passed."""
    is_open = Q(settled_at__isnull=True) | Q(outcome=ESCALATED)
    found = Deadline.objects.filter(is_open, subject_id=OuterRef("pk")).order_by("due_at")
    return Subquery(found.values("due_at")[:1])


def _judged() -> Any:
    return count_of(RequirementCheck.objects.filter(review=OuterRef("pk")).exclude(verdict=CheckVerdict.OPEN))


def _scored() -> Any:
    return count_of(ItemScore.objects.filter(sheet=OuterRef("review__sheet")))


def _claimed(actor: Actor, by: str) -> Q:
    mine = Q(claimed_by=actor.user_id)
    known = {"me": mine, "nobody": Q(claimed_by__isnull=True), "colleagues": Q(claimed_by__isnull=False) & ~mine}
    return known.get(by, Q())


def _due(word: str, at: datetime) -> Q:
    today = local_date(at)
    week_ends = end_of(today + timedelta(days=6 - today.weekday()))
    known = {
        "late": Q(due_at__lte=at),
        "today": Q(due_at__gt=at, due_at__lte=end_of(today)),
        "week": Q(due_at__gt=at, due_at__lte=week_ends),
    }
    return known.get(word, Q())
