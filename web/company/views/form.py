"""One section of form 3: shown, saved by itself, saved as it is typed, and both sides shown when two people typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.digest import canonical_digest
from nominations.errors import InvalidInput
from nominations.models import Nomination, Requirement
from nominations.operations.nomination import save_sections
from nominations.queries.company import precheck_of, remarks_of
from nominations.rules import form as rules
from web.acting import for_members
from web.company import cases, forms
from web.company.prechecks import shown as precheck_shown
from web.kit import Problem, with_errors
from workflow import engine
from workflow.errors import StaleVersion

CONFLICT, UNPROCESSABLE = 409, 422
MINE, THEIRS = "mine", "theirs"
NUMBERS = {"figures": {1}, "party": {2}, "committee": {4}, "company": {6}, "practices": set(range(1, 9))}


@for_members
def section(request: HttpRequest, nomination_id: UUID, section: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show a section, and keep what is sent: as a whole by the button, as far as it can be kept while it is typed."""
    nomination, part = engine.find(Nomination, nomination_id, actor=actor), rules.section_named(section)
    if part is None:
        raise Http404
    if request.method != "POST":
        return _page(request, nomination, part, actor, at)
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return _typed(request, nomination, part, actor, at)
    return _sent(request, nomination, part, actor, at)


def _sent(request: HttpRequest, nomination: Any, part: rules.Section, actor: Actor, at: datetime) -> HttpResponse:
    values = _chosen(request, forms.values_in(part, request.POST))
    try:
        _save(request, nomination, part, values, actor=actor, at=at)
    except StaleVersion:
        return _conflict(request, nomination, part, values)
    except InvalidInput as error:
        problems = forms.problems_in(error.refusals, part)
        return _page(request, nomination, part, actor, at, typed=values, problems=problems)
    messages.success(request, _("“%(section)s” is saved.") % {"section": part.title})
    return redirect(_next(nomination, part))


def _typed(request: HttpRequest, nomination: Any, part: rules.Section, actor: Actor, at: datetime) -> HttpResponse:
    """Keep what can be kept of what is being typed, and say what cannot; nothing that was typed is thrown away."""
    values = forms.values_in(part, request.POST)
    _cleaned, refusals = rules.clean_section(part.name, values)
    unusable = {refusal.fix.rpartition(".")[2] for refusal in refusals}
    usable = {name: value for name, value in values.items() if name not in unusable}
    answer: dict[str, Any] = {"problems": forms.problems_in(refusals, part)}
    try:
        saved = _save(request, nomination, part, usable, actor=actor, at=at)
    except StaleVersion:
        answer |= {"conflict": True, "version": request.POST.get("version"), "base": request.POST.get("base")}
    except InvalidInput as error:
        answer["problems"] = forms.problems_in(error.refusals, part)
        answer |= {"version": nomination.version, "base": base_of(nomination, part)}
    else:
        answer |= {"saved_at": timezone.localtime(at), "version": saved.version, "base": base_of(saved, part)}
    answer["prechecks"] = _prechecks(nomination, part, actor, values)
    return render(request, "company/typed.html", answer | {"nomination": nomination, "part": part})


def _save(
    request: HttpRequest, nomination: Any, part: rules.Section, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Any:
    """Save over the version that was shown; what happened to other sections meanwhile is no conflict."""
    version = _number(request.POST.get("version", ""))
    if version != nomination.version and request.POST.get("base") == base_of(nomination, part):
        version = nomination.version
    return save_sections(nomination_id=nomination.pk, sections={part.name: values}, actor=actor, at=at, version=version)


def base_of(nomination: Any, part: rules.Section) -> str:
    """Return the digest of a section as it is stored: whoever typed over just that has overlooked nothing."""
    return canonical_digest(nomination.form.get(part.name, {}))


def _chosen(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without those for which the other side was chosen."""
    return {name: value for name, value in values.items() if request.POST.get(f"choice-{name}") != THEIRS}


def _conflict(request: HttpRequest, nomination: Any, part: rules.Section, values: Mapping[str, Any]) -> HttpResponse:
    stored = nomination.form.get(part.name, {})
    cleaned, _unusable = rules.clean_section(part.name, values)
    rows = []
    for field in part.fields:
        mine, theirs = cleaned.get(field.name, stored.get(field.name)), stored.get(field.name)
        if field.name in values and (mine or "") != (theirs or ""):
            shown = {"mine": forms.shown(field, mine), "theirs": forms.shown(field, theirs)}
            rows.append({"name": field.name, "label": rules.label_of(field), "value": request.POST[field.name]} | shown)
    page = {"nomination": nomination, "part": part, "rows": rows, "base": base_of(nomination, part)}
    page |= {"crumbs": cases.crumbs(nomination, part.title)}
    return render(request, "company/conflict.html", page, status=CONFLICT)


def _page(
    request: HttpRequest,
    nomination: Any,
    part: rules.Section,
    actor: Actor,
    at: datetime,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: list[Problem] | None = None,
) -> HttpResponse:
    values = {**nomination.form.get(part.name, {}), **(typed or {})}
    remarks = remarks_of(nomination) if nomination.state == "returned" else []
    asked = Requirement.objects.filter(campaign=nomination.campaign_id) if part.name == "practices" else ()
    returned = nomination.returned_form.get(part.name, {}) if nomination.returned_form else None
    fields = forms.fields_of(part, values, remarks=remarks, requirements=asked, returned=returned)
    place = rules.SECTION_NAMES.index(part.name) + 1
    page = {
        "nomination": nomination,
        "part": part,
        "fields": with_errors(fields, problems or []),
        "problems": problems,
        "remarks": forms.remarks_on_section(part, remarks),
        "prechecks": _prechecks(nomination, part, actor, typed or {}),
        "base": request.POST.get("base") or base_of(nomination, part),
        "version": request.POST.get("version") or nomination.version,
        "place": place,
        "whole": len(rules.SECTION_NAMES),
        "editable": cases.is_editable(nomination),
        "crumbs": cases.crumbs(nomination, part.title),
        "at": at,
    }
    return render(request, "company/section.html", page, status=UNPROCESSABLE if problems else 200)


def _prechecks(nomination: Any, part: rules.Section, actor: Actor, typed: Mapping[str, Any]) -> Any:
    numbers = NUMBERS.get(part.name)
    if not numbers:
        return []
    found = precheck_of(nomination.pk, actor=actor, sections={part.name: typed} if typed else None)
    return precheck_shown([pair for pair in found if pair[0].number in numbers], nomination.form)


def _next(nomination: Any, part: rules.Section) -> str:
    """Return the next section, and after the last one the evidence."""
    place = rules.SECTION_NAMES.index(part.name) + 1
    if place < len(rules.SECTION_NAMES):
        return cases.address(nomination, "section", rules.SECTION_NAMES[place])
    return cases.address(nomination, "evidence")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
