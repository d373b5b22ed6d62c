"""What an auditor looks at: events, attempts to sign in, grants and exports, as far as the auditor's city reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import ExportRecord, GrantRecord, Membership, SignInRecord
from nominations.models import Campaign, CampaignDistrict, Community, Nomination
from workflow.declaration import flow_named
from workflow.models import GENESIS, Event, Stream


@dataclass(frozen=True, slots=True)
class EventFilter:
    """By what a list of events is narrowed; what is empty narrows nothing."""

    campaign: UUID | None = None
    district: UUID | None = None
    number: str = ""
    office: str = ""
    flow: str = ""
    name: str = ""
    request_id: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about, in words: a community with its case number, or the paper of a district."""

    title: str
    number: str = ""


def streams_audited_by(actor: Actor) -> QuerySet[Stream]:
    """Return the chains that an auditor verifies: all for the operator's, those of its campaigns for a city's."""
    if actor.role != Role.AUDITOR:
        return Stream.objects.none()
    if _sees_everything(actor):
        return Stream.objects.all()
    campaigns = Campaign.objects.visible_to(actor)
    parts = CampaignDistrict.objects.filter(campaign__in=campaigns)
    return Stream.objects.filter(Q(pk__in=campaigns.values("stream")) | Q(pk__in=parts.values("stream")))


def titles_of_streams(actor: Actor) -> Mapping[UUID, str]:
    """Return which office's part in which year's campaign each chain tells of."""
    campaigns = Campaign.objects.visible_to(actor)
    parts = CampaignDistrict.objects.filter(campaign__in=campaigns)
    rows = [
        *campaigns.values_list("stream", "year", "city__name"),
        *parts.values_list("stream", "campaign__year", "district__name"),
    ]
    return {stream: f"{year} {office}" for stream, year, office in rows}


def events_audited_by(actor: Actor, wanted: EventFilter | None = None) -> QuerySet[Event]:
    """Return the events in the auditor's scope that pass the filter, newest first (flow rule 9)."""
    events = Event.objects.filter(stream__in=streams_audited_by(actor)).order_by("-id")
    return events if wanted is None else _narrowed(events, wanted)


def hash_before(event: Event) -> str:
    """Return the hash of the link before an event: what its own hash stands on."""
    before = Event.objects.filter(stream=event.stream_id, position=event.position - 1)
    return before.values_list("hash", flat=True).first() or GENESIS


def subjects_of(events: Iterable[Event]) -> Mapping[UUID, Subject]:
    """Return what each event is about; one query a flow, however many events there are."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        wanted[event.flow].add(event.subject_id)
    return {pk: subject for flow, ids in sorted(wanted.items()) for pk, subject in _subjects(flow, ids)}


def sign_ins_audited_by(actor: Actor) -> QuerySet[SignInRecord]:
    """Return the attempts to sign in of the people in scope, and those under a name that nobody bears, newest first."""
    rows = SignInRecord.objects.select_related("user").order_by("-pk")
    if actor.role != Role.AUDITOR:
        return rows.none()
    known = Q(user__isnull=True) | Q(user__in=_memberships_of_city(actor).values("user"))
    return rows if _sees_everything(actor) else rows.filter(known)


def grants_audited_by(actor: Actor) -> QuerySet[GrantRecord]:
    """Return the log of grants in scope, newest first."""
    rows = _audited(GrantRecord.objects.all(), actor)
    return rows.select_related("membership__user", "membership__organization", "granted_by").order_by("-pk")


def exports_audited_by(actor: Actor) -> QuerySet[ExportRecord]:
    """Return what left the product in scope, newest first."""
    rows = _audited(ExportRecord.objects.all(), actor)
    return rows.select_related("person", "membership__organization").order_by("-pk")


def _sees_everything(actor: Actor) -> bool:
    return actor.role == Role.AUDITOR and actor.organization_kind == OrganizationKind.OPERATOR


def _audited(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    if actor.role != Role.AUDITOR:
        return rows.none()
    return rows if _sees_everything(actor) else rows.filter(membership__in=_memberships_of_city(actor))


def _memberships_of_city(actor: Actor) -> QuerySet[Membership]:
    """Return who acts for the city's own offices, those below it, and the companies that it supervises."""
    offices = Q(organization=actor.organization_id) | Q(organization__parent=actor.organization_id)
    companies = Community.objects.filter(authority__parent=actor.organization_id).values("company")
    return Membership.objects.filter(offices | Q(organization__in=companies))


def _narrowed(events: QuerySet[Event], wanted: EventFilter) -> QuerySet[Event]:
    exact = {"flow": wanted.flow, "name": wanted.name, "request_id": wanted.request_id}
    events = events.filter(**{field: value for field, value in exact.items() if value})
    if wanted.since:
        events = events.filter(at__gte=wanted.since)
    if wanted.before:
        events = events.filter(at__lt=wanted.before)
    if wanted.office:
        events = events.filter(organization_name__icontains=wanted.office)
    if wanted.number:
        events = events.filter(subject_id__in=Nomination.objects.filter(number__iexact=wanted.number).values("pk"))
    return _of_chains(events, wanted)


def _of_chains(events: QuerySet[Event], wanted: EventFilter) -> QuerySet[Event]:
    """Keep the events of a campaign, or of one district in it; every district has a chain of its own."""
    parts = CampaignDistrict.objects.all()
    if wanted.district:
        parts = parts.filter(district=wanted.district)
        if wanted.campaign:
            parts = parts.filter(campaign=wanted.campaign)
        return events.filter(stream__in=parts.values("stream"))
    if not wanted.campaign:
        return events
    campaigns = Campaign.objects.filter(pk=wanted.campaign)
    chains = Q(stream__in=parts.filter(campaign=wanted.campaign).values("stream"))
    return events.filter(chains | Q(stream__in=campaigns.values("stream")))


def _subjects(flow: str, ids: set[UUID]) -> Iterable[tuple[UUID, Subject]]:
    rows: Any = flow_named(flow).model._base_manager.filter(pk__in=ids)
    if flow == Nomination.flow:
        return ((pk, Subject(name, number)) for pk, name, number in rows.values_list("pk", "community__name", "number"))
    office = "district__name" if _has_district(flow) else "campaign__city__name"
    return ((pk, Subject(name)) for pk, name in rows.values_list("pk", office))


def _has_district(flow: str) -> bool:
    return any(field.name == "district" for field in flow_named(flow).model._meta.fields)
