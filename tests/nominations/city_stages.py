"""Nominations on the city's side of the way: recommended, received, visited, scored, evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from attachments import operations as attachments
from attachments.models import Attachment
from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.scoring import Mark
from nominations.enums import Capacity
from nominations.models import (
    Assignment,
    DistrictReview,
    Evaluator,
    Nomination,
    PanelProposal,
    RecommendationSummary,
    Visit,
)
from nominations.operations import assignment as assignments
from nominations.operations import visit as visits
from tests.nominations import factories
from tests.nominations.stages import Programme, moved, submitted
from workflow import engine

RECOMMENDED_AT = factories.OPENS + timedelta(days=10)
EVALUATING_AT = factories.DISTRICT_CLOSES + timedelta(days=3)
NINE, SEVEN = Decimal(9), Decimal(7)


def recommended(programme: Programme, *, bureau: int = 0, score: str = "90.00", **how: object) -> Nomination:
    """Return a nomination that its district has recommended."""
    nomination = submitted(programme, bureau=bureau, **how)  # type: ignore[arg-type]
    office = programme.bureaus[bureau]
    DistrictReview.objects.create(
        nomination=nomination,
        reviewer_id=office.reviewer.person_id,
        opinion="材料齐全，同意推荐。",
        score=Decimal(score),
        completed_at=RECOMMENDED_AT,
        content_digest=nomination.content_digest,
        digest="1" * 64,
    )
    return moved(nomination, "recommend", office.approver, at=RECOMMENDED_AT, comment="同意推荐。")


def received(programme: Programme, *, bureau: int = 0) -> None:
    """Bring the district's summary to the city, past ranks and seal."""
    office = programme.bureaus[bureau]
    summary = office.summary
    for rank, nomination in enumerate(summary.nominations.filter(state="recommended").order_by("pk"), start=1):
        row = summary.rows.create(nomination=nomination, rank=rank, score=Decimal("90.00"))
        factories.AttachmentFactory.create(subject_kind="summary_row", subject_id=row.pk, purpose="description")
    digest = "2" * 64
    seal = factories.AttachmentFactory.create(subject_kind=summary.flow, subject_id=summary.pk, purpose="sealed_copy")
    RecommendationSummary.objects.filter(pk=summary.pk).update(
        preparer=office.reviewer.person_id, content_digest=digest, sealed_digest=digest, sealed_copy_id=seal.pk
    )
    for name, actor in [
        ("approve", office.approver),
        ("submit", office.approver),
        ("receive", programme.city_reviewer),
    ]:
        engine.perform(RecommendationSummary, summary.pk, name, actor=actor, at=RECOMMENDED_AT)


def evaluator(programme: Programme, capacity: Capacity = Capacity.EXPERT, **profile: Any) -> Actor:
    """Return somebody of the city's pool whose identity is confirmed."""
    pool = factories.OrganizationFactory.create(kind=OrganizationKind.EVALUATORS, parent=programme.campaign.city)
    person = factories.actor(Role.EVALUATOR, pool)
    pooled(programme, person, capacity, **profile)
    return person


def pooled(programme: Programme, person: Actor, capacity: Capacity = Capacity.EXPERT, **profile: Any) -> Evaluator:
    """Put a person into the city's pool and return the profile."""
    usual = {
        "organization": "示例单位",
        "identity_confirmed_at": factories.SINCE,
        "identity_confirmed_by_id": person.person_id,
    }
    return Evaluator.objects.create(
        city=programme.campaign.city,
        user_id=person.person_id,
        kind=capacity,
        entered_at=factories.SINCE,
        **(usual | profile),
    )


def photo(name: str = "visit.jpg") -> SimpleUploadedFile:
    """Return a small picture as a phone sends it."""
    picture = BytesIO()
    Image.new("RGB", (40, 30), (180, 200, 160)).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), content_type="image/jpeg")


def visited(programme: Programme, nomination: Nomination, *, at: datetime = EVALUATING_AT) -> Visit:
    """Record a visit and have its photo checked."""
    visit = visits.record_visit(
        nomination_id=nomination.pk,
        visited_on=date(2023, 8, 8),
        members=["示例专家", "示例工作人员"],
        findings="环境整洁。",
        photos=[photo()],
        actor=programme.city_reviewer,
        at=at,
    )
    for attachment in Attachment.objects.filter(subject_kind="visit", subject_id=visit.pk):
        attachments.inspect(attachment_id=attachment.pk, at=at)
    return visit


def scored(
    programme: Programme,
    nomination: Nomination,
    points: Decimal,
    *,
    capacity: Capacity = Capacity.EXPERT,
    at: datetime = EVALUATING_AT,
) -> Assignment:
    """Have a new evaluator give every item the same points and hand in."""
    person = evaluator(programme, capacity)
    made = assignments.assign_evaluator(
        nomination_id=nomination.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=at,
    )
    assignments.accept_assignment(assignment_id=made.pk, actor=person, at=at)
    sheet = assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=at)
    entries = [
        evaluation.Entry(leaf.item.id, Mark(points, remark="一般", photo_id=UUID(int=1)))
        for leaf in scores.outline_of(sheet.standard_id).leaves()
    ]
    evaluation.save_scores(sheet_id=sheet.pk, scorer_id=person.person_id, entries=entries, at=at)
    evaluation.hand_in(sheet_id=sheet.pk, scorer_id=person.person_id, at=at)
    made.refresh_from_db()
    return made


def assessed(
    programme: Programme, nomination: Nomination, points: Sequence[Decimal] = (NINE, NINE, NINE)
) -> Nomination:
    """Visit and score a received nomination, the last sheet by department staff, and close its evaluation."""
    visited(programme, nomination)
    for index, each in enumerate(points):
        capacity = Capacity.DEPARTMENT if index == len(points) - 1 else Capacity.EXPERT
        scored(programme, nomination, each, capacity=capacity)
    return moved(nomination, "complete_evaluation", programme.city_reviewer, at=EVALUATING_AT)


def proposal(programme: Programme, *, at: datetime, **more: Any) -> PanelProposal:
    """Return a proposal of panels without a seat."""
    made: PanelProposal = PanelProposal.objects.create(
        campaign=programme.campaign,
        seed=1,
        input_digest="0" * 64,
        findings={"lacking": [], "avoided": [], "loads": {}},
        prepared_by_id=programme.city_reviewer.person_id,
        prepared_at=at,
        **more,
    )
    return made
