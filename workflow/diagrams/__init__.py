"""Pictures of a flow, drawn from its declaration: SVG and Mermaid, in the active language, one state lit."""

from workflow.diagrams.mermaid import mermaid_of
from workflow.diagrams.svg import svg_of

__all__ = ["mermaid_of", "svg_of"]
