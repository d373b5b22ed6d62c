"""Every act that is recorded has its words: one home, read by the pages and by the interface."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from nominations.enums import Act
from nominations.models import Nomination
from workflow.declaration import all_flows, flow_of

ROOMS = ("nominations", "evaluation", "documents", "attachments", "web", "api")
ROOT = Path(__file__).resolve().parents[2]


def recorded() -> Iterator[str]:
    """Yield the names under which the code records acts."""
    for room in ROOMS:
        for module in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "engine.record":
                    yield from texts_in(node.args[1])


def texts_in(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may have as its value."""
    branches = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    for branch in branches:
        yield (
            branch.value if isinstance(branch, ast.Constant) and isinstance(branch.value, str) else ast.unparse(branch)
        )


def test_acts_are_those_that_are_recorded() -> None:
    assert set(recorded()) == set(Act.values)


def test_every_flow_knows_the_words_of_its_acts() -> None:
    assert [flow.name for flow in all_flows() if flow.model.acts is not Act] == []


@pytest.mark.parametrize(("language", "label"), [("zh-hans", "县区认领"), ("en", "Taken up by the district")])
def test_act_is_called_by_its_words_in_the_readers_language(language: str, label: str) -> None:
    with override(language):
        assert str(flow_of(Nomination).label_of("claim")) == label


def test_act_without_words_keeps_its_name() -> None:
    assert flow_of(Nomination).label_of("unheard_of") == "unheard_of"
