"""A programme of one city and nominations at each stage of it, reached by the product's own verbs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Organization
from evaluation.queries import outline_of
from nominations.models import Campaign, Community, Nomination, RecommendationSummary, WorkReport
from nominations.operations.district_review import complete_review, save_review
from nominations.operations.moves import make_move
from nominations.operations.nomination import claim, content_digest, save_sections, start_nomination
from tests.nominations import factories
from workflow import engine, taking

AT = factories.OPENS + timedelta(days=3)
OF_A_BUREAU = (Role.DISTRICT_REVIEWER, Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER)
OF_A_COMPANY = (Role.COMPANY_ADMIN, Role.COMPANY_EDITOR)


@dataclass(frozen=True)
class Company:
    """A property service company and two people in it."""

    office: Organization
    admin: Actor
    editor: Actor


@dataclass(frozen=True)
class Bureau:
    """A district bureau in a campaign: its pair, and one more reviewer."""

    campaign: Campaign
    office: Organization
    reviewer: Actor
    colleague: Actor
    approver: Actor

    @property
    def summary(self) -> RecommendationSummary:
        return RecommendationSummary.objects.get(campaign=self.campaign, district=self.office)

    @property
    def work_report(self) -> WorkReport:
        return WorkReport.objects.get(campaign=self.campaign, district=self.office)


@dataclass(frozen=True)
class Programme:
    """A campaign of a city with two districts and two companies; nobody in it is known to another programme."""

    campaign: Campaign
    bureaus: tuple[Bureau, ...]
    companies: tuple[Company, ...]

    @property
    def bureau(self) -> Bureau:
        return self.bureaus[0]

    @property
    def company(self) -> Company:
        return self.companies[0]

    @cached_property
    def city_reviewer(self) -> Actor:
        return factories.actor(Role.CITY_REVIEWER, self.campaign.city)

    @cached_property
    def city_approver(self) -> Actor:
        return factories.actor(Role.CITY_APPROVER, self.campaign.city)

    @cached_property
    def auditor(self) -> Actor:
        return factories.actor(Role.AUDITOR, self.campaign.city)

    @cached_property
    def province_viewer(self) -> Actor:
        assert self.campaign.city.parent is not None
        return factories.actor(Role.PROVINCE_VIEWER, self.campaign.city.parent)

    def community(self, *, bureau: int = 0, company: int = 0, **fields: Any) -> Community:
        """Return a new community of this programme whose complaints the city has figures of."""
        community = factories.CommunityFactory.create(
            authority=self.bureaus[bureau].office, company=self.companies[company].office, **fields
        )
        factories.ComplaintFigureFactory.create(campaign=self.campaign, community=community)
        return community


def programme(*, quota: int | None = None, **campaign: Any) -> Programme:
    """Return a programme; ``campaign`` are fields of its campaign, ``quota`` is each district's."""
    made = factories.CampaignFactory.create(**campaign)
    parts = [factories.CampaignDistrictFactory.create(campaign=made, quota=quota) for _ in range(2)]
    bureaus, companies = [part.district for part in parts], [factories.OrganizationFactory.create() for _ in range(2)]
    people = iter(
        factories.actors(
            [(role, office) for office in bureaus for role in OF_A_BUREAU]
            + [(role, office) for office in companies for role in OF_A_COMPANY]
        )
    )
    return Programme(
        made,
        tuple(Bureau(made, office, *islice(people, len(OF_A_BUREAU))) for office in bureaus),
        tuple(Company(office, *islice(people, len(OF_A_COMPANY))) for office in companies),
    )


def form(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a complete form 3; ``changes`` maps names of sections to other values in them."""
    full: dict[str, dict[str, Any]] = {
        "basics": {
            "built_on": "2016-09",
            "floor_area": "86000.50",
            "buildings": 12,
            "entrances": 24,
            "households": 500,
        },
        "party": {"name": "示例社区示例花园党支部", "contact_name": "周示例", "contact_phone": "13800000001"},
        "company": {
            "name": "示例物业服务有限公司(示例)",
            "contact_name": "吴示例",
            "contact_phone": "13800000002",
            "has_penalty": False,
        },
        "committee": {
            "kind": "owners_committee",
            "name": "示例花园业主委员会",
            "term_from": "2021-06-01",
            "term_until": "2026-05-31",
            "members": 7,
            "party_members": 4,
            "contact_name": "郑示例",
            "contact_phone": "13800000003",
            "contact_email": "committee@example.com",
        },
        "figures": {
            "satisfaction_rate": "95.20",
            "satisfaction_source": "2023年6月入户问卷，回收312份",
            "fee_collection_rate": "96.40",
            "complaints": 2,
        },
        "practices": {f"practice_{number}": f"第{number}项要求的做法和成效。" for number in range(1, 9)},
    }
    return {name: {**section, **changes.get(name, {})} for name, section in full.items()}


def drafted(
    programme: Programme, *, community: Community | None = None, bureau: int = 0, company: int = 0, at: datetime = AT
) -> Nomination:
    """Return a nomination that was just started."""
    return start_nomination(
        campaign_id=programme.campaign.pk,
        community_id=(community or programme.community(bureau=bureau, company=company)).pk,
        actor=programme.companies[company].editor,
        at=at,
    )


def filled_in(
    programme: Programme,
    *,
    changes: dict[str, dict[str, Any]] | None = None,
    company: int = 0,
    at: datetime = AT,
    **where: Any,
) -> Nomination:
    """Return a draft whose form is complete."""
    nomination = drafted(programme, company=company, at=at, **where)
    return save_sections(
        nomination_id=nomination.pk, sections=form(**changes or {}), actor=programme.companies[company].editor, at=at
    )


def ready(programme: Programme, **how: Any) -> Nomination:
    """Return a draft that may be submitted: complete, confirmed and sealed (as it stands in the database)."""
    return vouched(filled_in(programme, **how))


def vouched(nomination: Nomination) -> Nomination:
    """Enter, past the committee's link and the scanner, that the present text is confirmed and sealed."""
    digest = content_digest(nomination)
    seal = factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="sealed_copy")
    Nomination.objects.filter(pk=nomination.pk).update(
        confirmed_digest=digest, sealed_digest=digest, sealed_copy_id=seal.pk
    )
    return reloaded(nomination)


