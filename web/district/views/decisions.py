"""Decisions about one case: return it with every remark at once, recommend it, decline it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import CheckVerdict, Window
from nominations.models import Nomination
from nominations.operations.moves import OVERRIDE, make_move
from nominations.queries.district_review import Reviewed, review_shown
from nominations.rules.nomination import LONGEST_REMARK, RETURNABLE
from nominations.rules.windows import end_of
from web.acting import for_members
from web.dates import spell_end
from web.district import checks
from web.district.actions import place_of
from web.district.history import events_of, remarks_of
from web.district.paper import parts_of
from web.district.sections import SECTION_LABELS
from web.kit import Confirmation, Field, Link, Problem, Reason, problems_of, reasons_of, with_errors
from web.refused import status_of
from web.versions import version_in
from workflow import calendar, engine
from workflow.errors import NotFound
from workflow.judging import LONGEST_COMMENT, Verdict

RETURN = "return_for_correction"
CONSEQUENCES: dict[str, Sentence] = {
    "recommend": gettext_lazy(
        "The community goes to the city with your summary. The company, the reviewer and the city are told at once."
    ),
    "decline": gettext_lazy("The company is told your reason. Only the city can have the district decide again."),
    "rescind_recommendation": gettext_lazy(
        "The case comes back to the district. A summary that was approved becomes a draft again; its seal is void."
    ),
}


@for_members
def move(request: HttpRequest, nomination_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask about a move of the case, and make it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    verdict = _verdict(nomination, move, actor, at)
    shown = review_shown(nomination)
    if move == RETURN:
        return _return(request, shown, verdict, actor, at)
    return _decide(request, shown, verdict, actor, at)


def _verdict(nomination: Any, move: str, actor: Actor, at: datetime) -> Verdict:
    """Return the verdict on a move of the district's own; raises ``NotFound`` for any other."""
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    found = next((verdict for verdict in verdicts if verdict.transition.name == move), None)
    if found is None:
        raise NotFound
    return found


def _decide(request: HttpRequest, shown: Reviewed, verdict: Verdict, actor: Actor, at: datetime) -> HttpResponse:
    name = verdict.transition.name
    override = request.POST.get(OVERRIDE, "").strip()
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        payload = {OVERRIDE: override} if name == "recommend" and override else {}
        error = _tried(request, shown, (name, payload), actor=actor, at=at)
        if error is None:
            return redirect("web:district:case", shown.nomination.pk)
        problems, status = problems_of(error), status_of(error)
    page = {
        "shown": shown,
        "nomination": shown.nomination,
        "blockers": _blockers(verdict, shown),
        "unmet": [checks.shown(check) for check in shown.checks if not check.is_met],
        "confirmation": _confirmation(request, shown, verdict, problems),
        "problems": problems,
        "crumbs": _crumbs(shown.nomination, verdict.transition.label),
    }
    return render(request, "district/decide.html", page, status=status)


def _return(request: HttpRequest, shown: Reviewed, verdict: Verdict, actor: Actor, at: datetime) -> HttpResponse:
    noted = checks.remarks_noted(shown.checks) if request.method != "POST" else {}
    remarks = {name: request.POST.get(f"remark-{name}", noted.get(name, "")).strip() for name in RETURNABLE}
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        rows = [{"section": name, "remark": remark} for name, remark in remarks.items() if remark]
        problems = _faults_of(remarks)
        status = 422
        if not problems:
            error = _tried(request, shown, (RETURN, {"sections": rows}), actor=actor, at=at)
            if error is None:
                return redirect("web:district:case", shown.nomination.pk)
            problems, status = _at_remarks(error), status_of(error)
    nomination = shown.nomination
    parts = {part.name: part for part in parts_of(nomination.form, remarks_of(events_of(nomination)), {})}
    page = {
        "shown": shown,
        "nomination": nomination,
        "blockers": _blockers(verdict, shown),
        "sections": [
            {"part": parts.get(name), "field": field}
            for name, field in zip(RETURNABLE, with_errors(_remark_fields(remarks), problems), strict=True)
        ],
        "comment": with_errors([_comment(request, verdict)], problems)[0],
        "unmet": [checks.shown(check) for check in shown.checks if check.verdict == CheckVerdict.NOT_MET],
        "has_noted": bool(noted),
        "left": nomination.campaign.corrections_allowed - nomination.corrections,
        "due": _correction_due(nomination, at),
        "problems": problems,
        "crumbs": _crumbs(nomination, verdict.transition.label),
    }
    return render(request, "district/return.html", page, status=status)


