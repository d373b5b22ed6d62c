"""Writing the review: each part saves by itself, and what cannot be saved is shown again with every reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.errors import DomainError
from nominations.enums import CheckVerdict
from nominations.models import Nomination
from nominations.operations.district_review import attach_evidence, complete_review, reopen_review, save_review
from nominations.operations.inspection import attach_inspection_photo, record_inspections
from nominations.queries.district_review import review_shown
from web.acting import for_members
from web.district.actions import gap_reasons
from web.district.views.case import Typed, case_page
from web.kit import Confirmation, Field, Link, Problem, problems_of, with_errors
from web.refused import status_of
from web.versions import version_in
from workflow import engine
from workflow.errors import NotFound, StaleVersion

SECTIONS = ("requirements", "opinion", "inspections")
VERDICTS = (CheckVerdict.MET.value, CheckVerdict.NOT_MET.value, "")


@for_members
def save(request: HttpRequest, nomination_id: UUID, section: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Save one part of the review: a judgement, the opinion, an inspection."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    savers = {"requirements": _save_judgement, "opinion": _save_opinion, "inspections": _save_inspection}
    if section not in savers:
        raise Http404
    return savers[section](request, nomination, actor, at)


@for_members
def attach(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive a photo or a paper of the reviewer's own."""
    engine.find(Nomination, nomination_id, actor=actor)
    upload = request.FILES.get("file")
    if upload is None:
        return _refused(request, nomination_id, actor, at, [Problem(_("Choose a file."), "f-e-file")])
    try:
        attach_evidence(
            nomination_id=nomination_id,
            purpose=request.POST.get("purpose", ""),
            label=request.POST.get("label", "").replace("\x00", "")[:200],
            upload=upload,
            actor=actor,
            at=at,
        )
    except DomainError as error:
        return _answered(request, nomination_id, error, actor=actor, at=at, prefix="f-e-")
    return redirect(f"{_case(nomination_id)}#evidence")


