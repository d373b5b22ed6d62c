"""The pictures of the flows: readable, lit, in both languages; and the commands that draw and document them."""

from __future__ import annotations

from io import StringIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from workflow.declaration import flow_named
from workflow.diagrams import mermaid_of, svg_of
from workflow.diagrams.graph import Box, Graph, graph_of
from workflow.diagrams.layout import crossings, lay_out
from workflow.diagrams.svg import _size

FLOWS = ("nomination", "recommendation_summary", "work_report", "selection", "provincial_report")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str) -> Graph:
    graph = graph_of(flow_named(name))
    _size(graph, flow_named(name))
    lay_out(graph)
    return graph


def overlap(one: Box, other: Box) -> bool:
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 and abs(one.y - other.y) < (one.height + other.height) / 2
    )


@pytest.mark.parametrize("name", FLOWS)
def test_no_two_boxes_touch(name: str) -> None:
    boxes = [box for layer in drawn(name).layers for box in layer]

    assert [(one.name, other.name) for one, other in combinations(boxes, 2) if overlap(one, other)] == []


@pytest.mark.parametrize(("name", "most"), [("nomination", 20), *((name, 0) for name in FLOWS[1:])])
def test_few_lines_cross(name: str, most: int) -> None:
    assert crossings(drawn(name).layers) <= most


def test_lines_run_from_layer_to_layer() -> None:
    steps = {
        lower.layer - upper.layer
        for line in drawn("nomination").lines
        for upper, lower in zip(line.boxes, line.boxes[1:], strict=False)
    }

    assert steps == {1}


def test_picture_is_the_same_every_time() -> None:
    assert svg_of(flow_named("nomination")) == svg_of(flow_named("nomination"))


def test_current_state_is_lit() -> None:
    picture = ET.fromstring(svg_of(flow_named("selection"), "proposed"))  # noqa: S314  # our own text

    lit = [group.get("data-state") for group in picture.iter(f"{SVG}g") if group.get("aria-current")]
    assert lit == ["proposed"]


def test_picture_carries_no_styles_that_a_strict_policy_would_refuse() -> None:
    text = svg_of(flow_named("nomination"))

    assert ("<style" in text, "style=" in text, "<script" in text) == (False, False, False)


def test_picture_names_its_language() -> None:
    with translation.override("zh-hans"):
        chinese = svg_of(flow_named("selection"), "proposed")

    assert (' lang="zh-hans"' in chinese, "<title>selection: 待审定</title>" in chinese) == (True, True)


@pytest.mark.parametrize("drawer", [svg_of, mermaid_of])
def test_unknown_state_is_not_lit(drawer: object) -> None:
    with pytest.raises(KeyError, match="flying"):
        drawer(flow_named("selection"), "flying")  # type: ignore[operator]


def test_mermaid_lights_the_current_state() -> None:
    lines = mermaid_of(flow_named("selection"), "proposed").splitlines()

    assert lines[-1] == "    class proposed lit"


def test_command_draws_to_the_output() -> None:
    out = StringIO()

    call_command("draw_flows", "selection", "--format", "mermaid", "--language", "en", stdout=out)

    with translation.override("en"):
        assert out.getvalue() == mermaid_of(flow_named("selection"))


def test_command_draws_all_flows_into_a_folder(tmp_path: Path) -> None:
    call_command("draw_flows", "--folder", str(tmp_path / "new"))

    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(f"{name}.zh-hans.svg" for name in FLOWS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["flying"], "no flow is called flying; there are: nomination"),
        (["selection", "--current", "flying"], "selection has no state “flying”: draft, proposed, approved"),
    ],
)
def test_command_names_what_it_does_not_know(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("draw_flows", *arguments, stdout=StringIO())


def test_reference_is_written_once_and_checked(tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("document_flows", "--check", "--folder", str(tmp_path), stdout=out, stderr=err)
    for _time in range(2):
        call_command("document_flows", "--folder", str(tmp_path), stdout=out)
    call_command("document_flows", "--check", "--folder", str(tmp_path), stdout=out)

    assert err.getvalue().startswith("stale: flows.md, flows/nomination.en.svg")
    assert out.getvalue().splitlines() == ["11 files, 11 written", "11 files, 0 written", "11 files, 0 written"]


def test_reference_explains_every_guard_in_its_own_words(tmp_path: Path) -> None:
    call_command("document_flows", "--folder", str(tmp_path), stdout=StringIO())

    page = (tmp_path / "flows.md").read_text(encoding="utf-8")

    guards = {name for flow in FLOWS for move in flow_named(flow) for name in move.guard_names}
    assert {line[4:] for line in page.splitlines() if line.startswith("### ")} == guards
    assert "Judges the input `sections`." in page
    assert "Can be met by the input `override_reason`." in page
