"""The summary desk (form 4): what is missing where, ranks, narrative columns, descriptions, seal, and its moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from attachments.downloads import respond
from attachments.models import Attachment
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import SummaryState
from nominations.models import RecommendationSummary
from nominations.operations import recommendation as verbs
from nominations.queries.recommendation import DESCRIPTION, ROW, Listed, Table, table_of
from nominations.rules.narrative import COLUMNS, FORM_4
from web import tables
from web.acting import for_members
from web.district.campaigns import beside, papers_of
from web.district.standing import standing_of
from web.district.ties import order_in, ties_of
from web.district.views.papers import Paper, actions_of, ask
from web.kit import Field, Link, Problem, Reason, problems_of, with_errors
from web.paging import page_of_rows
from web.refused import status_of
from web.versions import version_in
from web.way import turn_with
from workflow import calendar, engine
from workflow.errors import NotFound
from workflow.models import Event

TITLE = gettext_lazy("Recommendation summary (form 4)")
EDITABLE = {SummaryState.DRAFT, SummaryState.RETURNED}
# A workbook has rank and score apart, so that it can be sorted by each.
HEAD: tuple[Sentence, ...] = (
    gettext_lazy("Rank"),
    FORM_4["community"],
    gettext_lazy("Score"),
    FORM_4["place"],
    *COLUMNS.values(),
)


@for_members
def newest(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead to the summary of the newest campaign."""
    found = papers_of(RecommendationSummary, actor).first()
    if found is None:
        return render(request, "district/no_paper.html", {"title": TITLE})
    return redirect("web:district:summary", found.pk)


