"""Every act that is recorded has its words: one home, read by the pages and by the interface."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

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
            tree = ast.parse(module.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "engine.record":
                    yield from texts_in(node.args[1], tree)


def texts_in(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """Yield the texts that an expression may have as its value; of a variable, those that the module assigns to it."""
    if isinstance(node, ast.Attribute):
        yield Act[node.attr].value
        return
    if not isinstance(node, ast.Name):
        yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and is_text(part.value))
        return
    for assigned in ast.walk(tree):
        if isinstance(assigned, ast.Assign) and node.id in names_in(assigned.targets):
            yield from texts_in(assigned.value, tree)


def is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def names_in(targets: list[ast.expr]) -> set[str]:
    """Return the variables that an assignment sets."""
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


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
