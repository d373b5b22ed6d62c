"""A flow as Mermaid text, for wikis and code hosts that draw it themselves."""

from __future__ import annotations

from workflow.declaration import Flow

_LIT = "classDef lit fill:#0958d9,stroke:#003eb3,color:#ffffff"


def mermaid_of(flow: Flow, current: str = "") -> str:
    """Return the flow as a Mermaid state diagram in the active language; ``current`` is the state to be lit.

    Raises ``KeyError`` for a state that the flow does not have.
    """
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{label}" as {state}' for state, label in flow.labels.items()]
    lines += [f"    [*] --> {flow.initial}"]
    lines += [f"    {source} --> {move.target}: {move.label}" for move in flow for source in move.sources]
    if current:
        lines += [f"    {_LIT}", f"    class {flow.labels[current] and current} lit"]
    return "\n".join(lines) + "\n"
