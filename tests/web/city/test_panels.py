"""Panels and visits: proposed, looked through, changed, deployed; routes by day; progress without a single point."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from common.instants import local_date
from nominations.enums import AssignmentEnd, Capacity
from nominations.models import Assignment, Evaluator, PanelProposal, Visit
from nominations.operations.panel import propose_panels
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(db: None) -> Programme:
    """Return a programme whose evaluation is still to come, with a pool of five."""
    later = {
        f"{period}_closes_at": timezone.now() + timedelta(days=days)
        for period, days in {"district": 10, "evaluation": 40, "work_report": 40, "report": 60}.items()
    }
    programme = stages.programme(**later)
    for capacity in (Capacity.EXPERT, Capacity.EXPERT, Capacity.EXPERT, Capacity.DEPARTMENT, Capacity.DEPARTMENT):
        city_stages.evaluator(programme, capacity)
    return programme


def proposed(programme: Programme) -> PanelProposal:
    """Return a proposal for one recommended community."""
    city_stages.recommended(programme)
    return propose_panels(campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=timezone.now())


def test_board_shows_progress_and_no_points(running: Programme) -> None:
    nomination = city_stages.recommended(running)
    city_stages.received(running)
    city_stages.scored(running, nomination, Decimal("8.5"))

    page = read(desk(running.city_reviewer), "web:city:panels")

    assert [text in page for text in (nomination.community.name, "1 / 1", "85.00")] == [True, True, False]


@pytest.mark.parametrize(("language", "brackets"), [("zh-hans", "（专家）"), ("en", " (Expert)")])
def test_board_names_the_pool_in_the_brackets_of_the_language(running: Programme, language: str, brackets: str) -> None:
    client = desk(running.city_reviewer)
    client.cookies["django_language"] = language

    page = read(client, "web:city:panels")

    assert f"{Evaluator.objects.filter(kind=Capacity.EXPERT)[0].user.name}{brackets}" in page


def test_panels_are_proposed_and_looked_through_before_anybody_is_asked(running: Programme) -> None:
    nomination = city_stages.recommended(running)

    answer = desk(running.city_reviewer).post(reverse("web:city:panels-propose", args=[running.campaign.pk]))

    [proposal] = PanelProposal.objects.all()
    page = read(desk(running.city_reviewer), "web:city:proposal", proposal.pk)
    assert answer.headers["Location"] == reverse("web:city:proposal", args=[proposal.pk])
    assert [nomination.community.name in page, Assignment.objects.exists()] == [True, False]


def test_row_of_a_proposal_is_changed_by_hand(running: Programme) -> None:
    proposal = proposed(running)
    nomination = proposal.seats.all()[0].nomination
    wanted = [str(one.pk) for one in Evaluator.objects.filter(city=running.campaign.city)]

    desk(running.city_reviewer).post(
        reverse("web:city:proposal", args=[proposal.pk]),
        {"nomination": str(nomination.pk), "evaluators": wanted, "version": proposal.version},
    )

    assert {str(seat.evaluator_id) for seat in proposal.seats.all()} == set(wanted)


def test_change_on_a_version_seen_before_is_told(running: Programme) -> None:
    proposal = proposed(running)
    nomination = proposal.seats.all()[0].nomination

    answer = desk(running.city_reviewer).post(
        reverse("web:city:proposal", args=[proposal.pk]), {"nomination": str(nomination.pk), "version": 99}
    )

    assert answer.status_code == 409
    assert proposal.seats.exists()


def test_proposal_is_deployed_after_a_question(running: Programme) -> None:
    proposal = proposed(running)
    client, address = desk(running.city_reviewer), reverse("web:city:proposal-deploy", args=[proposal.pk])

    asked = client.get(address)
    client.post(address, {"version": proposal.version})

    assert "即时通知本人" in asked.content.decode()
    assert Assignment.objects.count() == proposal.seats.count()


def test_evaluator_is_released_with_a_reason(running: Programme) -> None:
    proposal = proposed(running)
    client = desk(running.city_reviewer)
    client.post(reverse("web:city:proposal-deploy", args=[proposal.pk]), {"version": proposal.version})
    assignment = Assignment.objects.all()[0]
    address = reverse("web:city:assignment-release", args=[assignment.pk])

    without = client.post(address, {"reason": " "})
    client.post(address, {"reason": "临时出差。"})

    assignment.refresh_from_db()
    assert (without.status_code, 'href="#f-reason"' in without.content.decode()) == (422, True)
    assert (assignment.ended_because, assignment.end_note) == (AssignmentEnd.RELEASED, "临时出差。")


def test_route_is_planned_in_the_order_of_its_numbers(running: Programme) -> None:
    first, second = city_stages.recommended(running), city_stages.recommended(running)
    day = local_date(timezone.now() + timedelta(days=1)).isoformat()
    stops = {f"stop-{first.pk}": "2", f"stop-{second.pk}": "1"}

    answer = desk(running.city_reviewer).post(
        reverse("web:city:visits"), {"day": day, "start": "09:00", "minutes": "60", "members": "司机", **stops}
    )

    visits = Visit.objects.order_by("planned_from")
    assert answer.status_code == 302
    assert [(visit.nomination_id, visit.route_position) for visit in visits] == [(second.pk, 1), (first.pk, 2)]
    assert "09:00–10:00" in read(desk(running.auditor), "web:city:visits")


@pytest.mark.parametrize(
    "changed", [{"day": "明天"}, {"start": "9点"}, {"minutes": "0"}, {"minutes": "x"}, {"stop": ""}]
)
def test_route_that_cannot_be_plans_nothing(running: Programme, changed: dict[str, str]) -> None:
    nomination = city_stages.recommended(running)
    day = local_date(timezone.now() + timedelta(days=1)).isoformat()
    wish = {"day": day, "start": "09:00", "minutes": "60", "stop": "1"} | changed
    wish[f"stop-{nomination.pk}"] = wish.pop("stop")

    answer = desk(running.city_reviewer).post(reverse("web:city:visits"), wish)

    assert answer.status_code == 422
    assert not Visit.objects.exists()


@pytest.mark.parametrize("page", ["panels", "visits"])
def test_list_takes_one_number_of_queries(running: Programme, page: str) -> None:
    client = desk(running.city_reviewer)

    def add() -> None:
        nomination = city_stages.recommended(running)
        city_stages.visited(running, nomination, at=timezone.now())

    few, many = queries_with_more(client, reverse(f"web:city:{page}"), add)

    assert few == many


def test_hostile_name_is_shown_as_text(running: Programme) -> None:
    proposal = proposed(running)
    person = proposal.seats.select_related("evaluator__user").all()[0].evaluator.user
    person.name = HOSTILE
    person.save()
    client = desk(running.city_reviewer)

    pages = [read(client, "web:city:panels"), read(client, "web:city:proposal", proposal.pk)]

    assert [HOSTILE in page for page in pages] == [False, False]


def test_province_is_not_told_who_evaluates(running: Programme) -> None:
    statuses = [
        desk(running.province_viewer).get(reverse(f"web:city:{page}")).status_code for page in ("panels", "visits")
    ]

    assert statuses == [403, 403]


def test_proposal_of_another_city_is_not_found(running: Programme) -> None:
    proposal = proposed(running)
    client = desk(stages.programme().city_reviewer)

    statuses = [
        client.get(reverse("web:city:proposal", args=[proposal.pk])).status_code,
        client.post(reverse("web:city:proposal-deploy", args=[proposal.pk])).status_code,
        client.get(reverse("web:city:assignment-release", args=[uuid4()])).status_code,
        client.get(reverse("web:city:panels-propose", args=[running.campaign.pk])).status_code,
    ]

    assert statuses == [404, 404, 404, 404]
