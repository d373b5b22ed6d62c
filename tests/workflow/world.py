"""A small programme to move things in: one city, two districts, two companies, everybody who acts in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import District, Organization, User
from evaluation.models import Standard
from nominations.models import Campaign, CampaignDistrict, Community, Nomination, RecommendationSummary
from workflow.models import Stream, WorkflowModel

OPENS_AT = datetime(2023, 6, 30, 16, tzinfo=UTC)  # 1 July 2023, 00:00 in Shanghai
CLOSES_AT = datetime(2023, 7, 31, 16, tzinfo=UTC)
AT = datetime(2023, 7, 20, 1, 30, tzinfo=UTC)
ENDS_AT = datetime(2023, 9, 15, 16, tzinfo=UTC)
DIGEST = "d" * 64

OFFICES = {
    Role.COMPANY_ADMIN: "company",
    Role.COMPANY_EDITOR: "company",
    Role.DISTRICT_REVIEWER: "district",
    Role.DISTRICT_APPROVER: "district",
    Role.CITY_REVIEWER: "city",
    Role.CITY_APPROVER: "city",
    Role.AUDITOR: "city",
    Role.PROVINCE_VIEWER: "province",
    Role.SYSTEM_ADMIN: "operator",
    Role.SECURITY_ADMIN: "operator",
}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class World:
    """The offices and what they share."""

    province: Organization
    city: Organization
    district: Organization
    company: Organization
    operator: Organization
    campaign: Campaign
    summary: RecommendationSummary
    people: Mapping[Role, Actor]

    def actor(self, role: Role | str) -> Actor:
        """Return who acts in this role; the machine for ``system``."""
        return SYSTEM if role == Role.SYSTEM else self.people[Role(role)]

    def nomination(self, **fields: Any) -> Nomination:
        """Return a new draft of a new community."""
        number = next(_numbers)
        community = Community.objects.create(
            name=f"示例小区{number}",
            authority=self.district,
            district=self.district.district,
            subdistrict="示例街道",
            neighborhood="示例社区",
            company=self.company,
        )
        return Nomination.objects.create(
            stream_id=self.summary.stream_id,
            campaign=self.campaign,
            community=community,
            company=self.company,
            district=self.district,
            summary=self.summary,
            created_at=AT,
            updated_at=AT,
            **fields,
        )

    def nominations(self, count: int) -> list[Nomination]:
        """Return so many new drafts."""
        return [self.nomination() for _number in range(count)]


def build() -> World:
    """Return a new world; several can stand side by side."""
    province = _office(OrganizationKind.PROVINCE)
    city = _office(OrganizationKind.CITY, parent=province)
    district = _office(OrganizationKind.DISTRICT, parent=city, district=_district())
    company = _office(OrganizationKind.COMPANY)
    operator = _office(OrganizationKind.OPERATOR)
    campaign = _campaign(city)
    offices = {"province": province, "city": city, "district": district, "company": company, "operator": operator}
    people = {role: _person(role, offices[name], city) for role, name in OFFICES.items()}
    people[Role.EVALUATOR] = _person(Role.EVALUATOR, _office(OrganizationKind.EVALUATORS), city)
    people[Role.COMMITTEE_CONFIRMER] = _person(Role.COMMITTEE_CONFIRMER, _office(OrganizationKind.COMMITTEE), city)
    return World(campaign=campaign, summary=_summary(campaign, district), people=people, **offices)


def ready_to_submit(subject: Nomination) -> Nomination:
    """Give a draft everything that the first move asks for."""
    from nominations.rules import form

    values: dict[str, Any] = {
        section.name: {field.name: _value(field) for field in section.fields} for section in form.SECTIONS
    }
    digests = {"content_digest": DIGEST, "confirmed_digest": DIGEST, "sealed_digest": DIGEST}
    Nomination.objects.filter(pk=subject.pk).update(form=values, **digests)
    return Nomination.objects.get(pk=subject.pk)


def reload(subject: WorkflowModel) -> Any:
    """Return the row as it stands now."""
    return type(subject)._base_manager.get(pk=subject.pk)


def stream() -> Stream:
    """Return a new chain."""
    return Stream.objects.create(name=f"stream {next(_numbers)}")


def _value(field: Any) -> Any:
    by_kind = {"integer": 1, "decimal": "1.00", "boolean": False, "date": "2023-01-01", "month": "2016-09"}
    return by_kind.get(field.kind, field.choices[0] if field.choices else "示例")


def _office(kind: OrganizationKind, **fields: Any) -> Organization:
    return Organization.objects.create(kind=kind, name=f"示例{kind.value}{next(_numbers)}", **fields)


def _district() -> District:
    number = next(_numbers)
    return District.objects.create(code=f"{990000 + number}", name=f"示例{number}区")


def _person(role: Role, office: Organization, city: Organization) -> Actor:
    user = User.objects.create(username=f"person{next(_numbers)}", name=f"示例{role.value}")
    return Actor(
        user_id=user.pk,
        name=user.name,
        role=role,
        organization_id=office.pk,
        organization_kind=OrganizationKind(office.kind),
        organization_name=office.name,
        city_id=city.pk,
    )


def _campaign(city: Organization) -> Campaign:
    number = next(_numbers)
    return Campaign.objects.create(
        code=f"campaign-{number}",
        title="“美好家园”选树",
        award="美好家园",
        year=2023,
        city=city,
        legal_basis="建房函〔2023〕332号",
        goal="示例",
        issued_on=date(2023, 6, 25),
        standard=Standard.objects.create(code=f"standard-{number}", title="标准"),
        stream=stream(),
        application_opens_at=OPENS_AT,
        application_closes_at=CLOSES_AT,
        district_closes_at=CLOSES_AT,
        evaluation_closes_at=datetime(2023, 8, 31, 16, tzinfo=UTC),
        work_report_closes_at=datetime(2023, 8, 31, 16, tzinfo=UTC),
        report_closes_at=ENDS_AT,
        places=10,
    )


def _summary(campaign: Campaign, district: Organization) -> RecommendationSummary:
    part = CampaignDistrict.objects.create(campaign=campaign, district=district, stream=stream(), prefix="SL")
    return RecommendationSummary.objects.create(
        stream=part.stream, campaign=campaign, district=district, created_at=AT, updated_at=AT
    )


def values_of(events: Sequence[Any], *names: str) -> list[tuple[Any, ...]]:
    """Return the named fields of each event."""
    return [tuple(getattr(event, name) for name in names) for event in events]
