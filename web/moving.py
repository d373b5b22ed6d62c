"""Asking once more before a move, and making it: one page for whatever the engine moves.

A desk says what the move is about and what will come of it; the comment and the inputs that its guards ask for become
fields, a refusal becomes the words at them, and what has changed meanwhile is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Sentence
from nominations.operations.moves import make_move
from web.kit import Confirmation, Field, Link, Problem, problems_of, with_errors
from web.refused import refused, status_of
from workflow import engine
from workflow.enums import Comment
from workflow.errors import MoveRefused, NotFound
from workflow.judging import LONGEST_COMMENT, Verdict

EMPTY_TODAY = _("For instance 2026-11-20. Left empty, today counts.")
EMPTY_YEARS = _("Left empty, the years that the campaign lays down count.")
INPUTS: Mapping[str, Field] = {
    "result_document": Field(
        "result_document",
        _("Number of the document"),
        required=True,
        longest=200,
        width="m",
        hint=_("The province's document by which the result was made known."),
    ),
    "decided_on": Field("decided_on", _("Day of the decision"), "date", width="s", hint=EMPTY_TODAY),
    "valid_until": Field("valid_until", _("Title valid until"), "date", width="s", hint=EMPTY_YEARS),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A move of one object as a page asks about it; ``back`` is where the reader goes on, whatever the answer."""

    subject: Any
    name: str
    about: str
    back: str
    consequences: tuple[Sentence, ...] = ()
    warning: Sentence = ""
    look: str = "primary"
    crumbs: tuple[Link, ...] = ()
    inputs: Mapping[str, Field] | None = None
    parts: Mapping[str, Sequence[Field]] = field(default_factory=dict)  # an input of several, each ``input.part``


def confirm(request: HttpRequest, wish: Wish, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what the move would do, and make it when it is sent; ``NotFound`` for a move that is not the actor's now."""
    verdict = _verdict(wish, actor, at)
    if request.method != "POST":
        if not verdict.allowed:
            return refused(request, MoveRefused(refusals=verdict.refusals, label=verdict.transition.label))
        return _page(request, wish, verdict, _fields(verdict, wish))
    return _made(request, wish, verdict, actor, at)


def _verdict(wish: Wish, actor: Actor, at: datetime) -> Verdict:
    [verdicts] = engine.available([wish.subject], actor=actor, at=at)
    for verdict in verdicts:
        if verdict.transition.name == wish.name and verdict.transition.comment != Comment.BY_SELECTION:
            return verdict
    raise NotFound


def _made(request: HttpRequest, wish: Wish, verdict: Verdict, actor: Actor, at: datetime) -> HttpResponse:
    sent = _sent(request, wish, verdict)
    comment, version = request.POST.get("comment", ""), request.POST.get("version", "")
    try:
        make_move(
            type(wish.subject),
            wish.subject.pk,
            wish.name,
            actor=actor,
            at=at,
            comment=comment,
            payload=sent,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
        )
    except MoveRefused as error:
        return _refused(request, wish, verdict, error)
    return redirect(wish.back)


def _sent(request: HttpRequest, wish: Wish, verdict: Verdict) -> dict[str, Any]:
    """Return the inputs that were filled in; one of several parts as a mapping of those."""
    asked = verdict.transition.inputs
    sent: dict[str, Any] = {name: request.POST[name] for name in asked if request.POST.get(name)}
    for name in set(wish.parts) & set(asked):
        typed = {part.name: request.POST.get(part.name, "") for part in wish.parts[name]}
        sent[name] = {key.partition(".")[2]: text for key, text in typed.items() if text.strip()}
    return sent


def _refused(request: HttpRequest, wish: Wish, verdict: Verdict, error: DomainError) -> HttpResponse:
    fields = [replace(one, value=request.POST.get(one.name, "")) for one in _fields(verdict, wish)]
    known = {one.id for one in fields}
    problems = [p if p.field in known else Problem(p.sentence) for p in problems_of(error)]
    return _page(request, wish, verdict, with_errors(fields, problems), problems, status=status_of(error))


def _fields(verdict: Verdict, wish: Wish) -> list[Field]:
    spec = verdict.transition
    asked = INPUTS if wish.inputs is None else {**INPUTS, **wish.inputs}
    fields = [asked[name] for name in spec.inputs if name in asked]
    if spec.comment in {Comment.REQUIRED, Comment.OPTIONAL}:
        required = spec.comment == Comment.REQUIRED
        fields.append(Field("comment", _("Reason"), "textarea", required=required, longest=LONGEST_COMMENT))
    return fields + [part for name in spec.inputs for part in wish.parts.get(name, ())]


def _page(
    request: HttpRequest,
    wish: Wish,
    verdict: Verdict,
    fields: list[Field],
    problems: list[Problem] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    asked = Confirmation(
        title=_("%(what)s: %(about)s") % {"what": verdict.transition.label, "about": wish.about},
        consequences=tuple(str(sentence) for sentence in wish.consequences),
        button=verdict.transition.label,
        back=wish.back,
        fields=tuple(fields),
        version=wish.subject.version,
        look=wish.look,
        warning=str(wish.warning),
    )
    page = {"confirmation": asked, "problems": problems or [], "crumbs": wish.crumbs}
    return render(request, "kit/confirmation.html", page, status=status)
