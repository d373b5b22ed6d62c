"""What a district reads of a case's history: its own work and the moves, nothing of the panel (decision 11)."""

from __future__ import annotations

from nominations.operations.conflict import declare_conflict
from nominations.rules.history import OF_PANELS
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import EVALUATING_AT, NINE
from tests.nominations.factories import as_actor
from web.district.history import events_of
from workflow.models import Event


def test_events_of_a_district_leave_out_the_acts_of_the_panel(db: None) -> None:
    programme = stages.programme()
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    assignment = city_stages.scored(programme, nomination, NINE)
    person = as_actor(assignment.evaluator.memberships.select_related("user", "organization").get())
    declare_conflict(assignment_id=assignment.pk, reason="配偶在该企业任职", actor=person, at=EVALUATING_AT)

    everything = {event.name for event in Event.objects.filter(subject_id=nomination.pk)}
    read = {event.name for event in events_of(nomination)}

    assert everything & OF_PANELS == {"assign_evaluator", "accept_assignment", "declare_conflict"}
    assert read == everything - OF_PANELS
