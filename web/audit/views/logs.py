"""The logs beside the chain: who tried to sign in, who was given which role, and what left the product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import SignInOutcome
from accounts.models import SIGN_INS_KEPT_DAYS, ExportRecord
from common.refusals import Sentence
from nominations.queries.audit import exports_audited_by, grants_audited_by, sign_ins_audited_by
from web import looks
from web.acting import for_members
from web.audit.forms import Period, period_of, sign_in_fields, text_of
from web.audit.words import EXPORTS, method_of
from web.paging import page_of_rows
from web.refused import UNPROCESSABLE
from web.tables import MOST_ROWS, Table, hand_out

SIGN_INS_HEAD: tuple[Sentence, ...] = (
    _("When"),
    _("Account"),
    _("Person"),
    _("Outcome"),
    _("By what"),
    _("From where"),
    _("Browser"),
)
GRANTS_HEAD: tuple[Sentence, ...] = (
    _("When"),
    _("Person"),
    _("Account"),
    _("Role"),
    _("Office"),
    _("What happened"),
    _("By"),
    _("Reason"),
)
EXPORTS_HEAD: tuple[Sentence, ...] = (
    _("When"),
    _("What"),
    _("Rows"),
    _("Narrowed to, or case"),
    _("Kind"),
    _("By whom"),
    _("Office"),
    _("Reason"),
)
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
        row.means = method_of(row.method)
    page = {
        "page": shown,
        "fields": sign_in_fields(request.GET, period.problems),
        "problems": period.problems,
        "kept_days": SIGN_INS_KEPT_DAYS,
        "at": at,
    }
    return render(request, "audit/sign_ins.html", page, status=UNPROCESSABLE if period.problems else None)


@for_members
def sign_ins_table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the attempts to sign in as they are narrowed, or hand them out as a workbook."""
    period = period_of(request.GET)
    found = (
        sign_ins_audited_by(actor).none() if period.problems else _narrowed(sign_ins_audited_by(actor), request, period)
    )
    rows = [_sign_in_cells(row) for row in found[:MOST_ROWS]]
    return _along(request, Table("sign-ins", _("Sign-ins"), "", SIGN_INS_HEAD, rows, "web:audit:sign-ins"), actor, at)


@for_members
def grants(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List what was granted and revoked, newest first."""
    rows, person = _grants(request, actor), text_of(request.GET, "person")
    return render(request, "audit/grants.html", {"page": page_of_rows(request, rows), "person": person, "at": at})


@for_members
def grants_table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the log of grants as it is narrowed, or hand it out as a workbook."""
    rows = [_grant_cells(row) for row in _grants(request, actor)[:MOST_ROWS]]
    return _along(request, Table("grants", _("Grants"), "", GRANTS_HEAD, rows, "web:audit:grants"), actor, at)


@for_members
def exports(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the files that left the product and the masked numbers that were shown, newest first."""
    person = text_of(request.GET, "person")
    page = page_of_rows(request, _exports(request, actor))
    lines = [(row, _what(row)) for row in page.object_list]
    return render(request, "audit/exports.html", {"page": page, "lines": lines, "person": person, "at": at})


@for_members
def exports_table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the log of exports as it is narrowed, or hand it out as a workbook."""
    rows = [_export_cells(row) for row in _exports(request, actor)[:MOST_ROWS]]
    return _along(request, Table("exports", _("Exports"), "", EXPORTS_HEAD, rows, "web:audit:exports"), actor, at)


def _along(request: HttpRequest, table: Table, actor: Actor, at: datetime) -> HttpResponse:
    back = f"{reverse(table.back)}?{request.GET.urlencode()}"
    return hand_out(request, replace(table, back=back), actor=actor, at=at)


def _grants(request: HttpRequest, actor: Actor) -> QuerySet[Any]:
    person = text_of(request.GET, "person")
    named = Q(membership__user__name__icontains=person) | Q(membership__user__username__iexact=person)
    rows = grants_audited_by(actor)
    return rows.filter(named | Q(membership__organization__name__icontains=person)) if person else rows


def _exports(request: HttpRequest, actor: Actor) -> QuerySet[Any]:
    person = text_of(request.GET, "person")
    rows = exports_audited_by(actor)
    named = Q(person__name__icontains=person) | Q(membership__organization__name__icontains=person)
    return rows.filter(named) if person else rows


def _sign_in_cells(row: Any) -> list[Any]:
    who = row.user.name if row.user else ""
    means = str(method_of(row.method))
    return [row.at, row.login, who, str(row.get_outcome_display()), means, row.address, row.agent]


def _grant_cells(row: Any) -> list[Any]:
    given, giver = row.membership, row.granted_by.name if row.granted_by else ""
    names = [given.user.name, given.user.username, str(given.get_role_display()), given.organization.name]
    return [row.at, *names, str(row.get_action_display()), giver, row.reason]


def _export_cells(row: Any) -> list[Any]:
    office = row.membership.organization.name
    kind = str(row.get_kind_display())
    return [row.at, str(_what(row)), row.rows, row.about, kind, row.person.name, office, row.reason]


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
