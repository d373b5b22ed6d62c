"""A community that is being evaluated, and the browser of an evaluator who is assigned to it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from accounts.actors import Actor
from nominations.models import Assignment, Nomination
from nominations.operations.assignment import accept_assignment, assign_evaluator, open_panel_sheet
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def now() -> datetime:
    return city_stages.EVALUATING_AT


@pytest.fixture
def evaluator(programme: Programme) -> Actor:
    return city_stages.evaluator(programme)


@pytest.fixture
def phone(evaluator: Actor) -> Client:
    return signed_in(evaluator.user_id)


def assigned(programme: Programme, evaluator: Actor, now: datetime, **how: object) -> Assignment:
    """Return a new community's assignment, not answered yet."""
    nomination: Nomination = city_stages.recommended(programme, **how)  # type: ignore[arg-type]
    return assign_evaluator(
        nomination_id=nomination.pk, evaluator_id=evaluator.person_id, actor=programme.city_reviewer, at=now
    )


@pytest.fixture
def assignment(programme: Programme, evaluator: Actor, now: datetime) -> Assignment:
    return assigned(programme, evaluator, now)


@pytest.fixture
def scoring(assignment: Assignment, evaluator: Actor, now: datetime) -> Assignment:
    """Return an assignment whose sheet is open."""
    accept_assignment(assignment_id=assignment.pk, actor=evaluator, at=now)
    open_panel_sheet(assignment_id=assignment.pk, actor=evaluator, at=now)
    return Assignment.objects.select_related("sheet").get(pk=assignment.pk)
