"""Reads about notices and mails: one's own notices, and the mails that one may look after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership
from nominations.enums import NominationState
from nominations.models import Nomination
from nominations.operations.deadlines import ESCALATED
from notifications.enums import Audience, Category, Mode
from notifications.models import TROUBLED, Delivery, Notice, Preference
from workflow.declaration import flow_named
from workflow.models import Deadline, Event, OutboxEntry

# Moves that tell a district what became of its communities, by the event that it is told of.
OUTCOMES_OF = {
    "selection.approve": ("shortlist", "reserve", "pass_over"),
    "provincial_report.send": ("report",),
}


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return what a person was told in the office acted for, with all that its sentences need, newest first (row S-20).

    What was told to another office is that office's business: who has left it does not read it any more, and neither
    does a token that was made for this one.
    """
    return with_sources(_told_to(actor)).order_by("-id")


def notices_held_by(user_id: int, *, at: datetime) -> QuerySet[Notice]:
    """Return what a person was told in any office held now: the link in a mail does not know as whom one acts."""
    held = Membership.objects.valid_at(at).filter(user=user_id).values("organization")
    return with_sources(Notice.objects.filter(recipient=user_id, membership__organization__in=held)).order_by("-id")


def unread_of(actor: Actor) -> QuerySet[Notice]:
    """Return what a person has not read of what was told to the office acted for."""
    return _told_to(actor).filter(read_at__isnull=True)


def unread_count(actor: Actor) -> int:
    """Return how many notices a person has not read in the office acted for."""
    return unread_of(actor).count()


def _told_to(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=actor.person_id, membership__organization=actor.organization_id)


def with_sources(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Load along event, deadline, reader and office: what ``letters.letter_for`` reads."""
    return notices.select_related("event", "reminder__deadline", "recipient", "membership__organization")


def preferences_of(user_id: int) -> dict[Category, Mode]:
    """Return how mails of every category come to a person; decisions with legal effect always at once."""
    chosen = dict(Preference.objects.filter(user_id=user_id).values_list("category", "mode"))
    return {category: Mode(chosen.get(category, Mode.ON)) for category in Category}


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Return the mails that the actor looks after: all for the system's administrator, a city's for its officers."""
    deliveries = Delivery.objects.select_related("notice__recipient", "notice__membership__organization")
    if actor.is_system or actor.role == Role.SYSTEM_ADMIN:
        return deliveries
    if actor.role in {Role.CITY_REVIEWER, Role.CITY_APPROVER}:
        return deliveries.filter(city_id=actor.organization_id)
    return deliveries.none()


def troubled_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Return the mails in the actor's scope that were refused, given up or perhaps lost, newest first."""
    return deliveries_visible_to(actor).filter(state__in=TROUBLED).order_by("-id")


def mail_figures() -> dict[str, int]:
    """Return how many mails are in each state, and how many events wait or are parked in the outbox."""
    figures = dict(Delivery.objects.values_list("state").annotate(Count("id")).order_by("state"))
    figures["outbox_waiting"] = OutboxEntry.objects.filter(parked_at__isnull=True).count()
    figures["outbox_parked"] = OutboxEntry.objects.filter(parked_at__isnull=False).count()
    return figures


def parked_events() -> QuerySet[OutboxEntry]:
    """Return the events of which no mails could be made, oldest first."""
    return OutboxEntry.objects.filter(parked_at__isnull=False).order_by("created_at")


def outcomes_for(notices: Iterable[Notice]) -> Mapping[UUID, Sequence[tuple[str, str]]]:
    """Return, by notice, what became of the reader's own communities in a move of many: names and moves.

    One pair of queries for each such notice; there are as many as a district has officers, once a campaign.
    """
    return {notice.pk: _outcomes(notice) for notice in notices if is_about_many(notice)}


def is_about_many(notice: Notice) -> bool:
    """Tell whether a notice to a district is about all of its communities."""
    return notice.topic in OUTCOMES_OF and notice.audience == Audience.DISTRICTS_CONCERNED


def stale_reminders(notices: Iterable[Notice]) -> set[UUID]:
    """Return the reminders among ``notices`` whose work was done, or whose date was moved, since they were written."""
    reminders = [(notice, notice.reminder) for notice in notices if notice.reminder is not None]
    states = states_of(reminder.deadline for _notice, reminder in reminders)
    return {
        notice.pk
        for notice, reminder in reminders
        if reminder.due_at != reminder.deadline.due_at
        or not is_open(reminder.deadline)
        or states.get(reminder.deadline.subject_id) != notice.params.get("state")
    }


def is_open(deadline: Deadline) -> bool:
    """Tell whether the work that a deadline asks for is still to be done, be it too late or not."""
    return deadline.settled_at is None or deadline.outcome == ESCALATED


def states_of(deadlines: Iterable[Deadline]) -> dict[UUID, str]:
    """Return the present state of the object of each deadline, one query per flow."""
    subjects: dict[str, set[UUID]] = defaultdict(set)
    for deadline in deadlines:
        subjects[deadline.flow].add(deadline.subject_id)
    states: dict[UUID, str] = {}
    for flow, ids in subjects.items():
        rows: Any = flow_named(flow).model._base_manager.filter(pk__in=ids)
        states.update(rows.values_list("pk", "state"))
    return states


def districts_concerned(subject: Any) -> list[UUID]:
    """Return the district bureaus whose communities a selection or a report to the province decides on."""
    if subject.flow == "selection":
        nominations = Nomination.objects.filter(selection_rows__selection=subject)
    else:
        nominations = Nomination.objects.filter(campaign=subject.campaign_id, state=NominationState.SHORTLISTED)
    return list(nominations.values_list("district", flat=True).distinct().order_by("district"))


def _outcomes(notice: Notice) -> list[tuple[str, str]]:
    """Read the moves that were made with the event, in the same transaction and so at the same instant."""
    event = notice.event
    assert event is not None  # chosen above
    moves = dict(
        Event.objects.filter(flow="nomination", name__in=OUTCOMES_OF[notice.topic], at=event.at)
        .filter(actor=event.actor_id)
        .values_list("subject_id", "name")
    )
    named = Nomination.objects.filter(pk__in=moves, district=notice.membership.organization_id)
    rows = named.select_related("community").order_by("pinyin", "pk")
    return [(nomination.community.name, moves[nomination.pk]) for nomination in rows]
