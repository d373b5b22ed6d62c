"""One case as the city sees it: what the district found, how the evaluation stands, what can be done, what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments.downloads import respond
from attachments.models import Attachment
from common.masking import mask_phone
from common.refusals import Refusal, Sentence
from nominations.enums import NominationState as S
from nominations.models import Inspection, Nomination, RequirementCheck, Visit
from nominations.operations.district_review import EVIDENCE
from nominations.rules.form import SECTIONS, label_of
from web import looks
from web.acting import for_members
from web.city import journey, scoring
from web.city.access import OF_A_CASE
from web.city.words import consequences_of, look_of
from web.dates import spell_time, spell_written
from web.kit import Action, Fact, Link, Step, action_of
from web.moving import Wish, confirm
from web.records import KINDS, records_about
from web.timeline import told
from web.way import turn_of
from workflow import calendar, engine
from workflow.enums import Comment
from workflow.errors import NotFound

PARTS: Mapping[str, Sentence] = {
    "evaluation": _("Evaluation on site"),
    "review": _("District review"),
    "form": _("Form 3"),
    "files": _("Evidence"),
    "log": _("What has happened"),
}
# Made by the decision on a selection or by sending the report, never one by one.
ELSEWHERE = frozenset({"report"})
WORKS_WITH_NUMBERS = frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER})


@for_members
def show(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one part of a case beside what can be done with it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    wanted = request.GET.get("part", "")
    part = wanted if wanted in PARTS else _first_part(nomination)
    page = {
        "nomination": nomination,
        "part": part,
        "crumbs": crumbs_of(nomination),
        "turn": turn_of(nomination, at=at, calendar=calendar.load()),
        "steps": journey.steps_of(nomination, at),
        "tabs": [Link(label, f"?part={name}", is_here=name == part) for name, label in PARTS.items()],
        "actions": actions_of(nomination, actor, at),
        "template": f"city/case_{part}.html",
        "at": at,
    }
    return render(request, "city/case.html", page | SHOWN[part](nomination, actor, at))


@for_members
def move(request: HttpRequest, nomination_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more before a move of a case, and make it."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    if move in ELSEWHERE:
        raise NotFound
    wish = Wish(
        nomination,
        move,
        nomination.community.name,
        reverse("web:city:case", args=[nomination.pk]),
        consequences_of(Nomination.flow, move),
        look=look_of(Nomination.flow, move),
        crumbs=tuple(crumbs_of(nomination, linked=True)),
    )
    return confirm(request, wish, actor=actor, at=at)


@for_members
def file(request: HttpRequest, nomination_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> HttpResponseBase:
    """Hand out a file of the case: of its form, of the district's review, or of a visit."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    visits = Visit.objects.filter(nomination=nomination).values("pk")
    files = Attachment.objects.present().filter(pk=file_id)
    found = files.filter(subject_kind__in=(Nomination.flow, EVIDENCE), subject_id=nomination.pk).first()
    found = found or files.filter(subject_kind="visit", subject_id__in=visits).first()
    if found is None:
        raise NotFound
    return respond(found, small="small" in request.GET)


def actions_of(nomination: Any, actor: Actor, at: datetime) -> list[Action]:
    """Return what the actor may do with the case: its moves, and the acts beside them."""
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    moves = [
        action_of(
            verdict,
            reverse("web:city:case-move", args=[nomination.pk, verdict.transition.name]),
            look=look_of(Nomination.flow, verdict.transition.name),
            places=lambda refusal: _place(refusal, nomination),
        )
        for verdict in verdicts
        if verdict.transition.comment != Comment.BY_SELECTION and verdict.transition.name not in ELSEWHERE
    ]
    return [*scoring.acts_on(nomination, actor), *moves]


def _place(refusal: Refusal, nomination: Any) -> str:
    """Return the page on which a reason against a move is mended, empty where it is not in the city's hand."""
    pages = {
        "visits": "web:city:visit-record",
        "discrepancy_decision": "web:city:discrepancy",
        "veto": "web:city:veto",
    }
    if refusal.fix in pages:
        return reverse(pages[refusal.fix], args=[nomination.pk])
    if refusal.fix == "extensions":
        query = f"?campaign={nomination.campaign_id}&nomination={nomination.pk}"
        return reverse("web:city:extension-new") + query
    if refusal.fix in {"assignments", "score-sheets"}:
        return f"{reverse('web:city:panels')}?campaign={nomination.campaign_id}"
    if refusal.fix == "summary":
        return reverse("web:city:summary", args=[nomination.summary_id])
    return ""


