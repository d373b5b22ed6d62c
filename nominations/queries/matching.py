"""What panels are computed from: who lacks whom, who may go where (row S-09)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.digest import canonical_digest
from common.instants import local_date
from nominations.enums import AssignmentEnd, Capacity, NominationState
from nominations.models import Assignment, Campaign, Evaluator, Nomination, Visit
from nominations.queries.conflict import Pair, conflicts_between
from nominations.queries.evaluator import absences_of, in_pool, remaining_days, serves
from nominations.rules import matching
from nominations.rules.availability import Away, is_available, is_away
from nominations.rules.conflict import Conflict

Seated = Mapping[UUID, Sequence[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Material:
    """All that a proposal is computed from."""

    nominations: Sequence[Nomination]
    pool: Sequence[Evaluator]
    people: Sequence[matching.Person]
    places: Sequence[matching.Place]
    conflicts: Mapping[Pair, list[Conflict]]
    barred: frozenset[tuple[UUID, UUID]]

    def digest(self, seed: int) -> str:
        """Return the digest of the input and the seed: equal digests give equal panels."""
        people = [[row.key, row.capacity, row.load, row.most, sorted(row.served)] for row in self.people]
        places = [[row.key, row.district, row.seats, sorted(row.least.items())] for row in self.places]
        return canonical_digest([seed, people, places, sorted(self.barred)])


def communities_to_evaluate(campaign: Campaign) -> QuerySet[Nomination]:
    """Return the recommended nominations of a campaign with their offices, in a fixed order."""
    rows = Nomination.objects.filter(campaign=campaign, state=NominationState.RECOMMENDED)
    return rows.select_related("community", "company", "district", "campaign").order_by("pk")


def material_for(campaign: Campaign, at: datetime) -> Material:
    """Return everything that a proposal is computed from, in a fixed order; a fixed number of queries."""
    nominations, pool = list(communities_to_evaluate(campaign)), in_pool(campaign)
    seated, ever = seated_on(nominations)
    loads = Counter(user for rows in seated.values() for user, _capacity in rows)
    served = _served_before(campaign)
    people = [
        matching.Person(
            one.pk,
            Capacity(one.kind),
            loads[one.user_id],
            campaign.evaluator_load_limit,
            frozenset(served.get(one.user_id, ())),
        )
        for one in pool
    ]
    places = [place for one in nominations if (place := place_of(campaign, one, seated[one.pk])).seats > 0]
    conflicts = conflicts_between(campaign, nominations, [one.user_id for one in pool], at=at)
    visits = _visit_days(nominations)
    barred = frozenset(
        (nomination.pk, one.pk)
        for one in pool
        for nomination in nominations
        if (nomination.pk, one.user_id) in conflicts
        or one.user_id in ever[nomination.pk]
        or not serves(one, nomination)
        or not _is_there(absences_of(one), remaining_days(campaign, at), visits.get(nomination.pk))
    )
    return Material(nominations, pool, people, places, conflicts, barred)


def seated_on(nominations: Sequence[Nomination]) -> tuple[dict[UUID, list[tuple[int, str]]], dict[UUID, set[int]]]:
    """Return who scores each community, and who ever was asked to and was not released."""
    seated: dict[UUID, list[tuple[int, str]]] = {one.pk: [] for one in nominations}
    ever: dict[UUID, set[int]] = {one.pk: set() for one in nominations}
    rows = Assignment.objects.filter(nomination__in=nominations).exclude(ended_because=AssignmentEnd.RELEASED)
    for nomination, user, capacity, ended_at in rows.values_list("nomination", "evaluator", "capacity", "ended_at"):
        ever[nomination].add(user)
        if ended_at is None:
            seated[nomination].append((user, capacity))
    return seated, ever


def _served_before(campaign: Campaign) -> dict[int, set[UUID]]:
    """Return which districts each person evaluated in the city's campaign before this one."""
    earlier = Campaign.objects.filter(city=campaign.city_id, issued_on__lt=campaign.issued_on)
    last = earlier.order_by("-issued_on", "-pk").first()
    served: dict[int, set[Any]] = defaultdict(set)
    if last is not None:
        rows = Assignment.objects.active().filter(nomination__campaign=last)
        for user, district in rows.values_list("evaluator", "nomination__district"):
            served[user].add(district)
    return served


def place_of(campaign: Campaign, nomination: Nomination, seated: Sequence[tuple[int, str]]) -> matching.Place:
    """Return what a community still lacks with those who are seated, by the campaign's size and mix of a panel."""
    have = Counter(capacity for _user, capacity in seated)
    needed = {Capacity.EXPERT: campaign.panel_experts, Capacity.DEPARTMENT: campaign.panel_departments}
    least = {capacity: max(0, count - have[capacity]) for capacity, count in needed.items()}
    seats = max(campaign.panel_size - len(seated), sum(least.values()))
    return matching.Place(nomination.pk, nomination.district_id, seats, least)


def _visit_days(nominations: Sequence[Nomination]) -> dict[UUID, date]:
    visits = Visit.objects.planned().filter(nomination__in=nominations)
    return {pk: local_date(start) for pk, start in visits.values_list("nomination", "planned_from") if start}


def _is_there(away: Sequence[Away], days: tuple[date, date], visit: date | None) -> bool:
    return is_available(away, *days) and (visit is None or not is_away(away, visit))


def findings_of(material: Material, match: matching.Match) -> dict[str, Any]:
    """Return what the computation met: who is lacking where, whom a conflict kept out, how much each would have."""
    users = {one.user_id: one.pk for one in material.pool}
    loads = matching.loads(match, material.people)
    return {
        "lacking": [
            {"nomination": str(lack.place), "capacity": lack.capacity, "count": lack.count} for lack in match.lacking
        ],
        "avoided": [
            {"nomination": str(nomination), "evaluator": str(users[user]), "kinds": sorted({one.kind for one in found})}
            for (nomination, user), found in sorted(material.conflicts.items())
        ],
        "loads": {str(pk): load for pk, load in sorted(loads.items())},
    }
