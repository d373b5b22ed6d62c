"""Rows for tests about the programme: people in their offices, a campaign, communities; every name is invented.

``stages.py`` takes a nomination from here on its way, through the product's own verbs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import District, Membership, Organization, User
from accounts.queries import as_actor
from attachments.enums import AttachmentKind, AttachmentState
from attachments.models import Attachment
from evaluation.models import Standard
from evaluation.operations import create_standard
from nominations.enums import DeadlineKind
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Community,
    ComplaintFigure,
    Penalty,
    ProvincialReport,
    RecommendationSummary,
    Requirement,
    WorkReport,
)
from tests.evaluation.annex import annex_two
from workflow import deadlines
from workflow.models import Stream, WorkflowModel

# Everybody holds their office since the beginning of 2023; the campaign's dates are those of the notice.
SINCE = datetime(2022, 12, 31, 16, tzinfo=UTC)
OPENS = datetime(2023, 7, 9, 16, tzinfo=UTC)
APPLICATION_CLOSES = datetime(2023, 7, 31, 16, tzinfo=UTC)
DISTRICT_CLOSES = datetime(2023, 8, 5, 16, tzinfo=UTC)
EVALUATION_CLOSES = datetime(2023, 8, 31, 16, tzinfo=UTC)
WORK_REPORT_CLOSES = datetime(2023, 8, 31, 16, tzinfo=UTC)
REPORT_CLOSES = datetime(2023, 9, 15, 16, tzinfo=UTC)
DIGEST = "0" * 64

# Annex 1, shortened: what matters to a test are the checks.
REQUIREMENTS: dict[int, tuple[str, dict[str, Any]]] = {
    1: (
        "figures",
        {
            "figures": [
                {"figure": "satisfaction_rate", "operator": ">", "limit": "90"},
                {"figure": "fee_collection_rate", "operator": ">", "limit": "90"},
                {"figure": "complaint_rate", "best_percent": "5"},
            ]
        },
    ),
    2: ("judged", {}),
    3: ("judged", {}),
    4: ("committee_in_term", {}),
    5: ("judged", {}),
    6: ("no_penalty", {"months": 12, "before": "application_closes"}),
    7: ("judged", {}),
    8: ("judged", {}),
}


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"person{n}")
    name = Sequence(lambda n: f"示例人员{n}")
    email = LazyAttribute(lambda user: f"{user.username}@example.com")


class DistrictFactory(DjangoModelFactory[District]):
    class Meta:
        model = District

    code = Sequence(lambda n: f"99{n:04}")
    name = Sequence(lambda n: f"示例{n}区")


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    kind = OrganizationKind.COMPANY
    name: Any = Sequence(lambda n: f"示例{n}物业服务有限公司(示例)")


class CityFactory(OrganizationFactory):
    kind = OrganizationKind.CITY
    name = Sequence(lambda n: f"示例{n}市城市管理局")
    parent = SubFactory(OrganizationFactory, kind=OrganizationKind.PROVINCE, name="示例省住房和城乡建设厅")


class DistrictBureauFactory(OrganizationFactory):
    kind = OrganizationKind.DISTRICT
    district = SubFactory(DistrictFactory)
    parent = SubFactory(CityFactory)
    name = LazyAttribute(lambda bureau: f"{bureau.district.name}城市管理局")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    organization = SubFactory(OrganizationFactory)
    role = Role.COMPANY_ADMIN
    valid_from = SINCE


def actor(role: Role, organization: Organization, user: User | None = None) -> Actor:
    """Return a person who holds ``role`` for ``organization``; a new person unless one is given."""
    return as_actor(MembershipFactory.create(role=role, organization=organization, user=user or UserFactory.create()))


def actors(posts: Collection[tuple[Role, Organization]]) -> list[Actor]:
    """Return a new person for each post: two queries, however many there are."""
    users = UserFactory.build_batch(len(posts))
    User.objects.bulk_create(users)
    held = [
        MembershipFactory.build(role=role, organization=organization, user=user)
        for (role, organization), user in zip(posts, users, strict=True)
    ]
    return [as_actor(membership) for membership in Membership.objects.bulk_create(held)]


def system() -> Actor:
    """Return the machine."""
    return SYSTEM


class StreamFactory(DjangoModelFactory[Stream]):
    class Meta:
        model = Stream

    name = Sequence(lambda n: f"stream {n}")


def standard() -> Standard:
    """Return annex 2 as a standard; one row for all campaigns of a test."""
    return Standard.objects.filter(code="annex_two").first() or create_standard(
        code="annex_two", title="“美好家园”选树参考标准", outline=annex_two()
    )


class CampaignFactory(DjangoModelFactory[Campaign]):
    """A campaign with its eight requirements and the report to the province; it has no districts yet."""

    class Meta:
        model = Campaign

    code = Sequence(lambda n: f"example_{n}")
    title = "“加强物业管理 共建美好家园”活动"
    award = "“美好家园”小区"
    year = 2023
    city = SubFactory(CityFactory)
    legal_basis = "建房函〔2023〕332号"
    goal = "建成一批“美好家园”小区"
    issued_on = date(2023, 7, 10)
    standard = LazyFunction(standard)
    stream = SubFactory(StreamFactory)
    source_digest = DIGEST
    application_opens_at = OPENS
    application_closes_at = APPLICATION_CLOSES
    district_closes_at = DISTRICT_CLOSES
    evaluation_closes_at = EVALUATION_CLOSES
    work_report_closes_at = WORK_REPORT_CLOSES
    report_closes_at = REPORT_CLOSES
    places = 10
    complaint_rate_limit = Decimal("0.010000")

    @classmethod
    def _create(cls, model_class: type[Campaign], *args: Any, **kwargs: Any) -> Campaign:
        campaign: Campaign = super()._create(model_class, *args, **kwargs)  # type: ignore[no-untyped-call]  # factory_boy
        Requirement.objects.bulk_create(
            Requirement(
                campaign=campaign, number=number, text=f"原则要求{number}", check_kind=kind, parameters=parameters
            )
            for number, (kind, parameters) in REQUIREMENTS.items()
        )
        paper(ProvincialReport, DeadlineKind.REPORT_CLOSES, campaign.report_closes_at, campaign, campaign.stream)
        return campaign


class CampaignDistrictFactory(DjangoModelFactory[CampaignDistrict]):
    """A district's part in a campaign, with its summary and its work report and their deadlines."""

    class Meta:
        model = CampaignDistrict

    campaign = SubFactory(CampaignFactory)
    district = SubFactory(DistrictBureauFactory, parent=SelfAttribute("..campaign.city"))
    stream = SubFactory(StreamFactory)
    prefix = Sequence(lambda n: f"D{n}")

    @classmethod
    def _create(cls, model_class: type[CampaignDistrict], *args: Any, **kwargs: Any) -> CampaignDistrict:
        part: CampaignDistrict = super()._create(model_class, *args, **kwargs)  # type: ignore[no-untyped-call]  # factory_boy
        campaign, office = part.campaign, {"district": part.district}
        closes_at = campaign.district_closes_at
        summary = paper(RecommendationSummary, DeadlineKind.DISTRICT_CLOSES, closes_at, campaign, part.stream, **office)
        RecommendationSummary.objects.filter(pk=summary.pk).update(quota=part.quota)
        closes_at = campaign.work_report_closes_at
        paper(WorkReport, DeadlineKind.WORK_REPORT_CLOSES, closes_at, campaign, part.stream, **office)
        return part


