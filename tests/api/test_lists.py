"""Every list with one row and with three costs the same number of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import Actor
from accounts.operations import issue_token
from api.access import ACCESS
from nominations.enums import Capacity, ConflictKind, Window
from nominations.models import (
    Assignment,
    Evaluator,
    Extension,
    GoodPractice,
    Inspection,
    Nomination,
    PanelSeat,
    PublicityEntry,
    RelatedHonor,
    Selection,
    ThirdPartyAssessment,
    Visit,
)
from nominations.operations.conflict import declare
from notifications.enums import DeliveryState
from notifications.models import Delivery, Notice
from tests.api.conftest import running_calendar
from tests.api.people import Program, person_as, program_of
from tests.architecture.routes import PATTERNS
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme
from tests.workflow.tampering import place

pytestmark = pytest.mark.django_db


class Rows:
    """Makes one more row of each list, in the sight of its reader."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.now = timezone.now()
        self.case: Nomination = stages.drafted(programme, at=self.now)
        self.ready: Nomination = stages.ready(programme, at=self.now)

    def campaign(self) -> Programme:
        return stages.programme(city=self.programme.campaign.city, **running_calendar())

    def token(self) -> None:
        person = person_as(self.programme.city_reviewer)
        until = self.now + timedelta(days=1)
        issue_token(membership=person.membership, label="x", at=self.now, expires_at=until)

    def organization(self) -> None:
        factories.OrganizationFactory.create()

    def community(self) -> None:
        self.programme.community()

    def nomination(self) -> None:
        stages.drafted(self.programme, at=self.now)

    def event(self) -> None:
        name = "submit" if self.ready.state == "draft" else "recall"
        self.ready = stages.moved(self.ready, name, self.programme.company.admin, at=self.now)

    def attachment(self) -> None:
        factories.AttachmentFactory.create(subject_id=self.case.pk)

    def evidence(self) -> None:
        factories.AttachmentFactory.create(subject_kind="district_review", subject_id=self.case.pk)

    def assignment(self) -> None:
        Assignment.objects.create(
            nomination=self.case,
            evaluator_id=city_stages.evaluator(self.programme).person_id,
            capacity=Capacity.EXPERT,
            assigned_at=self.now,
        )

    def own_assignment(self, person: Actor) -> None:
        Assignment.objects.create(
            nomination=stages.drafted(self.programme, at=self.now),
            evaluator_id=person.person_id,
            capacity=Capacity.EXPERT,
            assigned_at=self.now,
        )

    def visit(self) -> None:
        visit = Visit.objects.create(
            nomination=self.case,
            visited_on=self.now.date(),
            members=["示例"],
            recorded_by_id=self.programme.city_reviewer.person_id,
            recorded_at=self.now,
        )
        factories.AttachmentFactory.create(subject_kind="visit", subject_id=visit.pk, purpose="photo")

    def evaluator(self) -> Actor:
        person = city_stages.evaluator(self.programme)
        profile = Evaluator.objects.get(user=person.person_id)
        profile.districts.set([bureau.office for bureau in self.programme.bureaus])
        deputy = city_stages.evaluator(self.programme)
        profile.deputies.set(Evaluator.objects.filter(user=deputy.person_id))
        profile.absences.create(first_on=self.now.date(), last_on=self.now.date())
        return person

    def declaration(self) -> None:
        about = {"organization_id": self.case.company_id, "kind": ConflictKind.FAMILY}
        declare(actor=self.evaluator(), at=self.now, **about)

    def proposal(self) -> None:
        person = self.evaluator()
        proposal = city_stages.proposal(self.programme, at=self.now, replaced_at=self.now)
        profile = Evaluator.objects.get(user=person.person_id)
        PanelSeat.objects.create(proposal=proposal, nomination=self.case, evaluator=profile)

    def planned_visit(self) -> None:
        Visit.objects.create(
            nomination=stages.drafted(self.programme, at=self.now),
            planned_from=self.now,
            planned_until=self.now + timedelta(hours=1),
            planned_at=self.now,
            planned_by_id=self.programme.city_reviewer.person_id,
        )

    def extension(self) -> None:
        Extension.objects.create(
            campaign=self.programme.campaign,
            window=Window.APPLICATION,
            until=self.now,
            reason="x",
            prepared_by_id=self.programme.city_reviewer.person_id,
            prepared_at=self.now,
        )

    def selection(self) -> None:
        campaign = self.campaign().campaign
        Selection.objects.create(
            campaign=campaign,
            preparer_id=self.programme.city_reviewer.person_id,
            stream=campaign.stream,
            created_at=self.now,
            updated_at=self.now,
        )

    def inspection(self) -> None:
        Inspection.objects.create(
            community=self.case.community,
            inspected_on=self.now.date(),
            findings="x",
            recorded_by_id=self.programme.bureau.reviewer.person_id,
            recorded_at=self.now,
        )

    def work_report_file(self) -> None:
        report = self.programme.bureau.work_report
        factories.AttachmentFactory.create(subject_kind="work_report", subject_id=report.pk, purpose="case")

    def publicity(self) -> None:
        PublicityEntry.objects.create(
            channel="报刊", title="示例", published_on=self.now.date(), **self._entered(), **self._office()
        )

    def practice(self) -> None:
        practice = {"title": "示例", "summary": "示例", "tags": ["党建引领"]}
        GoodPractice.objects.create(nomination=self.case, **practice, **self._entered(), **self._office())

    def third_party(self) -> ThirdPartyAssessment:
        period = {"began_on": self.now.date(), "ended_on": self.now.date()}
        found: ThirdPartyAssessment = ThirdPartyAssessment.objects.create(
            nomination=self.case, organization="示例", **period, **self._entered()
        )
        return found

    def third_party_file(self) -> None:
        kind = {"subject_kind": "third_party_assessment", "subject_id": self.assessed.pk, "purpose": "report"}
        factories.AttachmentFactory.create(**kind)

    def honor(self) -> None:
        community = self.programme.community()
        RelatedHonor.objects.create(
            community=community, programme="皖美红色物业", year=2023, status="granted", **self._entered()
        )

    def title(self) -> None:
        place(stages.drafted(self.programme, at=self.now), "awarded", title_from=self.now.date())

    @cached_property
    def assessed(self) -> ThirdPartyAssessment:
        return self.third_party()

    def _entered(self) -> dict[str, Any]:
        return {"recorded_by_id": self.programme.bureau.reviewer.person_id, "recorded_at": self.now}

    def _office(self) -> dict[str, Any]:
        return {"campaign": self.programme.campaign, "district": self.programme.bureau.office}

    def notice(self) -> None:
        stages.submitted(self.programme, at=self.now)

    def delivery(self) -> None:
        self.notice()
        notice = Notice.objects.filter(deliveries__isnull=True, city_id=self.programme.campaign.city_id).earliest("pk")
        Delivery.objects.create(
            notice=notice,
            city_id=notice.city_id,
            address="a@example.com",
            state=DeliveryState.PARKED,
            message_id=f"<{notice.pk}@example.com>",
            next_at=self.now,
        )


