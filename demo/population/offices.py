"""The offices, companies and communities of the demo's city, and who acts for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from demo.population.people import enter
from nominations.enums import Capacity
from nominations.models import Campaign, Community
from nominations.models import Evaluator as Profile
from nominations.operations.campaign import load_campaign
from nominations.operations.evaluator import correct_evaluator, enter_evaluator
from nominations.presets import preset_content

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRESET = "shili_demo"
PREVIOUS = "shili_demo_previous"
# The day of loading is the 32nd of the application period; the former campaign lies 53 weeks back.
DAYS_OPEN, FORMER = 31, 53 * 7


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Somebody who scores on site, and in which capacity."""

    actor: Actor
    capacity: Capacity


@dataclass(slots=True)
class City:
    """Everybody in the demo, and its two campaigns."""

    today: date
    campaign: Campaign
    former: Campaign
    actors: dict[tuple[str, Role], Actor] = field(default_factory=dict)
    evaluators: list[Evaluator] = field(default_factory=list)
    communities: dict[str, Community] = field(default_factory=dict)
    bureaus: dict[UUID, str] = field(default_factory=dict)
    companies: dict[UUID, str] = field(default_factory=dict)

    def company_of(self, community: Community, role: Role = Role.COMPANY_ADMIN) -> Actor:
        """Return who acts for the company that manages a community."""
        return self.actors[self.companies[community.company_id], role]

    def reviewer_of(self, community: Community) -> Actor:
        """Return the reviewer of the bureau that supervises a community."""
        return self.actors[self.bureaus[community.authority_id], Role.DISTRICT_REVIEWER]

    def approver_of(self, community: Community) -> Actor:
        """Return the approver of the bureau that supervises a community."""
        return self.actors[self.bureaus[community.authority_id], Role.DISTRICT_APPROVER]

    @property
    def reviewer(self) -> Actor:
        """Return the city's reviewer."""
        return self.actors["city", Role.CITY_REVIEWER]

    @property
    def approver(self) -> Actor:
        """Return the city's approver."""
        return self.actors["city", Role.CITY_APPROVER]


def found(at: datetime) -> City:
    """Found the city: load both campaigns, enter offices, people and communities."""
    today = at.astimezone(SHANGHAI).date()
    opens = today - timedelta(days=DAYS_OPEN)
    source = preset_content(PRESET)
    former_opens = opens - timedelta(days=FORMER)
    begin = datetime.combine(former_opens - timedelta(days=30), time(9), SHANGHAI)
    former = load_campaign(source=source, at=begin, shift_to=former_opens, code=PREVIOUS).campaign
    campaign = load_campaign(source=source, at=at - timedelta(days=DAYS_OPEN + 10), shift_to=opens).campaign
    city = City(today=today, campaign=campaign, former=former)
    _enter_offices(city, begin)
    _enter_districts(city, begin)
    _enter_evaluators(city, begin)
    _enter_companies(city, begin)
    return city


@cache
def plan() -> Mapping[str, Any]:
    """Return the table of the city."""
    content: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("city.yaml").read_text(encoding="utf-8"))
    return content


def _enter_offices(city: City, since: datetime) -> None:
    offices = {
        "province": Organization.objects.get(kind=OrganizationKind.PROVINCE),
        "city": city.campaign.city,
        "operator": Organization.objects.create(kind=OrganizationKind.OPERATOR, name=plan()["operator"]),
    }
    for row in plan()["offices"]:
        _enter_people(city, row["login"], offices[row["kind"]], row["people"], since)


def _enter_districts(city: City, since: datetime) -> None:
    bureaus = {part.district.district.code: part.district for part in _parts(city.campaign)}
    for row in plan()["districts"]:
        bureau = bureaus[row["code"]]
        city.bureaus[bureau.pk] = row["login"]
        _enter_people(city, row["login"], bureau, row["people"], since)


def _enter_evaluators(city: City, since: datetime) -> None:
    for row in plan()["evaluators"]:
        office = Organization.objects.create(
            kind=OrganizationKind.EVALUATORS, name=row["name"], parent=city.campaign.city
        )
        _enter_people(city, row["login"], office, {"evaluator": row["person"]}, since)
        actor = city.actors[row["login"], Role.EVALUATOR]
        _pool(city, actor, row, since)
        city.evaluators.append(Evaluator(actor, Capacity(row["capacity"])))
    _name_deputies(city, since)


def _pool(city: City, actor: Actor, row: Mapping[str, Any], since: datetime) -> None:
    """Put a person into the city's pool, the identity confirmed by the city's reviewer."""
    bureaus = {login: pk for pk, login in city.bureaus.items()}
    facts = {
        "kind": row["capacity"],
        "organization": row["name"],
        "specialties": row["knows"],
        "districts": [bureaus[row["only"]]] if "only" in row else [],
        "absences": [tuple(city.today + timedelta(days=day) for day in row["away"])] if "away" in row else [],
        "identity_confirmed": not row.get("unconfirmed", False),
    }
    enter_evaluator(user_id=actor.person_id, facts=facts, actor=city.reviewer, at=since)


def _name_deputies(city: City, since: datetime) -> None:
    """Say who stands in for whom, once everybody is in the pool."""
    profiles = {one.user_id: one.pk for one in Profile.objects.all()}
    people = {login: actor for (login, role), actor in city.actors.items() if role == Role.EVALUATOR}
    for row in plan()["evaluators"]:
        if "deputy" in row:
            own, other = (profiles[people[login].person_id] for login in (row["login"], row["deputy"]))
            correct_evaluator(evaluator_id=own, facts={"deputies": [other]}, actor=city.reviewer, at=since)


def _enter_companies(city: City, since: datetime) -> None:
    offices = {}
    for number, row in enumerate(plan()["companies"], start=1):
        office = Organization.objects.create(
            kind=OrganizationKind.COMPANY, name=row["name"], credit_code=f"91990100MADEMO{number:04}"
        )
        offices[row["login"]] = office
        city.companies[office.pk] = row["login"]
        people = {"company_admin": row["admin"], "company_editor": row["editor"]}
        _enter_people(city, row["login"], office, people, since)
    for part in _parts(city.campaign):
        for name, subdistrict, neighborhood, company in plan()["communities"][part.district.district.code]:
            city.communities[name] = Community.objects.create(
                name=name,
                authority=part.district,
                district=part.district.district,
                subdistrict=subdistrict,
                neighborhood=neighborhood,
                company=offices[company],
            )


def _enter_people(city: City, login: str, office: Organization, people: Mapping[str, str], since: datetime) -> None:
    for role, name in people.items():
        short = role.rpartition("_")[2] if role.startswith(("company_", "district_", "city_")) else role
        username = f"{login}.{short}"
        language = "en" if username in plan()["english"] else "zh-hans"
        city.actors[login, Role(role)] = enter(username, name, office, Role(role), since=since, language=language)


def _parts(campaign: Campaign) -> Any:
    return campaign.districts.select_related("district__district", "district__parent").order_by(
        "district__district__code"
    )
