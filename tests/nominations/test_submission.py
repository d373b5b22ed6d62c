"""S-04: the company hands its form in; every reason against it is told at once."""

from __future__ import annotations

import pytest

from nominations.models import Nomination
from tests.nominations import stages
from tests.nominations.factories import APPLICATION_CLOSES, DISTRICT_CLOSES
from tests.nominations.stages import AT, Programme
from workflow import engine
from workflow.errors import MoveRefused
from workflow.models import Deadline


def test_submit_hands_a_ready_form_to_the_district(programme: Programme) -> None:
    nomination = stages.ready(programme)

    event = engine.perform(Nomination, nomination.pk, "submit", actor=programme.company.admin, at=AT)

    nomination.refresh_from_db()
    assert nomination.state == "submitted"
    assert nomination.submitted_at == AT
    assert event.documents == {"form": nomination.content_digest}
    assert set(Deadline.objects.filter(subject_id=nomination.pk).values_list("kind", "due_at", "settled_at")) == {
        ("application_closes", APPLICATION_CLOSES, AT),
        ("district_closes", DISTRICT_CLOSES, None),
    }


def test_submit_names_everything_that_is_missing(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    with pytest.raises(MoveRefused) as refused:
        engine.perform(Nomination, nomination.pk, "submit", actor=programme.company.admin, at=AT)

    assert [(reason.code, reason.fix) for reason in refused.value.refusals] == [
        ("form_incomplete", "basics"),
        ("form_incomplete", "party"),
        ("form_incomplete", "company"),
        ("form_incomplete", "committee"),
        ("form_incomplete", "figures"),
        ("form_incomplete", "practices"),
        ("committee_not_confirmed", "confirmation"),
        ("sealed_copy_missing", "sealed_copy"),
    ]
