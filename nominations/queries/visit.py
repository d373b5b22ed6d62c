"""Reads about visits: the calendar, who comes along, what was found and is still to be decided (rows S-09, S-10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value, When

from accounts.actors import Actor
from common.instants import end_of, local_date, start_of
from evaluation.enums import SheetState
from nominations.models import Assignment, Evaluator, VetoFinding, Visit
from nominations.models.visit import VisitQuerySet
from nominations.queries.evaluator import absences_of
from nominations.rules.availability import is_away

# In which order an evaluator's communities are listed: today's visits, later ones, those without, those handed in.
TODAY, COMING, UNDATED, DONE = range(4)


def visits_visible_to(actor: Actor) -> VisitQuerySet:
    """Return the visits in scope with everything that a calendar or a list shows, in the order of their days.

    ``nomination.coming`` are the assignments of those who come along. Six queries, however many visits there are.
    """
    coming = Assignment.objects.active().select_related("evaluator").order_by("capacity", "pk")
    related = ("nomination__community", "nomination__district", "nomination__campaign", "recorded_by", "planned_by")
    return (
        Visit.objects.visible_to(actor)
        .select_related(*related)
        .prefetch_related(
            Prefetch("nomination__assignments", coming, to_attr="coming"), "checks__requirement", "vetoes"
        )
    )


def calendar_of(actor: Actor, *, since: datetime, until: datetime) -> QuerySet[Visit]:
    """Return the planned visits from ``since`` up to ``until``, those held since included, by time and route."""
    visits = visits_visible_to(actor).filter(planned_from__gte=since, planned_from__lt=until, cancelled_at__isnull=True)
    return visits.order_by("planned_from", "route_position", "pk")


def findings_to_settle(actor: Actor) -> QuerySet[VetoFinding]:
    """Return what visits have found against communities and the city has not decided on, oldest first."""
    visits = Visit.objects.visible_to(actor).values("pk")
    open_ones = VetoFinding.objects.filter(visit__in=visits, settled_at__isnull=True)
    return open_ones.select_related("visit__nomination__community", "visit__nomination__district").order_by("pk")


def evaluators_of(nomination_id: UUID) -> list[int]:
    """Return who scores a community, in a fixed order."""
    active = Assignment.objects.active().filter(nomination=nomination_id)
    return list(active.values_list("evaluator", flat=True).order_by("evaluator"))


def unable_to_come(visit: Visit) -> Iterator[tuple[str, bool]]:
    """Yield the evaluators of a planned visit who are away that day, or elsewhere at the time, and which it is."""
    assert visit.planned_from is not None  # asked for planned visits only
    day = local_date(visit.planned_from)
    profiles = Evaluator.objects.filter(
        user__in=evaluators_of(visit.nomination_id), city=visit.nomination.campaign.city_id
    )
    elsewhere = Visit.objects.planned().filter(
        planned_from__lt=visit.planned_until, planned_until__gt=visit.planned_from
    )
    busy = set(
        Assignment.objects.active()
        .filter(nomination__visits__in=elsewhere.exclude(pk=visit.pk))
        .values_list("evaluator", flat=True)
    )
    for profile in profiles.select_related("user").prefetch_related("absences").order_by("pk"):
        if is_away(absences_of(profile), day):
            yield profile.user.name, True
        elif profile.user_id in busy:
            yield profile.user.name, False


def own_assignments(actor: Actor, *, at: datetime) -> QuerySet[Assignment]:
    """Return the evaluator's assignments that still count, pile by pile and the earliest visit first; two queries.

    ``pile`` is where each stands at the instant; ``nomination.planned_visits`` are the visits that have a time and were
    not called off.
    """
    planned = Visit.objects.filter(planned_from__isnull=False, cancelled_at__isnull=True).order_by("planned_from")
    related = ("sheet", "nomination__campaign", "nomination__community", "nomination__district")
    first = Subquery(planned.filter(nomination=OuterRef("nomination")).values("planned_from")[:1])
    rows = Assignment.objects.active().filter(evaluator=actor.user_id).select_related(*related)
    return (
        rows.annotate(pile=_pile(planned, at), first_visit=first)
        .order_by("pile", F("first_visit").asc(nulls_last=True), "assigned_at", "pk")
        .prefetch_related(Prefetch("nomination__visits", planned, to_attr="planned_visits"))
    )


def _pile(planned: QuerySet[Visit], at: datetime) -> Case:
    of_it, today = planned.filter(nomination=OuterRef("nomination")), local_date(at)
    return Case(
        When(sheet__state=SheetState.HANDED_IN, then=Value(DONE)),
        When(
            Exists(of_it.filter(planned_from__gte=start_of(today), planned_from__lt=end_of(today))), then=Value(TODAY)
        ),
        When(Exists(of_it.filter(planned_from__gte=end_of(today))), then=Value(COMING)),
        default=Value(UNDATED),
        output_field=IntegerField(),
    )
