"""What the partials under `templates/kit/` are given: small values that a view makes and a template only lays out.

How to use them, with an example of each, is told in `docs/pages.md`; `/demo/kit/` shows them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext

from common.errors import DomainError
from common.refusals import Refusal, Sentence
from workflow.judging import Verdict


def aside(name: str, more: Sentence) -> str:
    """Return a name with what is added to it in brackets, as the reader's language writes them."""
    return pgettext("aside", "%(name)s (%(more)s)") % {"name": name, "more": more}


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go, in words; ``title`` is the whole name where the words are short for it."""

    label: Sentence
    url: str
    lang: str = ""
    is_here: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A state: its look (``is-pass is-back is-bad is-now is-wait`` or none), its word and its icon."""

    look: str
    label: Sentence
    icon: str


@dataclass(frozen=True, slots=True)
class Due:
    """Until when: the words that stand first, and the day with its weekday below."""

    look: str
    words: str
    day: str
    due_at: datetime
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a description list; ``lang`` marks what stays Chinese in English pages."""

    label: Sentence
    value: Any
    lang: str = "zh-Hans"
    changed: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not possible, and where it is mended."""

    sentence: str
    url: str = ""
    link: Sentence = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the reader can do on another page, or why not: greyed, but there and focusable.

    ``look`` is ``primary`` (one a page), ``danger`` or empty.
    """

    name: str
    label: Sentence
    url: str = ""
    reasons: tuple[Reason, ...] = ()
    look: str = ""
    icon: str = ""

    @property
    def allowed(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Step:
    """One event or one coming step of a timeline; looks as those of a tag, and ``is-future``."""

    look: str
    title: Sentence
    icon: str = ""
    sub: str = ""
    who: str = ""
    comment: str = ""
    due: Due | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One part of a task list; without an address it cannot be worked on yet."""

    title: Sentence
    tag: Tag
    url: str = ""
    sub: Sentence = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart with its figure beside it, in hundredths of the longest."""

    label: Sentence
    value: int
    share: int = 0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary; ``field`` is the id of the input that it is about."""

    sentence: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One input as a form shows it, with its value, its hint and what is wrong with it.

    ``kind``: text, textarea, select, radio, check, checks (of which ``value`` holds those chosen; ``lang`` marks their
    words), date, month, tel, email, number, file, password. ``remarks`` are what an office wrote about this field,
    ``changes`` what is different since (parts with ``kind`` and ``text``), none where nothing is compared.
    """

    name: str
    label: Sentence
    kind: str = "text"
    value: Any = ""
    hint: Sentence = ""
    error: str = ""
    choices: Sequence[tuple[str, Sentence]] = ()
    required: bool = False
    readonly: bool = False
    width: str = ""
    rows: int = 4
    longest: int = 0
    unit: Sentence = ""
    accept: str = ""
    multiple: bool = False
    autocomplete: str = "off"
    lang: str = "zh-Hans"
    remarks: Sequence[str] = ()
    changes: Sequence[Any] | None = None
    prefix: str = ""

    @property
    def id(self) -> str:
        """Return the id of the input."""
        return f"f-{self.prefix}{self.name}".replace(".", "-")

    @property
    def described_by(self) -> str:
        """Return the ids of what describes the input, in reading order."""
        parts = [("hint", self.hint), ("remark", self.remarks), ("error", self.error)]
        return " ".join(f"{self.id}-{name}" for name, there in parts if there)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A page that asks once more: what will happen, and what cannot be taken back."""

    title: Sentence
    consequences: tuple[str, ...]
    button: Sentence
    back: str
    fields: tuple[Field, ...] = ()
    version: int | None = None
    look: str = "primary"
    warning: str = ""


def bars(rows: Iterable[tuple[Sentence, int]], *, whole: int = 0) -> list[Bar]:
    """Return bars with their shares of the longest, or of ``whole``."""
    pairs = list(rows)
    longest = whole or max((value for _label, value in pairs), default=0) or 1
    return [Bar(label, value, round(100 * value / longest)) for label, value in pairs]


def funnel(rows: Iterable[tuple[Sentence, int]]) -> list[Bar]:
    """Return the stages of a funnel, each as a share of the first, which is drawn in grey."""
    pairs = list(rows)
    found = bars(pairs, whole=pairs[0][1] if pairs else 0)
    return [replace(bar, plain=number == 0) for number, bar in enumerate(found)]


def reasons_of(refusals: Iterable[Refusal], *, places: Any = None) -> tuple[Reason, ...]:
    """Return refusals as a button shows them; ``places`` maps a refusal to the page where it is mended, or ``''``."""
    return tuple(Reason(refusal.sentence(), places(refusal) if places else "") for refusal in refusals)


def action_of(verdict: Verdict, url: str, *, look: str = "", icon: str = "", places: Any = None) -> Action:
    """Return a move as a button: possible, or greyed with everything that stands in the way."""
    reasons = reasons_of(verdict.refusals, places=places)
    return Action(verdict.transition.name, verdict.transition.label, url, reasons, look, icon)


def problems_of(error: DomainError, *, prefix: str = "f-") -> list[Problem]:
    """Return an error of the domain as lines of the error summary, each leading to its field."""
    if error.refusals:
        return [Problem(refusal.sentence(), _field(refusal.fix, prefix)) for refusal in error.refusals]
    return [Problem(error.sentence(), _field(error.attr, prefix))]


def with_errors(fields: Iterable[Field], problems: Iterable[Problem]) -> list[Field]:
    """Return the fields with the words of the summary at each."""
    told = {problem.field: problem.sentence for problem in reversed(list(problems)) if problem.field}
    return [replace(field, error=told.get(field.id, "")) for field in fields]


def _field(fix: str, prefix: str) -> str:
    return prefix + fix.removeprefix("form.").removeprefix("data.").replace(".", "-") if fix else ""
