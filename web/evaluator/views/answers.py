"""The evaluator's answer to an assignment: no conflict of interest, a conflict, or declined for a coded reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import ConflictKind, DeclineReason
from nominations.errors import InvalidInput
from nominations.models import Assignment
from nominations.operations.assignment import accept_assignment, decline_assignment, open_panel_sheet
from nominations.operations.conflict import declare_conflict
from web.acting import for_members
from web.evaluator import assigned
from web.kit import Confirmation, Field, Problem, problems_of, with_errors
from workflow.errors import NotFound

UNPROCESSABLE = 422
LONGEST = 500
KINDS = [(kind.value, kind.label) for kind in ConflictKind if kind != ConflictKind.NONE]
ABOUT = [
    ("community", gettext_lazy("The community")),
    ("company", gettext_lazy("The property service company")),
    ("authority", gettext_lazy("The district bureau")),
]


@for_members
def accept(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Accept, which declares that there is no conflict of interest, and open the sheet."""
    found = accept_assignment(assignment_id=assignment_id, actor=actor, at=at)
    open_panel_sheet(assignment_id=assignment_id, actor=actor, at=at)
    return redirect(assigned.address(found))


@for_members
def decline(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask why, and decline; a deputy takes over where there is one."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    posted, problems = request.POST, list[Problem]()
    if request.method == "POST":
        problems = _problems(lambda: _decline(found, posted, actor=actor, at=at))
        if not problems:
            return _left(request, _("You have declined. The city bureau has been told."))
    fields = [
        Field("reason", _("Reason"), "radio", posted.get("reason", ""), choices=DeclineReason.choices, required=True),
        Field("note", _("Note"), "textarea", posted.get("note", ""), longest=LONGEST),
    ]
    words = Words(
        _("Decline"),
        _("Decline this community"),
        _("Somebody else will score it. What you have noted on the sheet no longer counts."),
        _("Decline"),
    )
    return _asked(request, found, words, fields, problems)


@for_members
def conflict(request: HttpRequest, assignment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask what the relation is and to whom, and let the evaluator step back."""
    found = assigned.assignment_of(assignment_id, actor=actor)
    posted, problems = request.POST, list[Problem]()
    if request.method == "POST":
        problems = _problems(lambda: _declare(found, posted, actor=actor, at=at))
        if not problems:
            return _left(request, _("Your declaration is on record. You no longer score this community."))
    fields = [
        Field("kind", _("What is the relation?"), "radio", posted.get("kind", ""), choices=KINDS, required=True),
        Field("about", _("To whom?"), "radio", posted.get("about", ""), choices=ABOUT, required=True),
        Field(
            "reason", _("In a few words"), "textarea", posted.get("reason", ""), required=True, longest=LONGEST,
            hint=_("Only the city bureau reads this."),
        ),
    ]  # fmt: skip
    words = Words(
        _("Conflict of interest"),
        _("Declare a conflict of interest"),
        _("You will no longer score it, and a sheet that you have handed in no longer counts."),
        _("Declare and step back"),
    )
    return _asked(request, found, words, fields, problems)


@dataclass(frozen=True, slots=True)
class Words:
    """What the page that asks once more says: in the way to it, above, and on the button."""

    here: str
    title: str
    consequence: str
    button: str


def _decline(found: Assignment, posted: QueryDict, **who: Any) -> None:
    reason = _choice(posted.get("reason", ""), DeclineReason.values, "reason")
    decline_assignment(assignment_id=found.pk, reason=DeclineReason(reason), note=posted.get("note", ""), **who)


def _declare(found: Assignment, posted: QueryDict, **who: Any) -> None:
    kind = _choice(posted.get("kind", ""), [value for value, _label in KINDS], "kind")
    about = _choice(posted.get("about", ""), [value for value, _label in ABOUT], "about")
    reason = posted.get("reason", "")
    declare_conflict(assignment_id=found.pk, kind=ConflictKind(kind), about=about, reason=reason, **who)


def _problems(act: Callable[[], None]) -> list[Problem]:
    try:
        act()
    except NotFound:
        raise
    except DomainError as error:
        return problems_of(error)
    return []


def _asked(
    request: HttpRequest, found: Assignment, words: Words, fields: list[Field], problems: list[Problem]
) -> HttpResponse:
    confirmation = Confirmation(
        title=words.title,
        consequences=(found.nomination.community.name, words.consequence),
        button=words.button,
        back=assigned.address(found),
        fields=tuple(with_errors(fields, problems)),
        look="danger",
    )
    page = {"confirmation": confirmation, "problems": problems, "crumbs": assigned.crumbs(found, words.here)}
    return render(request, "kit/confirmation.html", page, status=UNPROCESSABLE if problems else 200)


def _choice(value: str, choices: list[str], field: str) -> str:
    if value not in choices:
        raise InvalidInput(refusals=[Refusal("required", gettext_lazy("Choose one of these."), fix=field)])
    return value


def _left(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("web:evaluator:visits")
