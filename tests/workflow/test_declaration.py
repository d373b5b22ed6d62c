from __future__ import annotations

import pytest

from accounts.enums import Role
from nominations.models import Nomination, RecommendationSummary
from workflow.declaration import flow_named, flow_of, inputs_of, waits_for_input
from workflow.enums import Comment


def test_move_knows_its_row_of_the_table() -> None:
    move = flow_named("nomination").transitions["return_for_correction"]

    assert (move.flow, move.sources, move.target) == ("nomination", ("submitted",), "returned")
    assert (move.role, move.role_label, move.comment) == (
        "district_reviewer",
        Role.DISTRICT_REVIEWER.label,
        Comment.REQUIRED,
    )
    assert move.guard_names == ("sections_named", "corrections_left", "within_district_window")
    assert move.inputs == ("sections",)


def test_underscore_keeps_clear_of_keywords_and_is_no_part_of_the_name() -> None:
    move = flow_of(RecommendationSummary).transitions["return"]

    assert (move.name, move.body.__name__) == ("return", "return_")


def test_moves_stand_in_the_order_of_their_declaration() -> None:
    names = [move.name for move in flow_of(RecommendationSummary)]

    assert names == ["approve", "amend", "submit", "receive", "return"]


def test_flow_is_read_once() -> None:
    assert flow_of(Nomination) is flow_named("nomination")


def test_unknown_flow_is_named() -> None:
    with pytest.raises(KeyError, match="flying"):
        flow_named("flying")


def test_flow_begins_in_its_first_state() -> None:
    flow = flow_of(Nomination)

    assert (flow.initial, flow.states[0]) == ("draft", "draft")


def test_role_that_may_do_nothing_has_no_moves() -> None:
    assert flow_of(Nomination).leaving("draft", "auditor") == ()


def test_guard_that_judges_an_input_says_so() -> None:
    guards = {guard.__name__: guard for move in flow_of(Nomination) for guard in move.guards}

    told = {name: (inputs_of(guard), waits_for_input(guard)) for name, guard in guards.items() if inputs_of(guard)}

    assert told == {
        "sections_named": (("sections",), True),
        "requirements_met_or_overridden": (("override_reason",), False),
        "result_document_given": (("result_document", "decided_on", "valid_until"), True),
    }


def test_parents_that_a_role_locks_are_told() -> None:
    flow = flow_of(Nomination)

    assert (flow.locks_of("city_approver"), flow.locks_of("system")) == (("campaign", "summary"), ())