def submitted(programme: Programme, *, company: int = 0, at: datetime = AT, **how: Any) -> Nomination:
    """Return a nomination that the district has received."""
    nomination = ready(programme, company=company, at=at, **how)
    return moved(nomination, "submit", programme.companies[company].admin, at=at)


def moved(nomination: Nomination, name: str, actor: Actor, *, at: datetime = AT, **wanted: Any) -> Nomination:
    """Make one move and return the nomination as it then stands."""
    engine.perform(Nomination, nomination.pk, name, actor=actor, at=at, **wanted)
    return reloaded(nomination)


def reloaded(nomination: Nomination) -> Nomination:
    """Return the nomination as it now stands, with what guards read."""
    found: Nomination = taking.load(Nomination, [nomination.pk])[nomination.pk]
    return found


def claimed(programme: Programme, *, bureau: int = 0, at: datetime = AT, **how: Any) -> Nomination:
    """Return a submitted nomination that the bureau's reviewer has taken up."""
    nomination = submitted(programme, bureau=bureau, at=at, **how)
    claim(nomination_id=nomination.pk, actor=programme.bureaus[bureau].reviewer, at=at)
    return reloaded(nomination)


def written(programme: Programme, *, bureau: int = 0, at: datetime = AT, **how: Any) -> Nomination:
    """Return a nomination whose review lacks nothing but being handed to the approver."""
    nomination = claimed(programme, bureau=bureau, at=at, **how)
    write_review(nomination, programme.bureaus[bureau].reviewer, at=at)
    return reloaded(nomination)


def reviewed(programme: Programme, *, bureau: int = 0, at: datetime = AT, **how: Any) -> Nomination:
    """Return a nomination whose review lies with the approver."""
    nomination = written(programme, bureau=bureau, at=at, **how)
    complete_review(nomination_id=nomination.pk, actor=programme.bureaus[bureau].reviewer, at=at)
    return reloaded(nomination)


def recommended(programme: Programme, *, bureau: int = 0, at: datetime = AT, **how: Any) -> Nomination:
    """Return a nomination that its district has recommended on a real review."""
    nomination = reviewed(programme, bureau=bureau, at=at, **how)
    return moved(nomination, "recommend", programme.bureaus[bureau].approver, at=at, comment="同意推荐。")


def write_review(
    nomination: Nomination,
    reviewer: Actor,
    *,
    points: str = "9",
    group_three: str = "",
    unmet: Collection[int] = (),
    at: datetime = AT,
) -> None:
    """Judge every open requirement met but those in ``unmet``, give every item the same points, write the opinion.

    The items of the third group get ``group_three`` instead, if it is given.
    """
    leaves = outline_of(nomination.campaign.standard_id).leaves()
    marks = {leaf.item.id: group_three if group_three and leaf.group.number == "三" else points for leaf in leaves}
    sections: dict[str, Any] = {
        "requirements": [_judged(number, met=number not in unmet) for number in (2, 3, 4, 5, 6, 7, 8)],
        "scores": [{"item": str(item), "points": given} for item, given in marks.items()],
        "opinion": "材料齐全，日常检查情况良好，建议推荐。",
    }
    save_review(nomination_id=nomination.pk, sections=sections, actor=reviewer, at=at)


def _judged(number: int, *, met: bool) -> dict[str, Any]:
    return {"number": number, "verdict": "met" if met else "not_met", "note": "" if met else "现场查看不符合"}


def returned(nomination: Nomination, reviewer: Actor, payload: dict[str, Any], *, at: datetime = AT) -> Nomination:
    """Return the form for correction, due by the working calendar."""
    make_move(
        Nomination, nomination.pk, "return_for_correction", actor=reviewer, at=at, comment="请补正", payload=payload
    )
    return reloaded(nomination)
