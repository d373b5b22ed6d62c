"""The piles on a desk (待办、在办、已办): which nominations wait for somebody, are in hand, are done with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from accounts.actors import Actor
from accounts.enums import Role
from evaluation.enums import SheetState
from nominations.enums import ENDED_STATES, Pile, SummaryState
from nominations.enums import NominationState as S
from nominations.models import Assignment, Nomination
from workflow.scoping import asked

# A review counts for the submission that it judged, as `DistrictReview.is_complete_for` says of one.
REVIEWED = Q(review__completed_at__gte=F("submitted_at"), review__content_digest=F("content_digest"))
_OVER = (S.NOT_RECOMMENDED, S.NOT_SELECTED, S.REPORTED, S.AWARDED, S.NOT_AWARDED, S.REVOKED, *ENDED_STATES)
_WITH_DISTRICT = (S.SUBMITTED, S.RETURNED)
_WITH_CITY = (S.EVALUATED, S.RESERVED, S.SHORTLISTED)


NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class _Desk:
    """What waits for a role and what is in hand; the rest of what it may see is done with, unless it is ``aside``."""

    waiting: Q
    in_hand: Q
    aside: Q = NOTHING


def nominations_waiting_for(actor: Actor) -> QuerySet[Nomination]:
    """Return the nominations that wait for the actor (待办), those that have waited longest first."""
    return nominations_on(actor, Pile.WAITING)


def nominations_on(actor: Actor, pile: Pile) -> QuerySet[Nomination]:
    """Return the nominations on one pile of the actor's desk, in the order of their submission; nothing for others.

    With ``with_facts()`` one query, however many there are; the rows of other offices are on nobody's desk.
    """
    return _sorted(actor).filter(pile=pile).order_by(F("submitted_at").asc(nulls_last=True), "pk")


def counts_on_desk(actor: Actor) -> dict[str, int]:
    """Return how many nominations lie on each pile of the actor's desk: one query."""
    found = dict(asked(_counted, actor))
    return {pile.value: found.get(pile.value, 0) for pile in Pile}


def _counted(actor: Actor) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = _sorted(actor).order_by().values_list("pile").annotate(Count("pk"))
    return found


def _sorted(actor: Actor) -> QuerySet[Any]:
    """Return the nominations of the actor's desk with the name of the pile on which each lies."""
    desk = _DESKS.get(Role(actor.role))
    if desk is None:
        return cast("QuerySet[Any]", Nomination.objects.none().annotate(pile=Value("")))
    mine = desk(actor)
    pile = Case(
        When(mine.waiting, then=Value(Pile.WAITING.value)),
        When(mine.in_hand, then=Value(Pile.IN_HAND.value)),
        default=Value(Pile.DONE.value),
        output_field=CharField(),
    )
    return cast("QuerySet[Any]", Nomination.objects.visible_to(actor).exclude(mine.aside).annotate(pile=pile))


def _of_company(actor: Actor) -> _Desk:
    return _Desk(waiting=Q(state__in=(S.DRAFT, S.RETURNED)), in_hand=~Q(state__in=_OVER))


def _of_district_reviewer(actor: Actor) -> _Desk:
    """Drafts are the company's own; what a colleague has taken up is on the colleague's desk."""
    unreviewed = Q(state=S.SUBMITTED) & ~REVIEWED
    return _Desk(
        waiting=unreviewed & Q(claimed_by__isnull=True),
        in_hand=unreviewed & Q(claimed_by=actor.user_id),
        aside=Q(state=S.DRAFT) | (unreviewed & Q(claimed_by__isnull=False) & ~Q(claimed_by=actor.user_id)),
    )


def _of_district_approver(actor: Actor) -> _Desk:
    return _Desk(waiting=Q(state=S.SUBMITTED) & REVIEWED, in_hand=Q(state__in=_WITH_DISTRICT), aside=Q(state=S.DRAFT))


def _of_city_reviewer(actor: Actor) -> _Desk:
    received = Q(state=S.RECOMMENDED, summary__state=SummaryState.RECEIVED)
    with_district = Q(state__in=(S.DRAFT, *_WITH_DISTRICT))
    return _Desk(waiting=received, in_hand=Q(state__in=(S.RECOMMENDED, *_WITH_CITY)), aside=with_district)


def _of_city_approver(actor: Actor) -> _Desk:
    """An approver of the city decides on selections and reports; single nominations pass by for information."""
    with_others = Q(state__in=(S.DRAFT, *_WITH_DISTRICT))
    return _Desk(waiting=NOTHING, in_hand=Q(state__in=(S.RECOMMENDED, *_WITH_CITY)), aside=with_others)


def _of_evaluator(actor: Actor) -> _Desk:
    own = Assignment.objects.filter(nomination=OuterRef("pk"), evaluator=actor.user_id)
    handed_in = Exists(own.filter(sheet__state=SheetState.HANDED_IN))
    return _Desk(waiting=Q(state=S.RECOMMENDED) & ~Q(handed_in), in_hand=NOTHING)


_DESKS: Mapping[Role, Any] = {
    Role.COMPANY_ADMIN: _of_company,
    Role.COMPANY_EDITOR: _of_company,
    Role.DISTRICT_REVIEWER: _of_district_reviewer,
    Role.DISTRICT_APPROVER: _of_district_approver,
    Role.CITY_REVIEWER: _of_city_reviewer,
    Role.CITY_APPROVER: _of_city_approver,
    Role.EVALUATOR: _of_evaluator,
}