def _tried(
    request: HttpRequest, shown: Reviewed, move: tuple[str, dict[str, Any]], *, actor: Actor, at: datetime
) -> DomainError | None:
    name, payload = move
    try:
        make_move(
            Nomination,
            shown.nomination.pk,
            name,
            actor=actor,
            at=at,
            comment=request.POST.get("comment", ""),
            payload=payload,
            version=version_in(request),
        )
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return error
    return None


def _blockers(verdict: Verdict, shown: Reviewed) -> tuple[Reason, ...]:
    """Return what no word on this page can mend."""
    left = [refusal for refusal in verdict.refusals if not refusal.fix.startswith("data.")]
    return reasons_of(left, places=lambda refusal: place_of(refusal, shown))


def _confirmation(request: HttpRequest, shown: Reviewed, verdict: Verdict, problems: Sequence[Problem]) -> Confirmation:
    spec = verdict.transition
    fields = [_comment(request, verdict)]
    needs_override = any(refusal.fix == f"data.{OVERRIDE}" for refusal in verdict.refusals)
    if spec.name == "recommend" and (needs_override or request.POST.get(OVERRIDE)):
        reasons = " ".join(r.sentence() for r in verdict.refusals if r.fix == f"data.{OVERRIDE}")
        fields.insert(0, _override(request, reasons))
    return Confirmation(
        title=spec.label,
        consequences=(str(CONSEQUENCES.get(spec.name, "")),),
        button=spec.label,
        back=reverse("web:district:case", args=[shown.nomination.pk]),
        fields=tuple(with_errors(fields, problems)),
        version=shown.nomination.version,
        look="primary" if spec.name == "recommend" else "danger",
    )


def _comment(request: HttpRequest, verdict: Verdict) -> Field:
    labels = {
        "recommend": _("Approver's comment"),
        RETURN: _("Summary of what is to be corrected"),
    }
    return Field(
        "comment",
        labels.get(verdict.transition.name, _("Reason")),
        "textarea",
        request.POST.get("comment", ""),
        required=True,
        longest=LONGEST_COMMENT,
    )


def _override(request: HttpRequest, reasons: str) -> Field:
    return Field(
        OVERRIDE,
        _("Why recommended all the same"),
        "textarea",
        request.POST.get(OVERRIDE, ""),
        reasons,
        required=True,
        longest=LONGEST_REMARK,
    )


def _remark_fields(remarks: dict[str, str]) -> list[Field]:
    return [
        Field(f"remark-{name}", SECTION_LABELS[name], "textarea", remarks[name], rows=2, longest=LONGEST_REMARK)
        for name in RETURNABLE
    ]


def _faults_of(remarks: dict[str, str]) -> list[Problem]:
    if not any(remarks.values()):
        return [Problem(_("Say in at least one part what is to be corrected."), f"f-remark-{RETURNABLE[0]}")]
    sentence = _("At most %(limit)s characters; these are %(count)s.")
    return [
        Problem(sentence % {"limit": LONGEST_REMARK, "count": len(remark)}, f"f-remark-{name}")
        for name, remark in remarks.items()
        if len(remark) > LONGEST_REMARK
    ]


def _at_remarks(error: DomainError) -> list[Problem]:
    found = problems_of(error)
    return [Problem(p.sentence, f"f-remark-{RETURNABLE[0]}" if p.field == "f-sections" else p.field) for p in found]


def _correction_due(nomination: Any, at: datetime) -> str:
    due_at = calendar.load().due_after(at, nomination.campaign.correction_working_days)
    return spell_end(min(due_at, end_of(nomination, Window.DISTRICT)), at)


def _crumbs(nomination: Any, title: Sentence) -> tuple[Link, ...]:
    return (
        Link(_("Cases of the district"), reverse("web:district:queue")),
        Link(nomination.community.name, reverse("web:district:case", args=[nomination.pk]), "zh-Hans"),
        Link(title, ""),
    )