@for_members
def complete(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then freeze the review and hand the case to the approver."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            complete_review(nomination_id=nomination_id, actor=actor, at=at, version=version_in(request))
        except DomainError as error:
            _raise_if_foreign(error)
            problems, status = problems_of(error), status_of(error)
        else:
            return redirect("web:district:case", nomination_id)
    else:
        status = 200
    shown = review_shown(nomination)
    page = {
        "nomination": nomination,
        "shown": shown,
        "gaps": gap_reasons(shown),
        "unmet": [check for check in shown.checks if check.verdict == CheckVerdict.NOT_MET],
        "unproven": [check for check in shown.checks if check.verdict == CheckVerdict.NEEDS_CITY_FIGURES],
        "problems": problems,
        "crumbs": _crumbs(nomination, _("Hand to the approver")),
    }
    return render(request, "district/complete.html", page, status=status)


@for_members
def reopen(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask for the reason, then send the completed review back to who wrote it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    reason = Field(
        "reason",
        _("Reason, as the reviewer reads it"),
        "textarea",
        request.POST.get("reason", ""),
        required=True,
        longest=1000,
    )
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        try:
            reopen_review(
                nomination_id=nomination_id,
                reason=request.POST.get("reason", ""),
                actor=actor,
                at=at,
                version=version_in(request),
            )
        except DomainError as error:
            _raise_if_foreign(error)
            problems, status = problems_of(error), status_of(error)
        else:
            return redirect("web:district:case", nomination_id)
    asked = Confirmation(
        _("Send the review back to the reviewer"),
        (_("The score sheet is opened again as a new version; what is written stays. The reviewer is told."),),
        _("Send back to the reviewer"),
        _case(nomination_id),
        tuple(with_errors([reason], problems)),
        nomination.version,
        "danger",
    )
    page = {"confirmation": asked, "problems": problems, "crumbs": _crumbs(nomination, asked.title)}
    return render(request, "kit/confirmation.html", page, status=status)


@for_members
def photograph(
    request: HttpRequest, nomination_id: UUID, inspection_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Receive a photo of an inspection of the case's community."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    known = {str(row.pk) for row in review_shown(nomination).inspections}
    if str(inspection_id) not in known:
        raise NotFound
    upload = request.FILES.get("file")
    if upload is None:
        return _refused(request, nomination_id, actor, at, [Problem(_("Choose a file."), "inspections")])
    try:
        attach_inspection_photo(inspection_id=inspection_id, upload=upload, actor=actor, at=at)
    except DomainError as error:
        return _answered(request, nomination_id, error, actor=actor, at=at)
    return redirect(f"{_case(nomination_id)}#inspections")


def _save_judgement(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> HttpResponse:
    number, note = request.POST.get("number", ""), request.POST.get("note", "")
    verdict = request.POST.get("verdict", "")
    if not (number.isdecimal() and len(number) < 4) or verdict not in VERDICTS:
        raise Http404
    row = {"number": int(number), "verdict": verdict, "note": note}
    try:
        save_review(
            nomination_id=nomination.pk,
            sections={"requirements": [row]},
            actor=actor,
            at=at,
            version=version_in(request),
        )
    except DomainError as error:
        _raise_if_foreign(error)
        problems = [Problem(problem.sentence, f"note-{number}") for problem in problems_of(error)]
        typed = Typed(notes=((int(number), note),), problems=problems, status=status_of(error))
        return case_page(request, nomination.pk, actor, at, typed)
    return redirect(f"{_case(nomination.pk)}#check-{number}")


def _save_opinion(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> HttpResponse:
    opinion = request.POST.get("opinion", "")
    try:
        save_review(
            nomination_id=nomination.pk,
            sections={"opinion": opinion},
            actor=actor,
            at=at,
            version=version_in(request),
        )
    except DomainError as error:
        _raise_if_foreign(error)
        stored = getattr(getattr(nomination, "review", None), "opinion", "")
        typed = Typed(
            opinion=opinion,
            problems=problems_of(error),
            stored_opinion=stored if isinstance(error, StaleVersion) else None,
            status=status_of(error),
        )
        return case_page(request, nomination.pk, actor, at, typed)
    return redirect(f"{_case(nomination.pk)}#review")


def _save_inspection(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> HttpResponse:
    """Enter an inspection, or the day on which what a known one had found was resolved."""
    names = ("id", "inspected_on", "findings", "resolved_on")
    row = {name: request.POST[name] for name in names if request.POST.get(name)}
    try:
        record_inspections(community_id=nomination.community_id, rows=[row], actor=actor, at=at)
    except DomainError as error:
        _raise_if_foreign(error)
        problems = [Problem(p.sentence, f"f-{p.field.rpartition('-')[2]}") for p in problems_of(error)]
        typed = Typed(inspection=tuple(row.items()), problems=problems, status=status_of(error))
        return case_page(request, nomination.pk, actor, at, typed)
    return redirect(f"{_case(nomination.pk)}#inspections")


def _answered(
    request: HttpRequest, nomination_id: UUID, error: DomainError, *, actor: Actor, at: datetime, prefix: str = "f-"
) -> HttpResponse:
    _raise_if_foreign(error)
    typed = Typed(problems=problems_of(error, prefix=prefix), status=status_of(error))
    return case_page(request, nomination_id, actor, at, typed)


def _refused(
    request: HttpRequest, nomination_id: UUID, actor: Actor, at: datetime, problems: list[Problem]
) -> HttpResponse:
    return case_page(request, nomination_id, actor, at, Typed(problems=problems, status=422))


def _raise_if_foreign(error: DomainError) -> None:
    """Let the frame answer what is not there and what is for another role."""
    if error.code in {"not_found", "wrong_role"}:
        raise error


def _case(nomination_id: UUID) -> str:
    return reverse("web:district:case", args=[nomination_id])


def _crumbs(nomination: Any, title: Any) -> tuple[Link, ...]:
    return (
        Link(_("Cases of the district"), reverse("web:district:queue")),
        Link(nomination.community.name, _case(nomination.pk), "zh-Hans"),
        Link(title, ""),
    )
