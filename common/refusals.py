"""Why something may not be done: the one shape in which guards, forms and importers give their reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone, localtime

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
        return filled(self.message, self.params)


def filled(message: Sentence, params: Mapping[str, Any]) -> str:
    """Return the sentence in the active language: lists joined, instants in the site's time zone, days spelled out."""
    return str(message) % {name: _readable(value) for name, value in params.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, datetime):
        return date_format(localtime(value, get_default_timezone()), "DATETIME_FORMAT")
    if isinstance(value, list | tuple):
        return "、".join(str(_readable(part)) for part in value)
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else value


def flatten(answer: Refusal | Iterable[Refusal] | None) -> list[Refusal]:
    """Return a guard's answer, whatever its shape, as a list; ``None`` means no refusal."""
    if answer is None:
        return []
    return [answer] if isinstance(answer, Refusal) else list(answer)