@pytest.fixture
def rows(programme: Programme) -> Rows:
    return Rows(programme)


def cost(program: Program, path: str) -> tuple[int, int]:
    """Return how many rows a list shows, and how many queries it takes."""
    program.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = program.get(path)
    return len(answer.body["results"]), len(queries)


def grows_freely(program: Program, path: str, more: Callable[[], Any]) -> bool:
    """Tell whether a list costs the same when it shows two rows more, and does show them."""
    more()
    few, before = cost(program, path)
    more()
    more()
    many, after = cost(program, path)
    assert (many > few, before) == (True, after)
    return few >= 1


LISTS: dict[str, tuple[str, str]] = {
    "tokens": ("city_reviewer", "token"),
    "organizations": ("city_reviewer", "organization"),
    "campaigns": ("city_reviewer", "campaign"),
    "communities": ("city_reviewer", "community"),
    "community-inspections": ("city_reviewer", "inspection"),
    "nominations": ("city_reviewer", "nomination"),
    "nomination-attachments": ("city_reviewer", "attachment"),
    "nomination-district-review-attachments": ("city_reviewer", "evidence"),
    "nomination-assignments": ("city_reviewer", "assignment"),
    "nomination-visits": ("city_reviewer", "visit"),
    "assignments": ("city_reviewer", "assignment"),
    "evaluators": ("city_reviewer", "evaluator"),
    "declarations": ("city_reviewer", "declaration"),
    "panels": ("city_reviewer", "proposal"),
    "visits": ("city_reviewer", "planned_visit"),
    "campaign-extensions": ("city_reviewer", "extension"),
    "recommendation-summaries": ("city_reviewer", "campaign"),
    "work-reports": ("city_reviewer", "campaign"),
    "selections": ("city_reviewer", "selection"),
    "provincial-reports": ("city_reviewer", "campaign"),
    "work-report-attachments": ("city_reviewer", "work_report_file"),
    "publicity": ("city_reviewer", "publicity"),
    "good-practices": ("city_reviewer", "practice"),
    "third-party-assessments": ("city_reviewer", "third_party"),
    "third-party-assessment-attachments": ("city_reviewer", "third_party_file"),
    "honors": ("city_reviewer", "honor"),
    "titles": ("city_reviewer", "title"),
    "deliveries": ("city_reviewer", "delivery"),
}


def address(route: str, rows: Rows) -> str:
    subjects = {
        "community": lambda: rows.case.community_id,
        "nomination": lambda: rows.case.pk,
        "campaign": lambda: rows.programme.campaign.pk,
        "work": lambda: rows.programme.bureau.work_report.pk,
        "third": lambda: rows.assessed.pk,
    }
    pk = subjects.get(route.split("-", maxsplit=1)[0], lambda: None)()
    return str(PATTERNS[route].pattern).replace("<uuid:pk>", str(pk))


@pytest.mark.parametrize("route", LISTS)
def test_list_costs_the_same_for_one_row_and_three(programme: Programme, rows: Rows, route: str) -> None:
    reader, row = LISTS[route]
    program = program_of(getattr(programme, reader))

    assert grows_freely(program, address(route, rows), getattr(rows, row))


def test_history_costs_the_same_for_one_event_and_three(programme: Programme, rows: Rows) -> None:
    program = program_of(programme.city_reviewer)

    assert grows_freely(program, f"nominations/{rows.ready.pk}/history/", rows.event)


def test_own_assignments_cost_the_same_for_one_and_three(rows: Rows) -> None:
    person = city_stages.evaluator(rows.programme)

    assert grows_freely(program_of(person), "assignments/", lambda: rows.own_assignment(person))


def test_notices_cost_the_same_for_one_and_three(programme: Programme, rows: Rows) -> None:
    assert grows_freely(program_of(programme.bureau.reviewer), "notices/", rows.notice)


def test_every_list_is_tried() -> None:
    tried = {*LISTS, "notices"}
    histories = {route for route in ACCESS if route.endswith("-history")}

    paged = {
        route
        for route in ACCESS
        if hasattr(PATTERNS[route].callback.view_class, "orderings") and "GET" in ACCESS[route]  # type: ignore[attr-defined]  # as_view's own
    }

    assert paged - histories == tried
