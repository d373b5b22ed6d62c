"""Moves of the district's two papers, asked about on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Sentence
from nominations.operations.moves import make_move
from web.kit import Action, Confirmation, Field, Link, Problem, Reason, problems_of, reasons_of, with_errors
from web.refused import status_of
from web.versions import version_in
from workflow import engine
from workflow.enums import Comment
from workflow.errors import NotFound
from workflow.judging import LONGEST_COMMENT, Verdict

CONSEQUENCES: Mapping[tuple[str, str], Sentence] = {
    ("recommendation_summary", "approve"): gettext_lazy(
        "The table is signed off as it stands. Print it, have it sealed, upload the scan, then submit it."
    ),
    ("recommendation_summary", "amend"): gettext_lazy("The table becomes a draft again, and its seal is void."),
    ("recommendation_summary", "submit"): gettext_lazy(
        "The sealed table goes to the city. From then on only the city can send it back; the reviewer is told."
    ),
    ("work_report", "submit"): gettext_lazy(
        "The report goes to the city, which accepts it or sends it back with its reason."
    ),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as its page asks about it: where it is shown, and the way there."""

    subject: Any
    title: Sentence
    url: str
    crumbs: tuple[Link, ...]
    places: Mapping[str, str]


def actions_of(paper: Paper, urls: Mapping[str, str], *, actor: Actor, at: datetime) -> list[Action]:
    """Return the moves open to the actor, each greyed with its reasons; the first possible one is the primary."""
    [verdicts] = engine.available([paper.subject], actor=actor, at=at)
    found: list[Action] = []
    for verdict in verdicts:
        spec = verdict.transition
        is_first = verdict.allowed and spec.comment == Comment.NONE and not any(one.look for one in found)
        look = "primary" if is_first else ""
        found.append(Action(spec.name, spec.label, urls[spec.name], _reasons(verdict, paper), look))
    return found


def ask(request: HttpRequest, paper: Paper, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask about a move, and make it; raises ``NotFound`` for one that is not the actor's now."""
    verdict = _verdict(paper, move, actor, at)
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        error = _tried(request, paper, move, actor, at)
        if error is None:
            return redirect(paper.url)
        problems, status = problems_of(error), status_of(error)
    page = {
        "confirmation": _confirmation(request, paper, verdict, problems),
        "blockers": _reasons(verdict, paper),
        "problems": problems,
        "crumbs": (*paper.crumbs, Link(verdict.transition.label, "")),
    }
    return render(request, "district/paper_move.html", page, status=status)


def _verdict(paper: Paper, move: str, actor: Actor, at: datetime) -> Verdict:
    [verdicts] = engine.available([paper.subject], actor=actor, at=at)
    found = next((verdict for verdict in verdicts if verdict.transition.name == move), None)
    if found is None:
        raise NotFound
    return found


def _tried(request: HttpRequest, paper: Paper, move: str, actor: Actor, at: datetime) -> DomainError | None:
    try:
        make_move(
            type(paper.subject),
            paper.subject.pk,
            move,
            actor=actor,
            at=at,
            comment=request.POST.get("comment", ""),
            version=version_in(request),
        )
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return error
    return None


def _reasons(verdict: Verdict, paper: Paper) -> tuple[Reason, ...]:
    left = [refusal for refusal in verdict.refusals if not refusal.fix.startswith("data.")]
    return reasons_of(left, places=lambda refusal: paper.places.get(refusal.fix, ""))


def _confirmation(request: HttpRequest, paper: Paper, verdict: Verdict, problems: list[Problem]) -> Confirmation:
    spec = verdict.transition
    fields = []
    if spec.comment != Comment.NONE:
        required = spec.comment == Comment.REQUIRED
        words = request.POST.get("comment", "")
        fields = [Field("comment", _("Reason"), "textarea", words, required=required, longest=LONGEST_COMMENT)]
    return Confirmation(
        title=f"{spec.label} · {paper.title}",
        consequences=(str(CONSEQUENCES.get((spec.flow, spec.name), "")),),
        button=spec.label,
        back=paper.url,
        fields=tuple(with_errors(fields, problems)),
        version=paper.subject.version,
        look="danger" if spec.name == "amend" else "primary",
    )