@for_members
def summary(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the summary."""
    return _page(request, summary_id, actor, at)


@for_members
def rank(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the recommended communities and compute their ranks."""
    version = version_in(request)
    return _done(
        request,
        summary_id,
        lambda: verbs.compute_ranks(summary_id=summary_id, actor=actor, at=at, version=version),
        actor=actor,
        at=at,
    )


@for_members
def order(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Put communities of one shared rank in the order that people have decided."""
    engine.find(RecommendationSummary, summary_id, actor=actor)
    return _done(
        request,
        summary_id,
        lambda: verbs.decide_order(
            summary_id=summary_id,
            row_ids=order_in(request),
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
            version=version_in(request),
        ),
        actor=actor,
        at=at,
        prefix="f-order-",
    )


@for_members
def prepare(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Put the table before the approver."""
    version = version_in(request)
    return _done(
        request,
        summary_id,
        lambda: verbs.prepare(summary_id=summary_id, actor=actor, at=at, version=version),
        actor=actor,
        at=at,
    )


@for_members
def seal(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive the sealed scan of the approved table."""
    engine.find(RecommendationSummary, summary_id, actor=actor)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, summary_id, actor, at, [Problem(_("Choose a file."), "f-seal-file")])
    digest = request.POST.get("content_digest", "")
    return _done(
        request,
        summary_id,
        lambda: verbs.attach_sealed_copy(
            summary_id=summary_id, upload=upload, content_digest=digest, actor=actor, at=at
        ),
        actor=actor,
        at=at,
        prefix="f-seal-",
    )


@for_members
def move(request: HttpRequest, summary_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask about a move of the summary, and make it."""
    return ask(request, _paper(engine.find(RecommendationSummary, summary_id, actor=actor)), move, actor=actor, at=at)


@for_members
def row(request: HttpRequest, summary_id: UUID, row_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one row with its narrative columns and descriptions, and save the columns."""
    found, listed = _row(summary_id, row_id, actor)
    if request.method != "POST":
        return _row_page(request, found, listed)
    texts = {name: request.POST.get(name, "") for name in COLUMNS if name in request.POST}
    try:
        verbs.edit_row(
            summary_id=summary_id, row_id=row_id, texts=texts, actor=actor, at=at, version=version_in(request)
        )
    except DomainError as error:
        return _row_refused(request, found, listed, error, texts=texts)
    return redirect(reverse("web:district:summary", args=[summary_id]))


@for_members
def describe(request: HttpRequest, summary_id: UUID, row_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive the description of one community, or set one aside."""
    found, listed = _row(summary_id, row_id, actor)
    upload, gone = request.FILES.get("file"), request.POST.get("remove", "")
    try:
        if gone:
            known = {str(one.pk): one.pk for one in listed.descriptions}
            verbs.remove_description(
                summary_id=summary_id, row_id=row_id, attachment_id=_known(gone, known), actor=actor, at=at
            )
        elif upload is not None:
            verbs.attach_description(summary_id=summary_id, row_id=row_id, upload=upload, actor=actor, at=at)
        else:
            return _row_page(request, found, listed, [Problem(_("Choose a file."), "f-file")], 422)
    except DomainError as error:
        return _row_refused(request, found, listed, error)
    return redirect(reverse("web:district:summary-row", args=[summary_id, row_id]) + "#descriptions")


@for_members
def printed(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the table as its paper (form 4)."""
    return render(request, "district/summary_print.html", _shown(request, summary_id, actor, at))


@for_members
def table(request: HttpRequest, summary_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Hand the table out as a workbook."""
    found = engine.find(RecommendationSummary, summary_id, actor=actor)
    listed = tables.Table(
        "summary", TITLE, found.campaign.title, HEAD, map(_cells, table_of(found).rows), _paper(found).url
    )
    return tables.hand_out(request, listed, actor=actor, at=at)


@for_members
def hand_out(
    request: HttpRequest, summary_id: UUID, attachment_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Hand out a description or the sealed copy, to be saved."""
    found = engine.find(RecommendationSummary, summary_id, actor=actor)
    rows = [row.pk for row in found.rows.all()]
    files = Attachment.objects.of_subjects(ROW, rows).present().filter(purpose=DESCRIPTION, pk=attachment_id)
    chosen = files.first() or Attachment.objects.present().filter(pk=found.sealed_copy_id).first()
    if chosen is None or chosen.pk != attachment_id:
        raise NotFound
    answer: Any = respond(chosen)
    return answer  # type: ignore[no-any-return]  # a streaming answer, which the stubs tell apart


def _page(
    request: HttpRequest,
    summary_id: UUID,
    actor: Actor,
    at: datetime,
    problems: list[Problem] | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    page = _shown(request, summary_id, actor, at) | {"problems": problems or []}
    return render(request, "district/summary.html", page, status=status if problems else 200)


def _shown(request: HttpRequest, summary_id: UUID, actor: Actor, at: datetime) -> dict[str, Any]:
    found = engine.find(RecommendationSummary, summary_id, actor=actor)
    table, paper = table_of(found), _paper(found)
    moves = ("approve", "amend", "submit")
    urls = {name: reverse("web:district:summary-move", args=[found.pk, name]) for name in moves}
    return {
        "summary": found,
        "table": table,
        "page": page_of_rows(request, table.rows),
        "ties": ties_of(request, table),
        "others": [{"case": case, "standing": standing_of(case)} for case in table.others],
        "is_editable": found.state in EDITABLE,
        "returned": _return_of(found),
        "turn": turn_with(found, at=at, calendar=calendar.load()),
        "actions": actions_of(paper, urls, actor=actor, at=at),
        "prepare_reasons": _prepare_reasons(found, table),
        "seal_upload": _seal_upload(found),
        "head": FORM_4.values(),
        "campaigns": beside(found, actor, "web:district:summary"),
        "crumbs": (Link(TITLE, ""),),
        "at": at,
    }


def _cells(listed: Listed) -> list[Any]:
    row, place = listed.row, listed.row.nomination.community
    texts = [getattr(row, name) for name in COLUMNS]
    return [
        row.rank,
        place.name,
        None if row.score is None else float(row.score),
        f"{place.subdistrict}{place.neighborhood}",
        *texts,
    ]


def _done(
    request: HttpRequest,
    summary_id: UUID,
    act: Callable[[], Any],
    *,
    actor: Actor,
    at: datetime,
    prefix: str = "f-",
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return _page(request, summary_id, actor, at, problems_of(error, prefix=prefix), status=status_of(error))
    return redirect("web:district:summary", summary_id)


def _paper(found: Any) -> Paper:
    url = reverse("web:district:summary", args=[found.pk])
    places = {
        "nominations": f"{url}#others",
        "rows": f"{url}#table",
        "prepare": f"{url}#doing",
        "sealed_copy": f"{url}#seal",
        "amend": reverse("web:district:summary-move", args=[found.pk, "amend"]),
    }
    return Paper(found, TITLE, url, (Link(TITLE, url),), places)


def _prepare_reasons(found: Any, table: Table) -> tuple[Reason, ...]:
    """Return why the table cannot be put before the approver yet; the same that the verb looks at, and more."""
    url = reverse("web:district:summary", args=[found.pk])
    reasons = []
    if not table.rows or not found.recommended == found.ranked_rows == found.all_rows:
        reasons.append(Reason(_("Compute the ranks first."), f"{url}#table"))
    lacking = sum(not listed.descriptions for listed in table.rows)
    if lacking:
        message = _("%(count)s communities still lack their description.")
        reasons.append(Reason(message % {"count": lacking}, f"{url}#table"))
    return tuple(reasons)


def _return_of(found: Any) -> Event | None:
    """Return the event by which the city sent the table back, as long as it is back."""
    if found.state != SummaryState.RETURNED:
        return None
    events = Event.objects.filter(flow=found.flow, subject_id=found.pk, to_state=SummaryState.RETURNED)
    return events.order_by("-sequence").first()


def _seal_upload(found: Any) -> dict[str, Any]:
    field = Field("file", _("Scan of the sealed table"), "file", hint=_("PDF or photograph, at most 20 MB."))
    return {
        "url": reverse("web:district:summary-seal", args=[found.pk]),
        "fields": [replace(field, prefix="seal-", required=True, accept="application/pdf,image/*")],
        "button": _("Upload the sealed copy"),
        "look": "",
        "hidden": [("content_digest", found.content_digest)],
    }


def _row(summary_id: UUID, row_id: UUID, actor: Actor) -> tuple[Any, Listed]:
    found = engine.find(RecommendationSummary, summary_id, actor=actor)
    for listed in table_of(found).rows:
        if listed.row.pk == row_id:
            return found, listed
    raise NotFound


def _row_refused(
    request: HttpRequest, found: Any, listed: Listed, error: DomainError, texts: Mapping[str, str] | None = None
) -> HttpResponse:
    if error.code in {"not_found", "wrong_role"}:
        raise error
    return _row_page(request, found, listed, problems_of(error), status_of(error), texts=texts)


def _row_page(
    request: HttpRequest,
    found: Any,
    listed: Listed,
    problems: list[Problem] | None = None,
    status: int = 200,
    *,
    texts: Mapping[str, str] | None = None,
) -> HttpResponse:
    is_editable = found.state in EDITABLE
    values = {name: getattr(listed.row, name) for name in COLUMNS} | dict(texts or {})
    fields = [
        Field(
            name,
            label,
            "textarea",
            values[name],
            required=True,
            longest=verbs.LONGEST_TEXT,
            rows=3,
            readonly=not is_editable,
        )
        for name, label in COLUMNS.items()
    ]
    url = reverse("web:district:summary", args=[found.pk])
    upload = {
        "url": reverse("web:district:summary-describe", args=[found.pk, listed.row.pk]),
        "fields": [Field("file", _("Description"), "file", hint=_("PDF, DOCX or photograph, at most 20 MB."))],
        "button": _("Upload the description"),
        "look": "",
        "hidden": [],
    }
    page = {
        "summary": found,
        "listed": listed,
        "fields": with_errors(fields, problems or []),
        "is_stale": status == 409,
        "stored": [(label, getattr(listed.row, name)) for name, label in COLUMNS.items()],
        "is_editable": is_editable,
        "upload": upload,
        "problems": problems or [],
        "crumbs": (Link(TITLE, url), Link(listed.row.nomination.community.name, "", "zh-Hans")),
    }
    return render(request, "district/summary_row.html", page, status=status)


def _known(key: str, known: Mapping[str, UUID]) -> UUID:
    if key not in known:
        raise NotFound
    return known[key]
