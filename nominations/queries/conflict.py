"""What conflicts of interest are computed from, read for any number of people and communities at once (row S-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.enums import OrganizationKind
from accounts.models import Membership, Organization
from common.instants import local_date
from nominations.enums import ConflictKind
from nominations.models import Campaign, Declaration, DistrictReview, Evaluator, Nomination
from nominations.rules import conflict as rules
from nominations.rules.conflict import Background, Conflict, Matter, Relation

Pair = tuple[UUID, int]


def conflicts_between(
    campaign: Campaign, nominations: Collection[Nomination], user_ids: Collection[int], *, at: datetime
) -> dict[Pair, list[Conflict]]:
    """Return the conflicts of interest by nomination and person, pairs without any left out; six queries in all.

    The nominations need their community and their offices loaded. What ended before the campaign's look-back is over.
    """
    backgrounds = backgrounds_of(user_ids, at=at)
    since = since_when(campaign, at)
    found = {
        (pk, user): rules.conflicts(user, backgrounds[user], matter, since=since)
        for (pk, user), matter in _near(backgrounds, matters_of(nominations))
    }
    return {pair: conflicts for pair, conflicts in found.items() if conflicts}


def _near(backgrounds: Mapping[int, Background], matters: Mapping[UUID, Matter]) -> Iterator[tuple[Pair, Matter]]:
    """Yield the pairs that can have a conflict at all, in order: of a thousand communities a person is near a few."""
    knowing: dict[UUID, set[int]] = defaultdict(set)
    for user, background in backgrounds.items():
        for pk in background.about:
            knowing[pk].add(user)
    for pk, matter in matters.items():
        near = matter.district_scorers.union(*(knowing[party] for party in matter.parties if party in knowing))
        yield from (((pk, user), matter) for user in backgrounds if user in near) if near else ()


def since_when(campaign: Campaign, at: datetime) -> date:
    """Return the day from which on a relation counts in a campaign."""
    return rules.looked_back(local_date(at), campaign.conflict_years)


def backgrounds_of(user_ids: Collection[int], *, at: datetime) -> Mapping[int, Background]:
    """Return what is known of each person: employer and home, offices held until now or before, relations declared."""
    people = list(user_ids)
    employers: dict[int, tuple[UUID | None, UUID | None]] = {
        user: (employer, home)
        for user, employer, home in Evaluator.objects.filter(user__in=people).values_list("user", "employer", "home")
    }
    offices: dict[int, list[tuple[UUID, datetime | None]]] = defaultdict(list)
    held = Membership.objects.filter(user__in=people, valid_from__lte=at)
    for user, office, until in held.values_list("user", "organization", "valid_until").order_by("pk"):
        offices[user].append((office, until))
    relations: dict[int, list[Relation]] = defaultdict(list)
    declared = Declaration.objects.in_force().filter(person__in=people).order_by("declared_at", "pk")
    for user, kind, office, community, ended_on in declared.values_list(
        "person", "kind", "organization", "community", "ended_on"
    ):
        relations[user].append(Relation(ConflictKind(kind), office, community, ended_on))
    return {
        user: Background(*employers.get(user, (None, None)), tuple(offices[user]), tuple(relations[user]))
        for user in people
    }


def matters_of(nominations: Iterable[Nomination]) -> dict[UUID, Matter]:
    """Return what of each nomination matters to a conflict of interest."""
    cases = list(nominations)
    owners = {pk: owner for pk, owner in _owned().values_list("pk", "parent") if owner}
    groups = {case.pk: _group(case, owners) for case in cases}
    scorers = _district_scorers([case.pk for case in cases])
    named = {pk for group in groups.values() for pk in group}
    names = dict(Organization.objects.filter(pk__in=named).values_list("pk", "name"))
    return {case.pk: _matter(case, groups[case.pk], scorers.get(case.pk, frozenset()), names) for case in cases}


def _group(case: Nomination, owners: Mapping[UUID, UUID]) -> frozenset[UUID]:
    """Return the group of the company that applied, and of the one that manages the community by now."""
    present = case.community.company_id
    if present == case.company_id:
        return rules.group_of(case.company_id, owners)
    both = rules.group_of(case.company_id, owners) | rules.group_of(present, owners) | {present}
    return both - {case.company_id}


def _owned() -> QuerySet[Organization]:
    return Organization.objects.filter(kind=OrganizationKind.COMPANY, parent__isnull=False)


def _matter(
    nomination: Nomination, group: frozenset[UUID], scorers: frozenset[int], names: Mapping[UUID, str]
) -> Matter:
    own = {
        nomination.community_id: nomination.community.name,
        nomination.company_id: nomination.company.name,
        nomination.district_id: nomination.district.name,
    }
    return Matter(
        community_id=nomination.community_id,
        company_id=nomination.company_id,
        authority_id=nomination.district_id,
        group=group,
        district_scorers=scorers,
        names={**names, **own},
    )


def _district_scorers(nomination_ids: Collection[UUID]) -> dict[UUID, frozenset[int]]:
    """Return who had a hand in each district review: the same person never scores for district and city."""
    reviews = DistrictReview.objects.filter(pk__in=nomination_ids)
    rows = reviews.values_list("pk", "reviewer", "sheet__scorer", "writers")
    return {pk: frozenset({*people, *writers} - {None}) for pk, *people, writers in rows}
