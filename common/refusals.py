"""Why something may not be done: the one shape in which guards, forms and importers give their reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Sentence = str | Promise


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason that a person can act on.

    ``code`` is stable and machine-readable, ``message`` a translatable sentence whose ``%(name)s`` places are filled
    from ``params``, ``fix`` names where to mend it (a section, a field or a resource; empty when there is none).
    """

    code: str
    message: Sentence
    params: Mapping[str, Any] = field(default_factory=dict)
    fix: str = ""

    def sentence(self) -> str:
        """Return the sentence in the active language, with its parameters filled in."""
        return str(self.message) % {name: _readable(value) for name, value in self.params.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    return value


def flatten(answer: Refusal | Iterable[Refusal] | None) -> list[Refusal]:
    """Return a guard's answer, whatever its shape, as a list; ``None`` means no refusal."""
    if answer is None:
        return []
    return [answer] if isinstance(answer, Refusal) else list(answer)