def _first_part(nomination: Any) -> str:
    before = {S.DRAFT, S.SUBMITTED, S.RETURNED, S.NOT_RECOMMENDED}
    return "review" if nomination.state in before else "evaluation"


def crumbs_of(nomination: Any, *, linked: bool = False) -> list[Link]:
    """Return where a page about the case stands; ``linked`` where it lies below the page of the case."""
    name = nomination.community.name
    url = reverse("web:city:case", args=[nomination.pk]) if linked else ""
    listed = f"{reverse('web:city:cases')}?campaign={nomination.campaign_id}"
    return [Link(_("Cases"), listed), Link(nomination.number or name, url, "zh-Hans")]


def _evaluation(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    return scoring.evaluation_of(nomination, actor)


def _review(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    review = getattr(nomination, "review", None)
    checks = RequirementCheck.objects.filter(review=nomination.pk).select_related("requirement")
    lines = [(check, looks.state_tag(check.verdict, check.get_verdict_display())) for check in checks]
    met = [line for line in lines if line[0].verdict == "met"]
    return {
        "review": review,
        "open_checks": [line for line in lines if line not in met],
        "met_checks": met,
        "groups": scoring.groups_of(review.sheet) if review is not None and review.sheet_id else [],
        "kinds": [_records(kind, nomination, actor) for kind in OF_A_CASE],
        "inspections": list(Inspection.objects.filter(community=nomination.community_id)[:10]),
    }


def _records(kind: str, nomination: Any, actor: Actor) -> dict[str, Any]:
    rows = KINDS[kind].model.objects.visible_to(actor).filter(**records_about(kind, nomination))
    return {
        "name": kind,
        "title": KINDS[kind].title,
        "records": [{"record": one, "url": reverse(f"web:city:{kind}-record", args=[one.pk])} for one in rows],
        "new": reverse(f"web:city:{kind}-new", args=[nomination.pk]) if actor.role == Role.CITY_REVIEWER else "",
    }


def _form(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    shows_numbers = actor.role in WORKS_WITH_NUMBERS
    sections = []
    for section in SECTIONS:
        values = nomination.form.get(section.name, {})
        facts = [
            Fact(label_of(field), _value(field, values[field.name], shows_numbers=shows_numbers))
            for field in section.fields
            if values.get(field.name) not in (None, "")
        ]
        sections.append({"name": section.name, "title": section.title, "facts": facts})
    return {"sections": sections}


def _value(field: Any, value: Any, *, shows_numbers: bool) -> Any:
    if field.kind == "boolean":
        return _("Yes") if value else _("No")
    if field.kind == "phone" and not shows_numbers:
        return mask_phone(value)
    if field.kind in {"date", "month"}:
        return spell_written(value)
    return scoring.COMMITTEES.get(value, value) if field.kind == "choice" else value


def _files(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    kinds = (Nomination.flow, EVIDENCE)
    files = (
        Attachment.objects.present()
        .filter(subject_kind__in=kinds, subject_id=nomination.pk)
        .order_by("subject_kind", "uploaded_at", "pk")
    )
    lines = [(one, looks.state_tag(one.state, one.get_state_display())) for one in files]
    return {"own": [line for line in lines if line[0].subject_kind == Nomination.flow],
            "evidence": [line for line in lines if line[0].subject_kind == EVIDENCE]}  # fmt: skip


def _log(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    lines = [
        Step(looks.BACK if one.comment and "return" in one.name else looks.PASS, one.label, "check",
             spell_time(one.at, at), one.organization_name, one.comment)
        for one in told(nomination)
    ]  # fmt: skip
    return {"log": [*lines[::-1]]}


SHOWN: Mapping[str, Callable[[Any, Actor, datetime], dict[str, Any]]] = {
    "evaluation": _evaluation,
    "review": _review,
    "form": _form,
    "files": _files,
    "log": _log,
}
