"""Flow rule 5: who may know of which rows; what is outside is not there."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.queries import as_actor
from nominations.models import (
    Campaign,
    Community,
    Nomination,
    ProvincialReport,
    RecommendationSummary,
    Selection,
    WorkReport,
)
from nominations.operations import conflict
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme

MODELS: tuple[Any, ...] = (Nomination, Community, Campaign, RecommendationSummary, WorkReport, ProvincialReport)
# How many of two nominations, one per district and company, each may know of; and of what hangs on them.
SEEN = {
    "company": (1, 1, 1, 0, 0, 0),
    "district": (1, 1, 1, 1, 1, 0),
    "city": (2, 2, 1, 2, 2, 1),
    "auditor": (2, 2, 1, 2, 2, 1),
    "province": (2, 2, 1, 2, 2, 1),
    "system": (2, 2, 1, 2, 2, 1),
    "operator": (2, 2, 1, 2, 2, 1),
    "administrator": (0, 0, 1, 0, 0, 0),
    "another city": (0, 0, 0, 0, 0, 0),
    "another district": (0, 0, 0, 0, 0, 0),
    "another company": (0, 0, 0, 0, 0, 0),
    "another province": (0, 0, 0, 0, 0, 0),
    "evaluator": (0, 2, 1, 0, 0, 0),
}


def people(programme: Programme) -> dict[str, Actor]:
    operator = factories.OrganizationFactory.create(kind=OrganizationKind.OPERATOR)
    city = factories.CityFactory.create()
    return {
        "company": programme.company.admin,
        "district": programme.bureau.reviewer,
        "city": programme.city_approver,
        "auditor": programme.auditor,
        "province": programme.province_viewer,
        "system": SYSTEM,
        "operator": factories.actor(Role.AUDITOR, operator),
        "administrator": factories.actor(Role.SYSTEM_ADMIN, operator),
        "another city": factories.actor(Role.CITY_REVIEWER, city),
        "another district": factories.actor(
            Role.DISTRICT_APPROVER, factories.DistrictBureauFactory.create(parent=city)
        ),
        "another company": factories.actor(Role.COMPANY_ADMIN, factories.OrganizationFactory.create()),
        "another province": factories.actor(Role.PROVINCE_VIEWER, city.parent),  # type: ignore[arg-type]  # it has one
        "evaluator": city_stages.evaluator(programme),
    }


@pytest.fixture
def rows(programme: Programme) -> Programme:
    for index in range(2):
        stages.submitted(programme, bureau=index, company=index)
    return programme


@pytest.mark.parametrize("who", SEEN)
def test_everybody_knows_of_their_own_rows_alone(rows: Programme, who: str) -> None:
    actor = people(rows)[who]

    seen = tuple(model.objects.visible_to(actor).count() for model in MODELS)

    assert seen == SEEN[who]


def test_selection_is_the_citys_own(rows: Programme) -> None:
    made = Selection(
        campaign=rows.campaign,
        preparer_id=rows.city_reviewer.person_id,
        stream=rows.campaign.stream,
        created_at=stages.AT,
        updated_at=stages.AT,
    )
    made.save(force_insert=True)
    everybody = people(rows)

    seen = {who for who, actor in everybody.items() if Selection.objects.visible_to(actor).exists()}

    assert seen == {"city", "auditor", "province", "system", "operator"}


def test_evaluator_knows_of_what_is_assigned_and_not_in_conflict(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    assigned = city_stages.scored(programme, nomination, city_stages.NINE)
    person = as_actor(assigned.evaluator.memberships.get())
    before = Nomination.objects.visible_to(person).count()
    conflict.declare_conflict(
        assignment_id=assigned.pk, reason="亲属在该企业任职", actor=person, at=city_stages.EVALUATING_AT
    )

    assert (before, Nomination.objects.visible_to(person).count()) == (1, 0)
