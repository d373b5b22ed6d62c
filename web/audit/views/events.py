"""Events in the auditor's scope: a list narrowed in the address, one event with what it changed, and a file of many."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from accounts.operations import record_export
from common.refusals import Sentence
from common.request_id import request_id_of
from nominations.queries.audit import Subject, events_audited_by, hash_before, subjects_of
from web.acting import for_members
from web.audit.changes import changes_of, exact, lines_of
from web.audit.forms import event_fields, event_filter_of
from web.audit.words import FLOWS, label_of, state_of
from web.kit import Fact, Link
from web.paging import ROWS
from web.refused import UNPROCESSABLE
from web.tables import MOST_ROWS, Table, hand_out
from workflow.models import Event

MOST = 50_000
COLUMNS = (
    "id", "stream_id", "position", "flow", "subject_id", "sequence", "kind", "name", "from_state", "to_state", "at",
    "actor_id", "actor_name", "actor_role", "organization_id", "organization_name", "comment", "changes", "documents",
    "payload", "request_id", "declaration", "digest", "hash",
)  # fmt: skip
HEAD: tuple[Sentence, ...] = (
    gettext_lazy("When"),
    gettext_lazy("About"),
    gettext_lazy("Number"),
    gettext_lazy("Kind"),
    gettext_lazy("What happened"),
    gettext_lazy("Office"),
    gettext_lazy("Person"),
    gettext_lazy("Reason"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the list shows it."""

    event: Event
    label: Sentence
    subject: Subject
    flow: Sentence


@for_members
def index(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List events, newest first, narrowed by what the address says; older ones by a key, not by counting."""
    wanted, problems = event_filter_of(request.GET)
    found = [] if problems else list(_older(events_audited_by(actor, wanted), request)[: ROWS + 1])
    page = {
        "lines": _lines(found[:ROWS]),
        "fields": event_fields(request.GET, actor, problems),
        "problems": problems,
        "older": found[ROWS - 1].pk if len(found) > ROWS else None,
        "is_narrowed": any(value for name, value in request.GET.items() if name != "before"),
        "most": MOST,
        "at": at,
    }
    return render(request, "audit/events.html", page, status=UNPROCESSABLE if problems else None)


@for_members
def show(request: HttpRequest, event_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one link of its chain: who did what when, what it changed, and how it hangs on the link before."""
    found = events_audited_by(actor).select_related("stream").filter(pk=event_id).first()
    if found is None:
        raise Http404
    [line] = _lines([found])
    beside = events_audited_by(actor).filter(stream=found.stream_id)
    page = {
        "line": line,
        "facts": _facts(line),
        "changes": changes_of(found.changes),
        "payload": lines_of(found.payload),
        "documents": lines_of(found.documents),
        "hash_before": hash_before(found),
        "earlier": beside.filter(position=found.position - 1).values_list("pk", flat=True).first(),
        "later": beside.filter(position=found.position + 1).values_list("pk", flat=True).first(),
        "crumbs": [Link(_("Events"), reverse("web:audit:events")), Link(f"{found.stream.name} {found.position}", "")],
        "at": at,
    }
    return render(request, "audit/event.html", page)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the events that the list shows, or hand them out as a workbook."""
    wanted, problems = event_filter_of(request.GET)
    back = f"{reverse('web:audit:events')}?{request.GET.urlencode()}"
    if problems:
        return redirect(back)
    lines = _lines(list(events_audited_by(actor, wanted)[:MOST_ROWS]))
    listed = Table("events", _("Events"), "", HEAD, map(_cells, lines), back)
    return hand_out(request, listed, actor=actor, at=at)


def _cells(line: Line) -> list[Any]:
    one, subject = line.event, line.subject
    return [
        one.at,
        subject.title,
        subject.number,
        str(line.flow),
        str(line.label),
        one.organization_name,
        one.actor_name,
        one.comment,
    ]


@for_members
def export(request: HttpRequest, *, actor: Actor, at: datetime) -> Any:
    """Hand out the events that the list shows, at most 50,000, and write down that it was done."""
    wanted, problems = event_filter_of(request.GET)
    if problems:
        return redirect(f"{reverse('web:audit:events')}?{request.GET.urlencode()}")
    found = events_audited_by(actor, wanted).select_related("stream")[:MOST]
    record_export(
        actor=actor,
        at=at,
        subject="events",
        rows=found.count(),
        about=request.GET.urlencode(),
        reason=request.POST.get("reason", ""),
        request_id=request_id_of(request),
    )
    as_json = request.POST.get("format") == "jsonl"
    kind, ending = ("application/x-ndjson", "jsonl") if as_json else ("text/csv; charset=utf-8", "csv")
    answer = StreamingHttpResponse(_json_lines(found) if as_json else _csv_lines(found), content_type=kind)
    name = f"events-{timezone.localtime(at):%Y%m%d-%H%M}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _older(found: Any, request: HttpRequest) -> Any:
    try:
        return found.filter(pk__lt=UUID(request.GET["before"]))
    except (KeyError, ValueError):
        return found


def _lines(found: list[Event]) -> list[Line]:
    subjects = subjects_of(found)
    return [
        Line(
            one,
            label_of(one.flow, one.name),
            subjects.get(one.subject_id, Subject(str(one.subject_id))),
            FLOWS.get(one.flow, one.flow),
        )
        for one in found
    ]


def _facts(line: Line) -> list[Fact]:
    one = line.event
    case = f"{reverse('web:audit:events')}?number={line.subject.number}" if line.subject.number else ""
    same = f"{reverse('web:audit:events')}?request_id={one.request_id}" if one.request_id else ""
    states = f"{state_of(one.flow, one.from_state)} → {state_of(one.flow, one.to_state)}"
    return [
        Fact(_("About"), f"{line.subject.title} {line.subject.number}".strip(), url=case),
        Fact(_("What it is about"), line.flow, lang=""),
        Fact(_("When"), exact(one.at), lang=""),
        Fact(_("Office"), one.organization_name or _("System")),
        Fact(_("Person and role"), f"{one.actor_name} {_role_of(one.actor_role)}"),
        Fact(_("State"), states if one.from_state != one.to_state else state_of(one.flow, one.to_state), lang=""),
        Fact(_("Reason or opinion"), one.comment or "—"),
        Fact(_("Request number"), one.request_id or "—", lang="", url=same),
    ]


def _role_of(role: str) -> Sentence:
    return Role(role).label if role in Role.values else role


def _plain(one: Event) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in COLUMNS}
    texts = {name: str(row[name]) for name in ("id", "stream_id", "subject_id")}
    office = str(one.organization_id) if one.organization_id else None
    return row | texts | {"stream": one.stream.name, "at": one.at.isoformat(), "organization_id": office}


def _json_lines(found: Iterable[Event]) -> Iterator[str]:
    for one in found:
        yield json.dumps(_plain(one), ensure_ascii=False) + "\n"


def _csv_lines(found: Iterable[Event]) -> Iterator[str]:
    """Yield the rows of a CSV that a spreadsheet opens rightly: with its mark of encoding, and nothing as a formula."""
    names = [*COLUMNS, "stream"]
    yield "\ufeff" + _csv_row(names)
    for one in found:
        row = _plain(one)
        yield _csv_row([_cell(row[name]) for name in names])


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv_row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
