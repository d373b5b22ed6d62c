"""The logs beside the chain: who tried to sign in, who was given which role, and what left the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import Actor
from accounts.enums import SignInOutcome
from accounts.models import SIGN_INS_KEPT_DAYS, ExportRecord
from common.refusals import Sentence
from nominations.queries.audit import exports_audited_by, grants_audited_by, sign_ins_audited_by
from web import looks
from web.acting import for_members
from web.audit.forms import Period, period_of, sign_in_fields, text_of
from web.audit.words import EXPORTS
from web.paging import page_of_rows
from web.refused import UNPROCESSABLE

LOOKS = {
    SignInOutcome.SIGNED_IN: looks.PASS,
    SignInOutcome.WRONG_PASSWORD: looks.BACK,
    SignInOutcome.WRONG_CODE: looks.BACK,
    SignInOutcome.HELD_BACK: looks.BAD,
}


@for_members
def sign_ins(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List attempts to sign in, newest first, narrowed by what the address says."""
    period = period_of(request.GET)
    rows = _narrowed(sign_ins_audited_by(actor), request, period)
    shown = page_of_rows(request, rows.none() if period.problems else rows)
    for row in shown.object_list:
        row.tag = looks.tag(LOOKS[SignInOutcome(row.outcome)], row.get_outcome_display())
    page = {
        "page": shown,
        "fields": sign_in_fields(request.GET, period.problems),
        "problems": period.problems,
        "kept_days": SIGN_INS_KEPT_DAYS,
        "at": at,
    }
    return render(request, "audit/sign_ins.html", page, status=UNPROCESSABLE if period.problems else None)


@for_members
def grants(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List what was granted and revoked, newest first."""
    person = text_of(request.GET, "person")
    rows = grants_audited_by(actor)
    if person:
        named = Q(membership__user__name__icontains=person) | Q(membership__user__username__iexact=person)
        rows = rows.filter(named | Q(membership__organization__name__icontains=person))
    return render(request, "audit/grants.html", {"page": page_of_rows(request, rows), "person": person, "at": at})


@for_members
def exports(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the files that left the product and the masked numbers that were shown, newest first."""
    person = text_of(request.GET, "person")
    rows = exports_audited_by(actor)
    if person:
        rows = rows.filter(Q(person__name__icontains=person) | Q(membership__organization__name__icontains=person))
    page = page_of_rows(request, rows)
    lines = [(row, _what(row)) for row in page.object_list]
    return render(request, "audit/exports.html", {"page": page, "lines": lines, "person": person, "at": at})


def _narrowed(rows: Any, request: HttpRequest, period: Period) -> Any:
    outcome, person, address = (text_of(request.GET, name) for name in ("outcome", "person", "address"))
    if outcome:
        rows = rows.filter(outcome=outcome)
    if person:
        rows = rows.filter(Q(login__icontains=person) | Q(user__name__icontains=person))
    if address:
        rows = rows.filter(address__startswith=address)
    if period.since:
        rows = rows.filter(at__gte=period.since)
    return rows.filter(at__lt=period.before) if period.before else rows


def _what(row: ExportRecord) -> Sentence:
    return EXPORTS.get(row.subject, row.subject)
