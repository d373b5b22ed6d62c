"""One declaration, many readers: table of moves, CHECK, trigger, pictures, reference page all say the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from tests.workflow.tampering import place
from tests.workflow.world import build
from workflow.declaration import Flow, Transition, all_flows, flow_named
from workflow.diagrams import mermaid_of, svg_of
from workflow.models import WorkflowModel

TABLE = Path(__file__).parent / "flow.csv"
FLOWS = ("nomination", "recommendation_summary", "work_report", "selection", "provincial_report")
SVG = "{http://www.w3.org/2000/svg}"


def agreed_table() -> str:
    """Return the agreed table: the one beside the repository where there is one, otherwise the copy kept here."""
    for folder in settings.ROOT.parents:
        agreed = folder / "shared" / "design" / "flow.csv"
        if agreed.is_file():
            return agreed.read_text(encoding="utf-8")
    return TABLE.read_text(encoding="utf-8")


def declared_rows() -> Iterator[dict[str, str]]:
    for flow in all_flows():
        for move in flow:
            yield {
                "flow": flow.name,
                "transition": move.name,
                "sources": "|".join(move.sources),
                "target": move.target,
                "role": move.role,
                "comment": str(move.comment),
                "guards": ";".join(move.guard_names),
                "label_zh": in_language("zh-hans", move),
                "label_en": in_language("en", move),
            }


def in_language(language: str, move: Transition) -> str:
    with translation.override(language):
        return str(move.label)


def rows_of(text: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["flow"], row["transition"]): row for row in csv.DictReader(StringIO(text))}


def test_copy_of_the_table_is_the_agreed_one() -> None:
    assert agreed_table() == TABLE.read_text(encoding="utf-8")


def test_every_flow_is_declared_in_the_order_of_the_table() -> None:
    declared = [(row["flow"], row["transition"]) for row in declared_rows()]

    assert sorted(declared) == sorted(rows_of(agreed_table()))
    assert sorted(flow.name for flow in all_flows()) == sorted(FLOWS)


@pytest.mark.parametrize("key", rows_of(TABLE.read_text(encoding="utf-8")), ids=".".join)
def test_move_is_declared_as_agreed(key: tuple[str, str]) -> None:
    declared = {(row["flow"], row["transition"]): row for row in declared_rows()}

    assert declared[key] == rows_of(agreed_table())[key]


@pytest.mark.parametrize("name", FLOWS)
def test_check_admits_the_declared_states(db: None, name: str) -> None:
    flow = flow_named(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [f"{name}_state_known"]
        )
        (definition,) = cursor.fetchone()

    assert sorted(re.findall(r"'(\w+)'::character varying", definition)) == sorted(flow.states)


@pytest.mark.parametrize("name", FLOWS)
def test_trigger_admits_the_declared_edges(db: None, name: str) -> None:
    """Try every pair of states, each with the event that would tell it."""
    flow, world = flow_named(name), build()
    subject = world.one_of(name)
    pairs = {(source, target) for source in flow.states for target in flow.states if source != target}

    admitted = {pair for pair in pairs if is_admitted(subject, *pair)}

    assert admitted == set(flow.edges())


EVENT = """
INSERT INTO workflow_event (id, stream_id, position, flow, subject_id, sequence, kind, name, from_state, to_state, at,
    actor_name, actor_role, organization_name, comment, changes, documents, payload, request_id, declaration, digest, hash)
VALUES (gen_random_uuid(), %s, 1, %s, %s, %s, 'move', 'forged', %s, %s, now(),
    '', '', '', '', '{}', '{}', '{}', '', '', '', '')
"""  # noqa: E501  # the columns of one table


def is_admitted(subject: WorkflowModel, source: str, target: str) -> bool:
    """Tell whether the database lets the row go from one state to the other when an event says so."""
    placed = place(subject, source)
    number, words = placed.sequence + 1, ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(EVENT, [placed.stream_id, placed.flow, placed.pk, number, source, target])
            type(placed)._base_manager.filter(pk=placed.pk).update(state=target, sequence=number)
            transaction.set_rollback(True)
    except IntegrityError as error:
        words = str(error).splitlines()[0]
    assert words in {"", f"no move of {placed.flow} leads from {source} to {target}"}
    return not words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", FLOWS)
def test_picture_shows_the_declared_moves(name: str, language: str) -> None:
    flow = flow_named(name)
    with translation.override(language):
        picture = ET.fromstring(svg_of(flow))  # noqa: S314  # our own text
        labels = {str(label) for label in (*flow.labels.values(), *(move.label for move in flow))}

    groups = list(picture.iter(f"{SVG}g"))
    moves = {(g.get("data-move"), g.get("data-from"), g.get("data-to")) for g in groups if g.get("data-move")}
    assert moves == {(move.name, " ".join(move.sources), move.target) for move in flow}
    assert {g.get("data-state") for g in groups if g.get("data-state")} == set(flow.states)
    assert labels <= {text.text for text in picture.iter(f"{SVG}text")}


@pytest.mark.parametrize("name", FLOWS)
def test_mermaid_shows_the_declared_moves(name: str) -> None:
    flow = flow_named(name)

    with translation.override("en"):
        lines = mermaid_of(flow).splitlines()
        edges = {f"    {source} --> {move.target}: {move.label}" for move in flow for source in move.sources}

    assert edges == {line for line in lines if " --> " in line and "[*]" not in line}
    assert f"    [*] --> {flow.initial}" in lines


def test_reference_page_is_up_to_date() -> None:
    call_command("document_flows", "--check", stdout=StringIO())


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    stranded = {flow.name: unreachable(flow) for flow in all_flows()}

    assert stranded == {name: set() for name in FLOWS}


def unreachable(flow: Flow) -> set[str]:
    reached, waiting = {flow.initial}, [flow.initial]
    while waiting:
        state = waiting.pop()
        onward = {target for source, target in flow.edges() if source == state} - reached
        reached |= onward
        waiting += onward
    return set(flow.states) - reached


def test_parents_are_locked_from_the_top_down() -> None:
    """Whoever locks two parents does it in this order: two commands cannot then wait for each other."""
    order = ["campaign", "summary"]

    locks = {move.locks for flow in all_flows() for move in flow if move.locks}

    assert all(list(names) == sorted(names, key=order.index) for names in locks)
