"""The reference page of states, moves, guards and roles, written from the declaration (``docs/reference/flows.md``)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils import translation

from common.refusals import Sentence
from workflow.declaration import Flow, Guard, Transition, all_flows, inputs_of, waits_for_input

LANGUAGES = ("en", "zh-hans")
HEAD = """\
# States, moves, guards, roles

Written by `manage.py document_flows` from the declarations in the code; a test fails when it is stale. The Mermaid text
of each picture comes from `manage.py draw_flows --format mermaid`.
"""


def reference_page() -> str:
    """Return the page as Markdown: every flow with its picture, states and moves, then every guard in its own words."""
    flows = all_flows()
    parts = [HEAD, *(_flow_section(flow) for flow in flows), _role_section(flows), _guard_section(flows)]
    return "\n".join(parts)


def _flow_section(flow: Flow) -> str:
    lines = [
        f"## {flow.name}",
        "",
        f"{_first_sentence(flow.model)} Begins as `{flow.initial}`.",
        "",
        f"![{flow.name}](flows/{flow.name}.en.svg) · [中文](flows/{flow.name}.zh-hans.svg)",
        "",
        *_table(("state", "in words", "中文"), _state_rows(flow)),
        "",
        *_table(("move", "in words", "from", "to", "who", "comment", "conditions"), _move_rows(flow)),
        "",
    ]
    return "\n".join(lines)


def _state_rows(flow: Flow) -> Iterator[tuple[str, ...]]:
    for state, label in flow.labels.items():
        yield (f"`{state}`", *_in_words(label))


def _move_rows(flow: Flow) -> Iterator[tuple[str, ...]]:
    for move in flow:
        words = " · ".join(_in_words(move.label))
        sources = ", ".join(f"`{source}`" for source in move.sources)
        guards = ", ".join(f"[{name}](#{name})" for name in move.guard_names) or "–"
        yield f"`{move.name}`", words, sources, f"`{move.target}`", _who(move), str(move.comment), guards


def _who(move: Transition) -> str:
    with translation.override("en"):
        return f"`{move.role}` {move.role_label}"


def _role_section(flows: Iterable[Flow]) -> str:
    roles: dict[str, list[Transition]] = {}
    for flow in flows:
        for move in flow:
            roles.setdefault(move.role, []).append(move)
    rows = [
        (f"`{role}`", *_in_words(moves[0].role_label), ", ".join(f"`{move.flow}.{move.name}`" for move in moves))
        for role, moves in roles.items()
    ]
    return "\n".join(["## Roles", "", *_table(("role", "in words", "中文", "moves"), rows), ""])


def _guard_section(flows: Iterable[Flow]) -> str:
    guards = {guard.__name__: guard for flow in flows for move in flow for guard in move.guards}
    lines = ["## Guards", ""]
    for name, guard in sorted(guards.items()):
        lines += [f"### {name}", "", " ".join([_first_sentence(guard), *_asked(guard)]), ""]
    return "\n".join(lines)


def _asked(guard: Guard) -> list[str]:
    inputs = ", ".join(f"`{name}`" for name in inputs_of(guard))
    if not inputs:
        return []
    return [f"Judges the input {inputs}." if waits_for_input(guard) else f"Can be met by the input {inputs}."]


def _in_words(sentence: Sentence) -> list[str]:
    words = []
    for language in LANGUAGES:
        with translation.override(language):
            words.append(str(sentence))
    return words


def _first_sentence(thing: Callable[..., Any] | type) -> str:
    text = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_row(head), _row("---" for _cell in head), *(_row(row) for row in rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