class CommunityFactory(DjangoModelFactory[Community]):
    """A community whose complaint rate is among the best 5 %: 2 complaints of 500 households."""

    class Meta:
        model = Community

    name = Sequence(lambda n: f"示例{n}花园")
    authority = SubFactory(DistrictBureauFactory)
    district = SelfAttribute("authority.district")
    subdistrict = "示例街道"
    neighborhood = "示例社区"
    company = SubFactory(OrganizationFactory)


class ComplaintFigureFactory(DjangoModelFactory[ComplaintFigure]):
    class Meta:
        model = ComplaintFigure

    community_name = SelfAttribute("community.name")
    households = 500
    complaints = 2


class PenaltyFactory(DjangoModelFactory[Penalty]):
    class Meta:
        model = Penalty

    decided_on = date(2022, 12, 1)
    authority = "示例区城市管理局"
    document = Sequence(lambda n: f"示城管罚决字〔2022〕{n}号")


class AttachmentFactory(DjangoModelFactory[Attachment]):
    """A file that has passed its check; its bytes are in no store."""

    class Meta:
        model = Attachment

    subject_kind = "nomination"
    purpose = "evidence"
    original_name = "evidence.pdf"
    kind = AttachmentKind.PDF
    size = 1000
    sha256 = Sequence(lambda n: f"{n:064x}")
    received_sha256 = SelfAttribute("sha256")
    file = Sequence(lambda n: f"kept/{n}.pdf")
    sealed = LazyAttribute(lambda attachment: attachment.purpose == "sealed_copy")
    state = AttachmentState.CLEAN
    uploaded_at = OPENS
    inspect_after = SelfAttribute("uploaded_at")
    inspected_at = LazyAttribute(
        lambda attachment: None if attachment.state == AttachmentState.QUARANTINED else attachment.uploaded_at
    )
    rejection_code = LazyAttribute(lambda attachment: "damaged" if attachment.state == AttachmentState.REJECTED else "")
    uploaded_by = SubFactory(UserFactory)


def paper(
    model: Any, kind: str, due_at: datetime, campaign: Campaign, stream: Stream, **fields: object
) -> WorkflowModel:
    """Return a paper of a campaign in its first state, with its deadline."""
    row: WorkflowModel = model(campaign=campaign, stream=stream, created_at=SINCE, updated_at=SINCE, **fields)
    row.save(force_insert=True)
    deadlines.schedule(kind=kind, flow=row.flow, subject_id=row.pk, due_at=due_at)
    return row
