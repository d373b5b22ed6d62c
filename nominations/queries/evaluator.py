"""Reads about the pool of evaluators: who is in it, who is there when, how much each has to do (row S-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet

from accounts.actors import Actor
from common.instants import last_day, local_date
from nominations.models import Assignment, Campaign, Declaration, Evaluator, Nomination
from nominations.models.evaluator import EvaluatorQuerySet
from nominations.models.facts import count_of
from nominations.rules import windows
from nominations.rules.availability import Away, is_available, is_away


def evaluators_visible_to(actor: Actor) -> EvaluatorQuerySet:
    """Return the pool as far as the actor may see it, with everything that a list shows and the present ``load``."""
    related = ("user", "employer", "home", "city")
    found = Evaluator.objects.visible_to(actor).select_related(*related)
    in_hand = Assignment.objects.active().filter(evaluator=OuterRef("user"), nomination__state="recommended")
    return found.annotate(load=count_of(in_hand)).prefetch_related("absences", "districts", "deputies__user")


def declarations_visible_to(actor: Actor) -> QuerySet[Declaration]:
    """Return what was declared, as far as the actor may see it, newest first."""
    visible = Declaration.objects.visible_to(actor).values("pk")
    rows = Declaration.objects.filter(pk__in=visible).select_related("person", "organization", "community", "campaign")
    return rows.order_by("-declared_at", "-pk")


def absences_of(evaluator: Evaluator) -> list[Away]:
    """Return when the evaluator is away; the absences should be loaded along."""
    return [Away(absence.first_on, absence.last_on) for absence in evaluator.absences.all()]


def remaining_days(campaign: Campaign, at: datetime, *, subject: Nomination | None = None) -> tuple[date, date]:
    """Return the first and the last day that is left for the evaluation, extensions of ``subject`` included."""
    closes_at = windows.evaluation_end(subject) if subject is not None else campaign.evaluation_closes_at
    return local_date(at), last_day(closes_at)


def is_available_for(evaluator: Evaluator, nomination: Nomination, at: datetime) -> bool:
    """Tell whether the evaluator serves the district, is there on half of the days left, and on a visit's day.

    The nomination must be loaded with its facts, the evaluator with absences and districts.
    """
    away = absences_of(evaluator)
    days = remaining_days(nomination.campaign, at, subject=nomination)
    visits = nomination.visits.planned().values_list("planned_from", flat=True)
    is_there = not any(is_away(away, local_date(start)) for start in visits if start)
    return serves(evaluator, nomination) and is_there and is_available(away, *days)


def serves(evaluator: Evaluator, nomination: Nomination) -> bool:
    """Tell whether the evaluator may serve the nomination's district; nobody named a district serves everywhere."""
    districts = {district.pk for district in evaluator.districts.all()}
    return not districts or nomination.district_id in districts


def in_pool(campaign: Campaign) -> Sequence[Evaluator]:
    """Return who of the city's pool may be matched, in a fixed order."""
    pool = Evaluator.objects.in_service().filter(city=campaign.city_id)
    return list(pool.select_related("user").prefetch_related("absences", "districts").order_by("pk"))
