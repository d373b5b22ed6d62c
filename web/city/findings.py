"""What a visit has found: the requirements of annex 1 on site, and what may exclude the community (row S-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.errors import DomainError
from common.refusals import Refusal, Sentence
from nominations.enums import CheckVerdict, VetoKind
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Nomination, Requirement, VetoFinding, Visit
from nominations.operations import visit as visits
from nominations.queries.visit import findings_to_settle, visits_visible_to
from web.acting import for_members
from web.city.asking import answered
from web.city.case import crumbs_of
from web.kit import Action, Confirmation, Field, Problem, problems_of, with_errors
from web.refused import status_of
from workflow import engine
from workflow.errors import NotFound

JUDGED: Sequence[tuple[str, Sentence]] = (
    ("", _("Not looked at")),
    *((one.value, one.label) for one in (CheckVerdict.MET, CheckVerdict.NOT_MET)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of annex 1 with its two blanks."""

    number: int
    text: str
    verdict: Field
    note: Field


@for_members
def record(request: HttpRequest, visit_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Enter what a recorded visit has found."""
    found = visits_visible_to(actor).recorded().filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if request.method != "POST":
        return _page(request, found, actor)
    try:
        visits.record_findings(
            visit_id=found.pk, checks=_checks(request, found), vetoes=_vetoes(request), actor=actor, at=at
        )
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return _page(request, found, actor, error)
    return redirect(reverse("web:city:case", args=[found.nomination_id]) + "?part=evaluation")


@for_members
def settle(request: HttpRequest, finding_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Decide on what a visit has found: say why it does not exclude the community, or go on to record that it does."""
    finding = findings_to_settle(actor).filter(pk=finding_id).first()
    if finding is None:
        raise NotFound
    case = engine.find(Nomination, finding.visit.nomination_id, actor=actor)
    asked = Confirmation(
        _("Settle the finding"),
        (),
        _("It does not exclude the community"),
        reverse("web:city:case", args=[case.pk]) + "?part=evaluation",
        (Field("reason", _("Why it does not exclude the community"), "textarea", required=True, longest=1000),),
    )
    if request.method != "POST":
        return render(request, "city/finding.html", _finding_page(finding, case, asked, actor))
    return answered(
        request,
        asked,
        crumbs_of(case, linked=True),
        lambda: visits.dismiss_finding(
            finding_id=finding.pk, reason=request.POST.get("reason", ""), actor=actor, at=at
        ),
    )


def _finding_page(finding: VetoFinding, case: Any, asked: Confirmation, actor: Actor) -> dict[str, Any]:
    photo = Attachment.objects.present().filter(pk=finding.photo_id).first()
    return {
        "confirmation": asked,
        "crumbs": crumbs_of(case, linked=True),
        "finding": finding,
        "nomination": case,
        "photo": photo,
        "settles": actor.role == Role.CITY_REVIEWER,
        "exclude": Action(
            "veto", _("Record an excluding event"), reverse("web:city:veto", args=[case.pk]), icon="flag"
        ),
    }


def _checks(request: HttpRequest, visit: Visit) -> list[visits.Check]:
    """Return what was judged; a requirement that was not looked at is left as it is."""
    found = []
    for one in Requirement.objects.filter(campaign=visit.nomination.campaign_id).order_by("number"):
        verdict = request.POST.get(f"verdict-{one.number}", "")
        if verdict in CheckVerdict.values:
            found.append(visits.Check(one.number, CheckVerdict(verdict), request.POST.get(f"note-{one.number}", "")))
    return found


def _vetoes(request: HttpRequest) -> list[visits.Veto]:
    kind, note = request.POST.get("kind", ""), request.POST.get("veto_note", "")
    if not kind and not note.strip():
        return []
    if kind not in VetoKind.values:
        raise InvalidInput(refusals=[Refusal("required", _("Say what was found."), fix="kind")])
    try:
        photo = UUID(request.POST.get("photo", ""))
    except ValueError as error:
        message = _("Name the photo of this visit that shows it.")
        raise InvalidInput(refusals=[Refusal("evidence_missing", message, fix="photo")]) from error
    return [visits.Veto(VetoKind(kind), note, photo)]


def _page(request: HttpRequest, visit: Visit, actor: Actor, error: DomainError | None = None) -> HttpResponse:
    case = engine.find(Nomination, visit.nomination_id, actor=actor)
    problems = [_placed(problem, request, visit) for problem in problems_of(error)] if error else []
    page = {
        "visit": visit,
        "nomination": case,
        "lines": _lines(request, visit, problems),
        "fields": with_errors(_veto_fields(request), problems),
        "photos": [photo for photo in attached_to("visit", visit.pk) if photo.is_handed_out],
        "chosen": request.POST.get("photo", ""),
        "photo_error": next((one.sentence for one in problems if one.field == "f-photo"), ""),
        "problems": problems,
        "crumbs": crumbs_of(case, linked=True),
        "back": reverse("web:city:case", args=[case.pk]) + "?part=evaluation",
    }
    return render(request, "city/findings.html", page, status=status_of(error) if error else 200)


def _placed(problem: Problem, request: HttpRequest, visit: Visit) -> Problem:
    """Return the line of the summary with the blank on this page that it is about."""
    kind, _dash, rest = problem.field.removeprefix("f-").partition("-")
    place, _dash, name = rest.partition("-")
    if kind == "vetoes":
        return Problem(problem.sentence, {"note": "f-veto_note", "photo": "f-photo"}.get(name, ""))
    if kind == "checks":
        return Problem(problem.sentence, f"f-{name}-{_checks(request, visit)[int(place)].number}")
    return problem


def _lines(request: HttpRequest, visit: Visit, problems: Sequence[Problem]) -> list[Line]:
    known = {check.requirement_id: check for check in visit.checks.all()}
    lines = []
    for one in Requirement.objects.filter(campaign=visit.nomination.campaign_id).order_by("number"):
        check, number = known.get(one.pk), one.number
        verdict = request.POST.get(f"verdict-{number}", check.verdict if check else "")
        note = request.POST.get(f"note-{number}", check.note if check else "")
        fields = [
            Field(f"verdict-{number}", _("On site"), "select", verdict, choices=JUDGED, required=True),
            Field(f"note-{number}", _("What was found"), "text", note, longest=1000),
        ]
        lines.append(Line(number, one.text, *with_errors(fields, problems)))
    return lines


def _veto_fields(request: HttpRequest) -> list[Field]:
    kinds: list[tuple[str, Sentence]] = [("", _("Nothing of the kind")), *VetoKind.choices]
    return [
        Field(
            "kind",
            _("What may exclude the community"),
            "select",
            request.POST.get("kind", ""),
            choices=kinds,
            required=True,
            width="m",
        ),
        Field("veto_note", _("What was seen, and where"), "textarea", request.POST.get("veto_note", ""), longest=1000),
    ]
