"""What keeps an evaluator from scoring a community: what was declared, and what is known besides (row S-09)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.enums import ConflictCause, ConflictKind
from nominations.rules.requirement import months_before


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that the evaluator declared; ``ended_on`` is empty while it holds."""

    kind: ConflictKind
    organization_id: UUID | None = None
    community_id: UUID | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of an evaluator: ``offices`` are memberships, with the day on which each ended."""

    employer_id: UUID | None = None
    home_id: UUID | None = None
    offices: tuple[tuple[UUID, datetime | None], ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def about(self) -> frozenset[UUID]:
        """Return every office and community that anything known of the evaluator is about."""
        declared = (one.organization_id or one.community_id for one in self.relations)
        named = (self.employer_id, self.home_id, *(pk for pk, _until in self.offices), *declared)
        return frozenset(pk for pk in named if pk is not None)


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a nomination matters: ``group`` holds the company's owners and what belongs to it or to them."""

    community_id: UUID
    company_id: UUID
    authority_id: UUID
    group: frozenset[UUID] = frozenset()
    district_scorers: frozenset[int] = frozenset()
    names: Mapping[UUID, str] | None = None

    @property
    def parties(self) -> frozenset[UUID]:
        """Return the community and every office concerned: who has nothing to do with any of them has no conflict."""
        return self.group | {self.company_id, self.authority_id, self.community_id}

    def name_of(self, pk: UUID) -> str:
        """Return the name of the office or the community."""
        return (self.names or {}).get(pk, "")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict of interest: how it is known, of which kind, and about whom."""

    cause: ConflictCause
    kind: ConflictKind
    about: str

    def refusal(self) -> Refusal:
        """Return the reason against the evaluator, without what was declared in confidence."""
        params = {"about": self.about, "kind": self.kind.label}
        return Refusal(f"conflict_{self.cause}", SENTENCES[self.cause], params, fix="evaluator")


SENTENCES: Mapping[ConflictCause, Sentence] = {
    ConflictCause.COMPANY: _("Works or worked for %(about)s, which manages the community."),
    ConflictCause.GROUP: _("Works or worked for %(about)s, of the same owner as the company."),
    ConflictCause.AUTHORITY: _("Works or worked for %(about)s, which recommends the community."),
    ConflictCause.HOME: _("Lives in %(about)s."),
    ConflictCause.DISTRICT_SCORER: _("Scored %(about)s for the district already."),
    ConflictCause.DECLARED: _("Declared a relation to %(about)s: %(kind)s."),
}


def conflicts(user_id: int, background: Background, matter: Matter, *, since: date) -> list[Conflict]:
    """Return every conflict of interest between an evaluator and a community; what ended before ``since`` is over."""
    found = [
        *_of_offices(background, matter, since),
        *_of_home(background, matter),
        *_of_district(user_id, matter),
        *_of_relations(background, matter, since),
    ]
    return list(dict.fromkeys(found))


def looked_back(day: date, years: int) -> date:
    """Return the day from which on a relation counts, ``years`` before ``day``."""
    return months_before(day, 12 * years)


def _of_offices(background: Background, matter: Matter, since: date) -> Iterator[Conflict]:
    offices = [pk for pk, until in background.offices if until is None or until.date() >= since]
    for pk in [*offices, *([background.employer_id] if background.employer_id else [])]:
        cause, kind = _place_of(pk, matter)
        if cause is not None:
            yield Conflict(cause, kind, matter.name_of(pk))


def _place_of(pk: UUID, matter: Matter) -> tuple[ConflictCause | None, ConflictKind]:
    """Return how an office concerns a community."""
    if pk == matter.company_id:
        return ConflictCause.COMPANY, ConflictKind.EMPLOYMENT
    if pk in matter.group:
        return ConflictCause.GROUP, ConflictKind.OWNERSHIP
    return (ConflictCause.AUTHORITY if pk == matter.authority_id else None), ConflictKind.EMPLOYMENT


def _of_home(background: Background, matter: Matter) -> Iterator[Conflict]:
    if background.home_id == matter.community_id:
        yield Conflict(ConflictCause.HOME, ConflictKind.RESIDENCE, matter.name_of(matter.community_id))


def _of_district(user_id: int, matter: Matter) -> Iterator[Conflict]:
    """Yield a conflict for whoever scored the community for the district: nobody judges it twice."""
    if user_id in matter.district_scorers:
        yield Conflict(ConflictCause.DISTRICT_SCORER, ConflictKind.OTHER, matter.name_of(matter.community_id))


def _of_relations(background: Background, matter: Matter, since: date) -> Iterator[Conflict]:
    concerned = matter.parties
    for relation in background.relations:
        about = relation.organization_id or relation.community_id
        is_over = relation.ended_on is not None and relation.ended_on < since
        if about in concerned and not is_over and relation.kind != ConflictKind.NONE:
            yield Conflict(ConflictCause.DECLARED, relation.kind, matter.name_of(about))


def group_of(company_id: UUID, owners: Mapping[UUID, UUID]) -> frozenset[UUID]:
    """Return the owners of a company, their owners and so on, and every company that belongs to any of them or to it.

    ``owners`` maps a company to its owner. A circle in the data does no harm.
    """
    chain = [company_id]
    while (owner := owners.get(chain[-1])) is not None and owner not in chain:
        chain.append(owner)
    found = set(chain)
    while more := {pk for pk, owner in owners.items() if owner in found} - found:
        found |= more
    return frozenset(found - {company_id})
