"""Every cell of state × transition × role, as the agreed table of moves has it, refusals included."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.enums import Role
from common.errors import DomainError
from common.refusals import flatten
from nominations.models import Campaign, RecommendationSummary
from tests.nominations import factories
from tests.workflow.arranging import arrange
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, build, state_of
from workflow import engine
from workflow.calendar import Calendar
from workflow.declaration import flow_named
from workflow.errors import MoveRefused
from workflow.models import Event, WorkflowModel
from workflow.moves import Move

TABLE = Path(__file__).parents[1] / "architecture" / "flow.csv"
COMPANY = {Role.COMPANY_ADMIN, Role.COMPANY_EDITOR}
DISTRICT = {Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER}
CITY = {Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR, Role.PROVINCE_VIEWER, Role.SYSTEM}
# Who may know of a flow's objects in their own scope; for everybody else they do not exist.
IN_SIGHT = {
    "nomination": COMPANY | DISTRICT | CITY,
    "recommendation_summary": DISTRICT | CITY,
    "work_report": DISTRICT | CITY,
    "selection": CITY,
    "provincial_report": CITY,
}
PAYLOADS: dict[str, dict[str, Any]] = {
    "return_for_correction": {"sections": [{"section": "basics", "remark": "请补正。"}]},
    "record_award": {"result_document": "建房函〔2023〕900号"},
    "revoke": {"result_document": "建房函〔2024〕100号"},
}


class Row:
    """One row of the agreed table."""

    def __init__(self, cells: dict[str, str]) -> None:
        self.flow, self.move, self.target, self.role = (
            cells[name] for name in ("flow", "transition", "target", "role")
        )
        self.sources = cells["sources"].split("|")
        self.guards = tuple(filter(None, cells["guards"].split(";")))
        self.comment = REASON if cells["comment"] in {"required", "by_selection"} else ""

    def wanted(self) -> dict[str, Any]:
        """Return what a well-formed wish for this move carries."""
        known = {"calendar": Calendar({}, frozenset())}
        return {"comment": self.comment, "payload": PAYLOADS.get(self.move, {}), "known": known}


@cache
def table() -> list[Row]:
    with TABLE.open(encoding="utf-8") as file:
        return [Row(cells) for cells in csv.DictReader(file)]


def states() -> Iterator[tuple[str, str]]:
    for flow in dict.fromkeys(row.flow for row in table()):
        for state in flow_named(flow).states:
            yield flow, state


def answer(subject: WorkflowModel, row: Row, world: World, role: Role) -> tuple[str, ...]:
    """Return what becomes of the wish: the state it leads to, or the code and the reasons of the refusal."""
    try:
        with transaction.atomic():
            event = perform(subject, row, world, role)
            transaction.set_rollback(True)
    except MoveRefused as error:
        return (error.code, *(refusal.code for refusal in error.refusals))
    except DomainError as error:
        return (error.code,)
    return ("moved", event.to_state)


def perform(subject: WorkflowModel, row: Row, world: World, role: Role, **wanted: Any) -> Event:
    wanted = {"at": AT, **row.wanted(), **wanted}
    return engine.perform(type(subject), subject.pk, row.move, actor=world.actor(role), **wanted)


def agreed(subject: WorkflowModel, row: Row, world: World, role: Role) -> tuple[str, ...]:
    """Return what the table says about the cell; where it lets somebody in, each named guard has its say."""
    if role not in IN_SIGHT[row.flow]:
        return ("not_found",)
    if subject.state not in row.sources:
        return ("wrong_state",)
    if role != row.role:
        return ("wrong_role",)
    reasons = refusals(subject, row, world)
    return ("refused", *reasons) if reasons else ("moved", row.target)


def refusals(subject: WorkflowModel, row: Row, world: World) -> list[str]:
    guards = {guard.__name__: guard for guard in flow_named(row.flow).transitions[row.move].guards}
    facts = type(subject).objects.with_facts().get(pk=subject.pk)
    move = Move(row.move, world.actor(row.role), AT, **row.wanted())
    return [refusal.code for name in row.guards for refusal in flatten(guards[name](facts, move))]


@pytest.mark.parametrize(("flow", "state"), list(states()), ids=lambda part: part)
def test_every_cell_of_a_state(world: World, flow: str, state: str) -> None:
    subject = place(world.one_of(flow), state, **fields_of(world, flow, state))
    RecommendationSummary.objects.filter(pk=world.programme.bureau.summary.pk).update(recommended_count=5)
    Campaign.objects.filter(pk=world.programme.campaign.pk).update(places_taken=5)
    rows = [row for row in table() if row.flow == flow]

    found = {(row.move, role): answer(subject, row, world, role) for row in rows for role in Role}

    assert found == {(row.move, role): agreed(subject, row, world, role) for row in rows for role in Role}
    assert len(found) == len(rows) * len(Role)


def edges() -> Iterator[Any]:
    for row in table():
        for source in row.sources:
            yield pytest.param(row, source, id=f"{row.flow}.{row.move} from {source}")


@pytest.mark.parametrize(("row", "source"), list(edges()))
def test_move_is_made_from_each_source_where_its_conditions_hold(db: None, row: Row, source: str) -> None:
    world = build(standard=factories.standard()) if row.move == "complete_evaluation" else build()
    RecommendationSummary.objects.filter(pk=world.programme.bureau.summary.pk).update(recommended_count=1)
    subject = place(world.one_of(row.flow), source, **fields_of(world, row.flow, source))
    arrange(world, subject, row.move, row.guards)
    at = factories.REPORT_CLOSES if row.move == "lapse" else AT

    event = perform(subject, row, world, Role(row.role), at=at)

    assert (event.name, event.from_state, event.to_state) == (row.move, source, row.target)
    assert state_of(subject) == row.target


def fields_of(world: World, flow: str, state: str) -> dict[str, Any]:
    """Return what an object in this state has already."""
    if state == "shortlisted":
        Campaign.objects.filter(pk=world.programme.campaign.pk).update(places_taken=1)
    if (flow, state) == ("nomination", "returned"):
        return {"correction_due_at": factories.APPLICATION_CLOSES}
    return {}
